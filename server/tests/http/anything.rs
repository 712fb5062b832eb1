//! Generators of arbitrary requests. Most contain a path, a header or a field that the server reads.

use auth::{ModeInfo, testing::PASSWORD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use crate::client::HOST;

/// A request as raw parts, which may be invalid.
#[derive(Clone, Debug)]
pub struct RawRequest {
    pub method: Method,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Requests to existing and unknown paths, with arbitrary headers and bodies. `known` headers occur among them.
pub fn any_request(
    modes: &[&'static ModeInfo],
    known: Vec<(HeaderName, HeaderValue)>,
) -> impl Strategy<Value = RawRequest> + use<> {
    let methods = prop_oneof![
        4 => Just(Method::POST),
        2 => Just(Method::GET),
        1 => select(vec![Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE, Method::CONNECT]),
    ];
    (methods, target(modes), headers(known), body()).prop_map(|(method, target, mut headers, (media_type, body))| {
        if let Some(media_type) = media_type {
            headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        }
        RawRequest { method, target, headers, body }
    })
}

/// One of the words, which are separated by spaces.
fn one_of(words: &'static str) -> impl Strategy<Value = String> + Clone {
    select(words.split(' ').map(str::to_owned).collect::<Vec<_>>())
}

/// An arbitrary part of a path or a query.
fn junk() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        "[a-z0-9._~!$&'()*+,;=:@%-]{0,9}",
        one_of("%ff %00 %c3%28 % .. ..%2f..%2fetc%2fpasswd {mode} * %2e%2e \u{e9}"),
        "[a-z]{250,300}",
    ]
}

fn target(modes: &[&'static ModeInfo]) -> impl Strategy<Value = String> + use<> {
    let ids: Vec<_> = modes.iter().map(|mode| mode.id.0.to_owned()).collect();
    let mode = prop_oneof![4 => select(ids), 1 => junk()];
    let of_mode = one_of(
        "login me rotate rotate/trial rotate/replay logout logout-all credentials credentials/end-others credentials/1/end audit /",
    );
    let of_api = one_of(
        "modes register account/logout-everywhere account/password fn/modes fn/cookie-sign-ins fn/credentials fn/activity fn/users \
         fn/all-activity fn/api-docs me logout token \
         token/refresh token/verify token/blacklist token/sliding token/sliding/refresh",
    );
    let of_none = one_of("/ /login /register /me /api-docs /logout /healthz /readyz /oauth/revoke /oauth/introspect");
    let path = prop_oneof![
        8 => (mode.clone(), of_mode).prop_map(|(mode, of_mode)| format!("/api/{mode}/{of_mode}")),
        4 => of_api.prop_map(|of_api| format!("/api/{of_api}")),
        2 => of_none,
        1 => (mode.clone(), junk()).prop_map(|(mode, id)| format!("/api/{mode}/credentials/{id}")),
        1 => (one_of("me account"), mode).prop_map(|(page, mode)| format!("/{page}/{mode}")),
        1 => (one_of("/ /api/ /pkg/ //"), vec(junk(), 1..4)).prop_map(|(root, junk)| root + &junk.join("/")),
    ];
    let said = one_of("everywhere immediate at-expiry 9223372036854775807 -9223372036854775808");
    let value = prop_oneof![junk(), "[!$-;=?-~]{0,9}", said];
    let parameter = (one_of("next error mode username done ended until before"), value)
        .prop_map(|(name, value)| format!("{name}={value}"));
    let query = vec(parameter, 1..4).prop_map(|all| format!("?{}", all.join("&")));
    let slash = select(vec!["", "", "/", "//"]);
    (path, slash, option::weighted(0.2, query))
        .prop_map(|(path, slash, query)| path + slash + &query.unwrap_or_default())
}

fn headers(known: Vec<(HeaderName, HeaderValue)>) -> impl Strategy<Value = HeaderMap> {
    let name = one_of(
        "cookie authorization content-type accept origin host referer user-agent range if-none-match accept-encoding \
         content-length sec-fetch-site x-request-id x-forwarded-for",
    );
    let written = select(vec![
        "same-origin",
        "text/html",
        "Bearer ",
        "Basic Og==",
        "gzip, br",
        "bytes=0-",
        "0",
        HOST,
        ";;",
        "a=b",
    ]);
    let value = prop_oneof![
        1 => written.prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..30),
    ];
    let any = (name, value)
        .prop_map(|(name, value)| (HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(&value).unwrap()));
    vec(prop_oneof![2 => any, 1 => select(known)], 0..6).prop_map(HeaderMap::from_iter)
}

/// The text of a field.
fn text() -> impl Strategy<Value = String> {
    let known = vec!["", "alice", PASSWORD, "\0", "\u{202e}", "\r\nSet-Cookie: a=b", "' or 1=1 --"];
    prop_oneof![
        2 => select(known).prop_map(str::to_owned),
        1 => one_of("//evil.test /me \\ %ff <script> ../.. null lk_ eyJhbGciOiJub25lIn0.e30."),
        1 => any::<String>(),
        1 => "[a-z]{1,300}",
    ]
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![9 => one_of("username password refresh next mode token current new"), 1 => text()]
}

/// A body and its media type, if it has one.
fn body() -> impl Strategy<Value = (Option<&'static str>, Vec<u8>)> {
    const JSON: Option<&str> = Some("application/json");
    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
    const MULTIPART: Option<&str> = Some("multipart/form-data; boundary=X");

    let value = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => select(vec![json!(null), json!(true), json!([[[{}]]])]),
    ];
    let object = vec((field(), value), 0..6)
        .prop_map(|fields| (JSON, Value::Object(Map::from_iter(fields)).to_string().into_bytes()));
    let pairs = || vec((field(), text()), 0..6);
    let form = pairs().prop_map(|pairs| {
        (FORM, form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish().into_bytes())
    });
    let multipart = pairs().prop_map(|pairs| {
        let part = |(name, text): &(String, String)| {
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        (MULTIPART, (pairs.iter().map(part).collect::<String>() + "--X--\r\n").into_bytes())
    });
    let media_type = select(vec![None, JSON, FORM, MULTIPART, Some("multipart/form-data"), Some("text/plain")]);
    let bytes = prop_oneof![2 => vec(any::<u8>(), 0..50), 1 => Just(vec![b'a'; 70_000])];
    prop_oneof![3 => object, 3 => form, 2 => multipart, 3 => (media_type, bytes)]
}
