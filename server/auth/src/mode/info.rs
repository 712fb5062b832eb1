//! The description of a mode, as data.

use std::fmt;

use serde::Serialize;

/// The id of a mode, as in `/api/{mode}/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ModeId(pub &'static str);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How a credential reaches the server. The transport, not the format of the token, decides whether CSRF is a threat,
/// which cookies a logout clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A cookie: the browser attaches it to every request.
    Cookie,
    /// The `Authorization` header: a program attaches it explicitly.
    Bearer,
}

/// The description of a mode. The pages, the documentation and `GET /api/modes` print these texts, so they always
/// agree.
#[derive(Debug, Serialize)]
pub struct ModeInfo {
    /// Its id.
    pub id: ModeId,
    /// The name on pages.
    pub name: &'static str,
    /// How its credential reaches the server.
    pub transport: Transport,
    /// Whether the server keeps a row for each sign-in, so that it can list, count and end single sign-ins.
    pub remembers: bool,
    /// Whether its credentials are sealed or signed by a key of the ring, so that retiring the key ends them.
    pub needs_key: bool,
    /// The name of the cookie that it sets, if any: it contains the credential, or the refresh token of a bearer mode.
    pub cookie: Option<&'static str>,
    /// Whether a browser can renew the bearer credential by that cookie, without the user.
    pub renews_silently: bool,
    /// The data that the client holds.
    pub client_holds: &'static str,
    /// The data that the server holds.
    pub server_holds: &'static str,
    /// The cost of recognising the caller, per request.
    pub request_costs: &'static str,
    /// The ways to end a sign-in, and their delay.
    pub ended_by: &'static str,
    /// The harm of an injected script (XSS).
    pub injected_script: &'static str,
    /// The harm of a request that another site causes (CSRF), and the defence.
    pub other_site: &'static str,
    /// The use case.
    pub choose_when: &'static str,
    /// A common claim about the mode …
    pub often_said: &'static str,
    /// … and the correction.
    pub in_fact: &'static str,
    /// The texts for readers of Korean. Only pages show them: the API is English.
    #[serde(skip)]
    pub korean: ModeTexts,
}

/// The texts of a [`ModeInfo`] in another language, field by field.
#[derive(Debug)]
pub struct ModeTexts {
    /// The text of [`ModeInfo::name`].
    pub name: &'static str,
    /// The text of [`ModeInfo::client_holds`].
    pub client_holds: &'static str,
    /// The text of [`ModeInfo::server_holds`].
    pub server_holds: &'static str,
    /// The text of [`ModeInfo::request_costs`].
    pub request_costs: &'static str,
    /// The text of [`ModeInfo::ended_by`].
    pub ended_by: &'static str,
    /// The text of [`ModeInfo::injected_script`].
    pub injected_script: &'static str,
    /// The text of [`ModeInfo::other_site`].
    pub other_site: &'static str,
    /// The text of [`ModeInfo::choose_when`].
    pub choose_when: &'static str,
    /// The text of [`ModeInfo::often_said`].
    pub often_said: &'static str,
    /// The text of [`ModeInfo::in_fact`].
    pub in_fact: &'static str,
}
