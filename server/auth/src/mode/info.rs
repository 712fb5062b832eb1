//! A mode in its own words.

use std::fmt;

use serde::Serialize;

/// Names one mode, as in `/api/{mode}/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ModeId(pub &'static str);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How a credential reaches the server. This, and not the token's format, decides whether CSRF is a threat, what logging
/// out clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The browser sends it by itself.
    Cookie,
    /// A program puts it into the `Authorization` header.
    Bearer,
}

/// A mode in its own words. The pages, the documentation and `GET /api/modes` print these, so they cannot disagree.
#[derive(Debug, Serialize)]
pub struct ModeInfo {
    /// Its id.
    pub id: ModeId,
    /// For people.
    pub name: &'static str,
    /// How its credential travels.
    pub transport: Transport,
    /// The server keeps a row for each sign-in: it can be listed, counted and ended alone.
    pub remembers: bool,
    /// The cookie that it sets, if it sets one: the credential itself, or the refresh token of a bearer mode.
    pub cookie: Option<&'static str>,
    /// A browser can renew the bearer credential without the user, by that cookie.
    pub renews_silently: bool,
    /// What the browser holds.
    pub client_holds: &'static str,
    /// What the server holds.
    pub server_holds: &'static str,
    /// What recognising the caller costs, on each request.
    pub request_costs: &'static str,
    /// What ends a sign-in, and how soon.
    pub ended_by: &'static str,
    /// When to choose it.
    pub choose_when: &'static str,
    /// What tutorials often say of it …
    pub often_said: &'static str,
    /// … and what is the case.
    pub in_fact: &'static str,
}
