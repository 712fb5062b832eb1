//! A request of a sandbox's client: what it asks for, which page causes it, and which defence it does without.

use auth::{AuthError, ModeInfo, random_bytes};
use http::Method;
use serde_json::{Value, json};

use super::column::USERNAME;

/// What a client of the sandbox asks for.
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    /// The `Idempotency-Key`.
    pub key: Option<String>,
    pub from: Site,
    without: Option<Defence>,
}

impl Ask {
    /// A GET by a page of the sandbox's origin.
    fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None, key: None, from: Site::Own, without: None }
    }

    /// A POST by such a page.
    pub fn post(path: String, body: Value) -> Self {
        Self { method: Method::POST, path, body: Some(body), key: None, from: Site::Own, without: None }
    }

    /// The login of the sandbox's account.
    pub fn log_in(mode: &ModeInfo, password: &str) -> Self {
        Self::post(path(mode, "login"), json!({ "username": USERNAME, "password": password }))
    }

    pub fn me(mode: &ModeInfo) -> Self {
        Self::get(path(mode, "me"))
    }

    /// A renewal.
    pub fn rotate(mode: &ModeInfo, key: Key) -> Self {
        let Key(key) = key;
        Self { key: Some(key), ..Self::post(path(mode, "rotate"), json!({})) }
    }

    pub fn log_out(mode: &ModeInfo) -> Self {
        Self::post(path(mode, "logout"), json!({}))
    }

    /// A form without fields, which a page of another host submits. It makes the server rotate the credential.
    pub fn forged(mode: &ModeInfo, from: Site) -> Self {
        let path = path(mode, "rotate");
        Self { method: Method::POST, path, body: None, key: None, from, without: None }
    }

    /// The page that the server takes for the sender.
    pub fn claimed(&self) -> Site {
        if self.without == Some(Defence::FetchMetadata) { Site::Own } else { self.from }
    }

    /// Whether the browser leaves out the cookies that have a value of `SameSite`.
    pub fn is_cross_site(&self) -> bool {
        self.from == Site::Other && self.without != Some(Defence::SameSite)
    }

    /// As it would arrive, and be judged, without this defence.
    pub fn without(self, defence: Option<Defence>) -> Self {
        Self { without: defence, ..self }
    }
}

/// A defence that an experiment removes. The server of the sandbox keeps all of them: the client sends what would be
/// sent and accepted without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defence {
    /// The cookie's attribute: the browser adds the cookie for no other site.
    SameSite,
    /// The server's comparison of `Sec-Fetch-Site`. Without it, a request counts as one of the server's own pages.
    FetchMetadata,
    /// The cookie's attribute: no script can read the cookie.
    HttpOnly,
}

/// The page that causes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// A page of the sandbox's origin.
    Own,
    /// A page of another host of the same site. The browser adds the cookies, and no bearer token.
    Sibling,
    /// A page of another site. For a POST, the browser adds no cookie with `SameSite=Lax`, and no bearer token.
    Other,
}

impl Site {
    pub fn fetch_metadata(self) -> &'static str {
        match self {
            Self::Own => "same-origin",
            Self::Sibling => "same-site",
            Self::Other => "cross-site",
        }
    }
}

fn path(mode: &ModeInfo, call: &str) -> String {
    format!("/api/{}/{call}", mode.id)
}

/// The `Idempotency-Key` of a renewal. A browser makes it before it asks: see the glossary, "retry".
#[derive(Clone)]
pub struct Key(String);

impl Key {
    pub fn new() -> Result<Self, AuthError> {
        Ok(Self(hex::encode(random_bytes::<16>()?.as_slice())))
    }
}
