//! Plain data shared by server and browser: the bodies of the JSON API.
//!
//! Instants are unix seconds by the server's clock; durations are seconds.

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
    /// The name for people: "Server session".
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

/// The permissions of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Admin,
}

impl Role {
    /// As in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// The dates of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Lifetime {
    pub issued_at: i64,
    /// When it expires unless it is used or renewed.
    pub expires_at: i64,
    /// When the sign-in ends at the latest. Nothing extends it.
    pub absolute_expires_at: i64,
    /// 1 at login, one more with each rotation.
    pub generation: i64,
}

/// `GET /api/{mode}/me`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: String,
    pub username: String,
    pub role: Role,
    pub mode: ModeId,
    pub auth: Lifetime,
}

/// `POST /api/{mode}/login`, `…/rotate`, `…/credentials/end-others` and `/api/account/password`. Cookie modes return
/// `auth` only: their credential is in `Set-Cookie`.
///
/// `refresh` is absent if the caller is a browser, which receives it in an `HttpOnly` cookie.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct IssuedBody {
    pub auth: Lifetime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_expires_in: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_expires_in: Option<i64>,
}

impl IssuedBody {
    /// A body whose credential is in a cookie.
    #[must_use]
    pub fn new(auth: Lifetime) -> Self {
        Self {
            auth,
            token: None,
            expires_in: None,
            access: None,
            refresh: None,
            access_expires_in: None,
            refresh_expires_in: None,
        }
    }
}

/// Prints no secrets.
impl fmt::Debug for IssuedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedBody").field("auth", &self.auth).finish_non_exhaustive()
    }
}

/// `POST /api/{mode}/rotate/trial`: rotates, then checks the replaced credential as `/me` and as `rotate` check that of
/// a request. The second rotation is rolled back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RotationTrial {
    /// The new credential, as `rotate` returns it.
    #[serde(flatten)]
    pub issued: IssuedBody,
    /// The dates of the replaced credential.
    pub previous: Lifetime,
    /// The answer to the replaced credential when it opens `/me`.
    pub to_sign_in: Verdict,
    /// The answer to the replaced credential when it asks for another rotation.
    pub to_rotate: Verdict,
}

/// The server's answer to a replaced credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// It still works, at most until this instant.
    Accepted { until: i64 },
    /// It got the same successor again, as a retry. The same client may repeat the rotation for `grace` seconds.
    Retry { grace: i64 },
    /// It does not work: `revoked`, `expired`, `refresh_token_reused` …
    Refused {
        reason: String,
        /// This use ends the sign-in. In a trial: a use outside of the trial would.
        ends_sign_in: bool,
    },
}

impl Verdict {
    /// One word, for the query of a page and for `data-verdict`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Retry { .. } => "retry",
            Self::Refused { ends_sign_in: false, .. } => "refused",
            Self::Refused { ends_sign_in: true, .. } => "ended",
        }
    }
}

/// `POST /api/{mode}/rotate/replay`: the answer to the replaced credential, which was used once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RotationReplay {
    /// The generation of the replaced credential.
    pub generation: i64,
    pub outcome: Verdict,
}

/// When copies of a credential stop working after a logout, from the `X-Revocation` header (`immediate`,
/// `at-expiry; until=…` or `unreadable`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revocation {
    /// Every copy stops working at once.
    Immediate,
    /// A stolen copy works until this instant: the server stores nothing that it could delete.
    AtExpiry { until: i64 },
    /// The server could not read the credential, so it ended no sign-in. Only this browser deleted its copy.
    Unreadable,
}

/// `POST /api/register`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Registered {
    pub id: String,
    pub username: String,
}

/// `GET /api/{mode}/credentials`: one live credential of the caller, in any mode. Latest first; `?after=` the last id
/// of a page returns the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CredentialEntry {
    /// Identifies the entry. It is not a secret and cannot be used to sign in.
    pub id: String,
    pub mode: ModeId,
    /// When the user logged in.
    pub created_at: i64,
    /// When it was used last, precise to about a minute.
    pub last_seen_at: i64,
    /// When it expires if it is not used.
    pub expires_at: i64,
    /// When it ends at the latest. Nothing extends it.
    pub absolute_expires_at: i64,
    /// The `User-Agent` header of the login.
    pub user_agent: String,
    /// The client's address at login. Empty if unknown.
    pub address: String,
    /// This request was made with it.
    pub current: bool,
}

impl CredentialEntry {
    /// The entry of the request's own sign-in, if it is among these.
    pub(crate) fn own(mut entries: Vec<Self>) -> Vec<Self> {
        entries.retain(|entry| entry.current);
        entries
    }
}

/// Entries per page of `GET /api/{mode}/credentials`.
pub const CREDENTIALS_PAGE: u8 = 50;

/// Entries per page of the audit log.
pub const AUDIT_PAGE: u8 = 20;

/// Accounts per page of `GET /api/admin/users`.
pub const USERS_PAGE: u8 = 50;

/// `GET /api/{mode}/audit` and `GET /api/admin/audit`: one event. Latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Also the cursor: `?before=` the last id of a page returns the next page.
    pub id: String,
    pub at: i64,
    pub action: String,
    pub mode: Option<ModeId>,
    pub user_id: Option<String>,
    pub username: Option<String>,
    /// The user who acted, if that is not the account's own user.
    pub actor: Option<String>,
    /// `ok`, or the reason of the failure.
    pub outcome: String,
    /// SHA-256 of the credential's id: equal in all events of one credential.
    pub credential_hash: Option<String>,
    pub address: String,
    pub user_agent: String,
    pub request_id: String,
}

/// `GET /api/admin/users`: one account. Ordered by name; `?after=` the last name of a page returns the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserEntry {
    pub id: String,
    pub username: String,
    pub role: Role,
    pub created_at: i64,
    pub last_login_at: Option<i64>,
    /// When it was disabled.
    pub disabled_at: Option<i64>,
}

/// The request's cookie of one mode: the user that it belongs to, and its length. Never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieSignIn {
    pub mode: ModeId,
    pub me: Option<Me>,
    /// The length of the cookie's value in bytes. `None` without a cookie, and with several of its name.
    pub bytes: Option<u32>,
    /// Why the server refused the cookie, if it was genuine: the reason as in the API's answers.
    pub refused: Option<String>,
}
