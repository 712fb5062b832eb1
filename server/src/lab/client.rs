//! A client of a sandbox: a browser that keeps cookies, and a page that keeps tokens in its memory.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
};

use app::lab::{Exchange, Holding, Text};
use auth::{ModeInfo, Recording, Stopwatch, Timestamp, Transport};
use axum::{Router, body::Body, extract::ConnectInfo};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use cookie::Cookie;
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;

use super::{
    ask::{Ask, Defence, Site},
    har::Requests,
    mask, work,
};

/// The origin of the sandbox's pages. The client is a page of this origin.
pub const ORIGIN: &str = "https://lab.example";
/// Bytes. Every answer of the API is smaller.
const BODY_MAX_BYTES: usize = 256 * 1024;
/// The members of a body that contain a credential.
const TOKENS: [&str; 2] = ["token", "access"];

/// One browser, signed in by one mode at most.
#[derive(Clone)]
pub struct Client {
    mode: &'static ModeInfo,
    cookies: BTreeMap<String, StoredCookie>,
    /// The bearer token in the memory of the page.
    token: Option<String>,
    /// Whether it sends a cookie after its expiry, as a thief does.
    ignores_expiry: bool,
    /// Where its requests are recorded.
    requests: Requests,
}

#[derive(Clone, PartialEq, Eq)]
struct StoredCookie {
    value: String,
    attributes: String,
    expires_at: Option<Timestamp>,
}

impl StoredCookie {
    fn has(&self, attribute: &str) -> bool {
        self.attributes.split("; ").any(|has| has == attribute)
    }
}

/// The answer, and the record of the exchange.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub exchange: Exchange,
}

impl Client {
    /// A browser without a credential.
    pub fn new(mode: &'static ModeInfo, requests: Requests) -> Self {
        Self { mode, cookies: BTreeMap::new(), token: None, ignores_expiry: false, requests }
    }

    /// The mode by which it signs in.
    pub fn mode(&self) -> &'static ModeInfo {
        self.mode
    }

    /// Sends a request through the complete router of the sandbox and keeps what the answer sets.
    pub async fn send(&mut self, router: &Router, ask: Ask, now: Timestamp) -> Result<Answer, auth::AuthError> {
        let request_line = format!("{} {}", ask.method, ask.path);
        let request_body = ask.body.as_ref().map(mask::body);
        let request = self.request(&ask, now)?;
        let request_headers = mask::request_headers(request.headers());
        let bytes_up = work::credential_bytes(request.headers());
        let (recording, watch) = (Recording::default(), Stopwatch::start());
        let Ok(response) = recording.of(router.clone().oneshot(request)).await;
        let time = watch.elapsed();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let bytes_down = self.keep(&head.headers, &body, now);
        let exchange = Exchange {
            by_thief: self.ignores_expiry,
            request_line,
            request_headers,
            request_body,
            status: head.status.as_u16(),
            response_headers: mask::response_headers(&head.headers),
            response_body: (!body.is_null()).then(|| mask::body(&body)),
            cost: work::of(&recording, bytes_up, bytes_down, time),
        };
        self.requests.add(now, &exchange);
        Ok(Answer { status: head.status, headers: head.headers, body, exchange })
    }

    fn request(&self, ask: &Ask, now: Timestamp) -> Result<Request<Body>, auth::AuthError> {
        // A browser does not ask before it sends this type, and every other type for JSON it does.
        let form = "application/x-www-form-urlencoded";
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(&ask.path)
            .header(header::HOST, ORIGIN.trim_start_matches("https://"))
            .header(header::USER_AGENT, "Latchkey lab")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, if ask.body.is_some() { "application/json" } else { form })
            .header("sec-fetch-site", ask.claimed().fetch_metadata())
            .extension(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 1))));
        if let Some(key) = &ask.key {
            request = request.header("idempotency-key", key);
        }
        let cookies: Vec<_> = self
            .live(now)
            .filter(|(_, cookie)| !ask.is_cross_site() || !cookie.has("SameSite=Lax"))
            .map(|(name, cookie)| format!("{name}={}", cookie.value))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(token) = self.token.as_ref().filter(|_| ask.from == Site::Own) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = ask.body.as_ref().map_or_else(Body::empty, |body| Body::from(body.to_string()));
        request.body(body).map_err(|_| auth::AuthError::Internal("a request of the lab is invalid"))
    }

    /// The cookies that it sends.
    fn live(&self, now: Timestamp) -> impl Iterator<Item = (&String, &StoredCookie)> {
        let sends = move |cookie: &StoredCookie| self.ignores_expiry || cookie.expires_at.is_none_or(|at| at > now);
        self.cookies.iter().filter(move |(_, cookie)| sends(cookie))
    }

    /// Keeps the credential of an answer, and returns its bytes.
    fn keep(&mut self, headers: &HeaderMap, body: &Value, now: Timestamp) -> usize {
        let mut bytes = 0;
        for text in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let Ok(cookie) = Cookie::parse(text.to_owned()) else { continue };
            // The name of a marker of the mode begins with that of its cookie. Other cookies are preferences.
            if !self.mode.cookie.is_some_and(|name| cookie.name().starts_with(name)) {
                continue;
            }
            bytes += text.len();
            let seconds = cookie.max_age().map(cookie::time::SignedDuration::whole_seconds);
            if seconds.is_some_and(|seconds| seconds <= 0) {
                self.cookies.remove(cookie.name());
                continue;
            }
            let stored = StoredCookie {
                value: cookie.value().to_owned(),
                attributes: text.split_once(';').map_or("", |(_, attributes)| attributes.trim()).to_owned(),
                expires_at: seconds.map(|seconds| now.plus(auth::Seconds(seconds))),
            };
            self.cookies.insert(cookie.name().to_owned(), stored);
        }
        if self.mode.transport == Transport::Bearer
            && let Some(token) = TOKENS.iter().find_map(|name| body.get(name)?.as_str())
        {
            bytes += token.len();
            self.token = Some(token.to_owned());
        }
        bytes
    }

    /// The credential that a rotation replaces: the cookie, or the token.
    pub fn renewable(&self) -> Option<&str> {
        let cookie = self.mode.cookie.and_then(|name| self.cookies.get(name));
        cookie.map(|cookie| cookie.value.as_str()).or(self.token.as_deref())
    }

    /// Deletes its cookies, as a user does in the browser's settings.
    pub fn delete_cookies(&mut self) {
        self.cookies.clear();
    }

    /// The token in the memory of the page.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Replaces the token in the memory of the page. After a logout, the page forgets it.
    pub fn set_token(&mut self, token: Option<String>) {
        self.token = token;
    }

    /// A client with copies of the credentials, which obeys no expiry.
    pub fn stolen(&self, now: Timestamp) -> Self {
        let cookies = self.live(now).map(|(name, cookie)| (name.clone(), cookie.clone())).collect();
        Self { ignores_expiry: true, cookies, ..self.clone() }
    }

    /// A client without cookies of the owner's, which shows this text as the credential of a request.
    pub fn showing(mode: &'static ModeInfo, credential: String) -> Self {
        let mut client = Self { ignores_expiry: true, ..Self::new(mode, Requests::default()) };
        match (mode.transport, mode.cookie) {
            (Transport::Cookie, Some(name)) => client.plant(name, credential),
            _ => client.token = Some(credential),
        }
        client
    }

    /// A client with the credentials that an injected script can read in this one.
    pub fn readable(&self, without: Option<Defence>, now: Timestamp) -> Self {
        let mut copy = self.stolen(now);
        copy.cookies.retain(|_, cookie| without == Some(Defence::HttpOnly) || !cookie.has("HttpOnly"));
        copy
    }

    /// Sets a cookie, as an attacker does who can write but not read.
    pub fn plant(&mut self, name: &str, value: String) {
        self.cookies.insert(name.to_owned(), StoredCookie { value, attributes: String::new(), expires_at: None });
    }

    /// The credential that the server reads in a request for a page or for `/me`.
    pub fn shown(&self) -> Option<&str> {
        match self.mode.transport {
            Transport::Cookie => self.renewable(),
            Transport::Bearer => self.token.as_deref(),
        }
    }

    /// The unmasked values, to search a page for them.
    #[cfg(test)]
    pub fn secrets(&self) -> Vec<String> {
        self.cookies.values().map(|cookie| cookie.value.clone()).chain(self.token.clone()).collect()
    }

    /// Whether it holds no credential.
    pub fn is_empty(&self, now: Timestamp) -> bool {
        let has_cookie = self.live(now).any(|(name, _)| self.mode.cookie == Some(name.as_str()));
        !has_cookie && self.token.is_none()
    }

    /// What it holds. What is not in `before` is marked as changed.
    pub fn holdings(&self, before: &[Holding], now: Timestamp) -> Vec<Holding> {
        let holding = |place, value: &str, attributes| {
            let masked = mask::secret(value);
            Holding {
                place,
                changed: before.iter().all(|old| old.masked != masked),
                masked,
                bytes: value.len(),
                attributes,
                claims: claims(value),
            }
        };
        let token = self.token.iter().map(|token| holding(in_memory(), token, None));
        let cookies = self
            .live(now)
            .map(|(name, cookie)| holding(cookie_named(name), &cookie.value, Some(cookie.attributes.clone())));
        token.chain(cookies).collect()
    }
}

fn in_memory() -> Text {
    Text::fixed("token in the memory of the page", "페이지의 메모리에 있는 토큰")
}

fn cookie_named(name: &str) -> Text {
    Text::new(format!("cookie {name}"), format!("쿠키 {name}"))
}

/// The payload of a signed token (RFC 7519), which needs no key to read. `None` for a text of another format.
pub fn claims(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let json = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&json).ok()?;
    serde_json::to_string_pretty(&claims).ok()
}

/// The reason of a refusal, as the API names it.
pub fn reason(answer: &Answer) -> Option<String> {
    let member = |name| answer.body.get(name).and_then(Value::as_str).map(str::to_owned);
    member("end_reason").or_else(|| member("reason")).or_else(|| member("code"))
}

/// The instant until which copies work, as `X-Revocation` announces it. `None` if the header is absent.
pub fn announced(response: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let text = response.get("x-revocation")?.to_str().ok()?;
    match text.split_once("until=") {
        Some((_, until)) => until.trim().parse().ok().map(Timestamp),
        None if text == "immediate" => Some(now),
        None => None,
    }
}
