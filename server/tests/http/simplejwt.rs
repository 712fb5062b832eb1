//! mode: jwt
//! The contract with clients of djangorestframework-simplejwt, as tables. A new case is one row.
//! `server/tests/interop` sends the same requests to SimpleJWT.

mod claims;
mod protected;
mod requests;
mod settings;
mod tokens;

use std::net::SocketAddr;

use auth::testing::{Driver, PASSWORD};
use axum::{Extension, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::client::{Answer, Kind, Site};

const OBTAIN: &str = "/api/token/";
const REFRESH: &str = "/api/token/refresh/";
const VERIFY: &str = "/api/token/verify/";
const BLACKLIST: &str = "/api/token/blacklist/";
const SLIDING: &str = "/api/token/sliding/";
const SLIDE: &str = "/api/token/sliding/refresh/";
const ME: &str = "/api/me/";
const LOGOUT: &str = "/api/logout/";

/// The fields of each endpoint.
const FORMS: [(&str, &[&str]); 6] = [
    (OBTAIN, &["username", "password"]),
    (REFRESH, &["refresh"]),
    (VERIFY, &["token"]),
    (BLACKLIST, &["refresh"]),
    (SLIDING, &["username", "password"]),
    (SLIDE, &["token"]),
];

/// One request, which [`Case::ways`] writes in every possible way.
#[derive(Clone, Copy)]
struct Case<'a> {
    method: &'a str,
    path: &'a str,
    authorization: Option<&'a str>,
    body: Content<'a>,
}

#[derive(Clone, Copy)]
enum Content<'a> {
    Nothing,
    /// Fields, as JSON and, if all are texts, as both kinds of form.
    Fields(&'a Value),
    /// A media type and the body.
    Raw(&'a str, &'a str),
}

/// The answer. Tokens and ids in the body are replaced by placeholders.
#[derive(Debug, PartialEq)]
struct Reply {
    status: StatusCode,
    challenge: String,
    allow: String,
    body: Value,
}

impl<'a> Case<'a> {
    const fn post(path: &'a str, body: Content<'a>) -> Self {
        Self { method: "POST", path, authorization: None, body }
    }

    const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, authorization: None, body: Content::Nothing }
    }

    const fn with(self, authorization: Option<&'a str>) -> Self {
        Self { authorization, ..self }
    }

    /// With and without the trailing slash, in every body type that can carry the fields.
    fn ways(&self) -> Vec<(String, Request<Body>)> {
        let bodies = match self.body {
            Content::Nothing => vec![(None, String::new())],
            Content::Raw(kind, text) => vec![(Some(kind), text.to_owned())],
            Content::Fields(fields) => bodies(fields),
        };
        let mut ways = Vec::new();
        for path in [self.path, self.path.trim_end_matches('/')] {
            for (kind, body) in &bodies {
                let mut request = Request::builder().method(self.method).uri(path);
                if let Some(kind) = kind {
                    request = request.header(header::CONTENT_TYPE, *kind);
                }
                if let Some(text) = self.authorization {
                    request = request.header(header::AUTHORIZATION, HeaderValue::from_bytes(text.as_bytes()).unwrap());
                }
                let way = format!("{} {path} {} {body}", self.method, kind.unwrap_or("without a body"));
                ways.push((way, request.body(Body::from(body.clone())).unwrap()));
            }
        }
        ways
    }

    /// Sends the request in every way and expects the same answer each time.
    async fn expect(self, site: &Site, expected: &Reply) {
        for (way, request) in self.ways() {
            assert_eq!(&reply(site, request, expected).await, expected, "{way}");
        }
    }
}

fn bodies(fields: &Value) -> Vec<(Option<&'static str>, String)> {
    let json = (Some("application/json"), fields.to_string());
    let texts: Option<Vec<(&str, &str)>> =
        fields.as_object().and_then(|fields| fields.iter().map(|(k, v)| Some((k.as_str(), v.as_str()?))).collect());
    let Some(texts) = texts.filter(|texts| !texts.is_empty()) else { return vec![json] };
    let urlencoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&texts).finish();
    let part = |(name, text): &(&str, &str)| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let multipart = texts.iter().map(part).collect::<String>() + "--X--\r\n";
    vec![
        json,
        (Some("application/x-www-form-urlencoded"), urlencoded),
        (Some("multipart/form-data; boundary=X"), multipart),
    ]
}

async fn reply(site: &Site, request: Request<Body>, expected: &Reply) -> Reply {
    let answer = site.client(Kind::Program).send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut body = if answer.body.is_empty() { Value::Null } else { answer.json() };
    if let Some(fields) = body.as_object_mut() {
        hide(fields);
        // Ignore our additions: `reason` in every refusal, and `code` where the request itself is wrong. A 401 has a
        // `code` exactly where SimpleJWT has one, because clients test for it.
        let added: &[&str] = if answer.status == StatusCode::UNAUTHORIZED {
            &["reason", "end_reason"]
        } else {
            &["reason", "end_reason", "code"]
        };
        fields.retain(|name, _| expected.body.get(name).is_some() || !added.contains(&name.as_str()));
    }
    let challenges: Vec<_> =
        answer.headers.get_all(header::WWW_AUTHENTICATE).iter().map(|value| value.to_str().unwrap()).collect();
    Reply {
        status: answer.status,
        // There must be exactly one: a client reads only the first.
        challenge: challenges.join(", and "),
        allow: answer.header("allow").to_owned(),
        body,
    }
}

/// Replaces what differs in each answer: tokens, ids, and the text of a parse error.
fn hide(fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        let Value::String(text) = value else { continue };
        let hidden = match name.as_str() {
            "access" | "refresh" | "token" if text.split('.').count() == 3 => "a token",
            "id" if text.len() == 36 => "an id",
            "detail" if text.starts_with("JSON parse error - ") => "JSON parse error - …",
            _ => continue,
        };
        hidden.clone_into(text);
    }
}

fn ok(body: Value) -> Reply {
    Reply { status: StatusCode::OK, challenge: String::new(), allow: String::new(), body }
}

fn bad_request(body: Value) -> Reply {
    Reply { status: StatusCode::BAD_REQUEST, ..ok(body) }
}

/// 401 for a request without a token.
fn unauthorized(body: Value) -> Reply {
    Reply { status: StatusCode::UNAUTHORIZED, challenge: r#"Bearer realm="api""#.to_owned(), ..ok(body) }
}

/// 401 for a request with a token.
fn refused(body: Value) -> Reply {
    Reply { challenge: r#"Bearer realm="api", error="invalid_token""#.to_owned(), ..unauthorized(body) }
}

/// Switches throttling off. It has its own tests.
pub const UNLIMITED: [(&str, &str); 4] = [
    ("THROTTLE_ANON", "off"),
    ("THROTTLE_ACCOUNT", "off"),
    ("THROTTLE_ACCOUNT_TOTAL", "off"),
    ("THROTTLE_USER", "off"),
];

/// Switches sliding tokens on, which are off by default.
pub const SLIDING_TOO: (&str, &str) = ("AUTH_TOKEN_CLASSES", "AccessToken SlidingToken");

async fn site(driver: Driver) -> Site {
    site_with(driver, &[]).await
}

async fn sliding_site(driver: Driver) -> Site {
    site_with(driver, &[SLIDING_TOO]).await
}

/// A site whose requests have a peer address: a client without an `Idempotency-Key` is recognised by its address.
async fn site_with(driver: Driver, settings: &[(&str, &str)]) -> Site {
    let mut site = Site::with_settings(driver, &[&UNLIMITED, settings].concat()).await;
    site.router = site.router.layer(Extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 5050)))));
    site
}

/// Posts JSON as a program, without cookies or tokens.
async fn post(site: &Site, path: &str, fields: Value) -> Answer {
    site.client(Kind::Program).post(path, fields).await
}

async fn get_me(site: &Site, access: &str) -> Answer {
    let request = Request::get(ME).header(header::AUTHORIZATION, format!("Bearer {access}"));
    site.client(Kind::Program).send(request.body(Body::empty()).unwrap()).await
}

fn credentials(username: &str) -> Value {
    json!({"username": username, "password": PASSWORD})
}

/// The access token and the refresh token of a new sign-in.
pub async fn pair(site: &Site, username: &str) -> (String, String) {
    let answer = post(site, OBTAIN, credentials(username)).await;
    (text(&answer, "access"), text(&answer, "refresh"))
}

pub async fn sliding(site: &Site) -> String {
    text(&post(site, SLIDING, credentials("alice")).await, "token")
}

/// The successor of a refresh token.
async fn refreshed(site: &Site, refresh: &str) -> String {
    text(&post(site, REFRESH, json!({"refresh": refresh})).await, "refresh")
}

fn text(answer: &Answer, field: &str) -> String {
    answer.json()[field].as_str().unwrap_or_else(|| panic!("no {field}: {}", answer.body)).to_owned()
}
