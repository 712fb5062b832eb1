//! A mode, and its description.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of one mode, as in `/api/{mode}/me`. `GET /api/modes` lists the modes; this crate has no list of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ModeId(pub String);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a credential reaches the server. The transport, not the token's format, decides whether CSRF is a threat, what a
/// logout clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The browser sends it automatically.
    Cookie,
    /// A script or program sends it in the `Authorization` header.
    Bearer,
}

/// The description of a mode that the home page, the documentation and `GET /api/modes` show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ModeInfo {
    pub id: ModeId,
    /// The name for people.
    pub name: String,
    pub transport: Transport,
    /// The server stores a row for each sign-in.
    pub remembers: bool,
    /// The cookie that the mode sets, if it sets one.
    pub cookie: Option<String>,
    /// The attributes of that cookie, as in `Set-Cookie`: `HttpOnly`, `Path=/` …
    pub cookie_attributes: Vec<String>,
    /// The browser renews the bearer credential without the user, with a refresh cookie that scripts cannot read.
    pub renews_silently: bool,
    /// What the browser stores.
    pub client_holds: String,
    /// What the server stores.
    pub server_holds: String,
    /// The cost of recognising the caller on each request.
    pub request_costs: String,
    /// What ends a sign-in, and how soon.
    pub ended_by: String,
    /// The harm of an injected script (XSS).
    pub injected_script: String,
    /// The harm of a request that another site causes (CSRF), and the defence.
    pub other_site: String,
    /// When to choose this mode.
    pub choose_when: String,
    /// A common claim in tutorials.
    pub often_said: String,
    /// The correction of that claim.
    pub in_fact: String,
}
