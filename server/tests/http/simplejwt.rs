//! mode: jwt
//! What clients of djangorestframework-simplejwt rely on, row by row. A new row is one line in one of the tables below.
//! `server/tests/interop` puts the same questions to the original.

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

/// What a client fills in, and where.
const FORMS: [(&str, &[&str]); 6] = [
    (OBTAIN, &["username", "password"]),
    (REFRESH, &["refresh"]),
    (VERIFY, &["token"]),
    (BLACKLIST, &["refresh"]),
    (SLIDING, &["username", "password"]),
    (SLIDE, &["token"]),
];

/// One request, in every way in which it may be written.
#[derive(Clone, Copy)]
struct Ask<'a> {
    method: &'a str,
    path: &'a str,
    authorization: Option<&'a str>,
    body: Sent<'a>,
}

#[derive(Clone, Copy)]
enum Sent<'a> {
    Nothing,
    /// As JSON, and where they are texts as either form.
    Fields(&'a Value),
    /// Of this media type, in these bytes.
    Raw(&'a str, &'a str),
}

/// What comes back. Of a body with tokens and ids, only that they are there.
#[derive(Debug, PartialEq)]
struct Told {
    status: StatusCode,
    challenge: String,
    allow: String,
    body: Value,
}

impl<'a> Ask<'a> {
    const fn post(path: &'a str, body: Sent<'a>) -> Self {
        Self { method: "POST", path, authorization: None, body }
    }

    const fn get(path: &'a str) -> Self {
        Self { method: "GET", path, authorization: None, body: Sent::Nothing }
    }

    const fn with(self, authorization: Option<&'a str>) -> Self {
        Self { authorization, ..self }
    }

    /// With and without the trailing slash, in every body type that can carry the fields.
    fn ways(&self) -> Vec<(String, Request<Body>)> {
        let bodies = match self.body {
            Sent::Nothing => vec![(None, String::new())],
            Sent::Raw(kind, text) => vec![(Some(kind), text.to_owned())],
            Sent::Fields(fields) => bodies(fields),
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

    /// Asks in every way, and wants the same answer each time.
    async fn expect(self, site: &Site, expected: &Told) {
        for (way, request) in self.ways() {
            assert_eq!(&told(site, request, expected).await, expected, "{way}");
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

async fn told(site: &Site, request: Request<Body>, expected: &Told) -> Told {
    let answer = site.client(Kind::Program).send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut body = if answer.body.is_empty() { Value::Null } else { answer.json() };
    if let Some(fields) = body.as_object_mut() {
        hide(fields);
        // Ours beside theirs: `reason` wherever something is refused; `detail` and `code` where the request itself is wrong. A
        // 401 has a `code` exactly where SimpleJWT has one, for that is what clients test for.
        let added: &[&str] = if answer.status == StatusCode::UNAUTHORIZED { &["reason"] } else { &["reason", "code"] };
        fields.retain(|name, _| expected.body.get(name).is_some() || !added.contains(&name.as_str()));
    }
    let challenges: Vec<_> =
        answer.headers.get_all(header::WWW_AUTHENTICATE).iter().map(|value| value.to_str().unwrap()).collect();
    Told {
        status: answer.status,
        // One, and no more: a client takes the first.
        challenge: challenges.join(", and "),
        allow: answer.header("allow").to_owned(),
        body,
    }
}

/// Every answer has its own tokens; and every parser its own words for what it could not read.
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

fn ok(body: Value) -> Told {
    Told { status: StatusCode::OK, challenge: String::new(), allow: String::new(), body }
}

fn bad_request(body: Value) -> Told {
    Told { status: StatusCode::BAD_REQUEST, ..ok(body) }
}

/// 401, where no token was shown.
fn unauthorized(body: Value) -> Told {
    Told { status: StatusCode::UNAUTHORIZED, challenge: r#"Bearer realm="api""#.to_owned(), ..ok(body) }
}

/// 401, where a token was shown.
fn refused(body: Value) -> Told {
    Told { challenge: r#"Bearer realm="api", error="invalid_token""#.to_owned(), ..unauthorized(body) }
}

/// The limits on attempts have tests of their own.
pub const UNLIMITED: [(&str, &str); 4] = [
    ("THROTTLE_ANON", "off"),
    ("THROTTLE_ACCOUNT", "off"),
    ("THROTTLE_ACCOUNT_TOTAL", "off"),
    ("THROTTLE_USER", "off"),
];

/// Sliding tokens are off by default.
pub const SLIDING_TOO: (&str, &str) = ("AUTH_TOKEN_CLASSES", "AccessToken SlidingToken");

async fn site(driver: Driver) -> Site {
    site_with(driver, &[]).await
}

async fn sliding_site(driver: Driver) -> Site {
    site_with(driver, &[SLIDING_TOO]).await
}

/// Behind a socket: a client without an `Idempotency-Key` is known again by its address.
async fn site_with(driver: Driver, settings: &[(&str, &str)]) -> Site {
    let mut site = Site::with_settings(driver, &[&UNLIMITED, settings].concat()).await;
    site.router = site.router.layer(Extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 5050)))));
    site
}

/// What a program does: JSON, and no memory.
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

/// Access and refresh token of a new sign-in.
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
