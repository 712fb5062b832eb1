//! Plain data that the server and the browser share: the bodies of the JSON API, and nothing else.
//!
//! Instants are unix seconds by the server's clock, durations are seconds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names one mode, as in `/api/{mode}/me`. Which ones exist is answered by `GET /api/modes`, never by a list in this crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ModeId(pub String);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a credential reaches the server. This, and not the token's format, decides whether CSRF is a threat, what logging
/// out clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The browser sends it by itself.
    Cookie,
    /// A program puts it into the `Authorization` header.
    Bearer,
}

/// A mode in its own words: what the home page, the documentation and `GET /api/modes` print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ModeInfo {
    pub id: ModeId,
    /// For people: "Server session".
    pub name: String,
    pub transport: Transport,
    /// The cookie that the mode sets, if it sets one.
    pub cookie: Option<String>,
    /// The browser can renew a bearer credential without the user, by a refresh cookie that scripts cannot read.
    pub renews_silently: bool,
    /// What the browser holds.
    pub client_holds: String,
    /// What the server holds.
    pub server_holds: String,
    /// What recognising the caller costs, on each request.
    pub request_costs: String,
    /// What ends a sign-in, and how soon.
    pub ended_by: String,
    /// When to choose this mode.
    pub choose_when: String,
    /// What tutorials often say of it …
    pub often_said: String,
    /// … and what is the case.
    pub in_fact: String,
}

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Admin,
}

/// The dates of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Lifetime {
    pub issued_at: i64,
    /// When it stops working unless it is used or renewed.
    pub expires_at: i64,
    /// When this sign-in ends, whatever happens.
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

/// `POST /api/{mode}/login`, `…/rotate`, `…/credentials/end-others` and `/api/account/password`. Cookie modes answer `auth` alone: their credential is in `Set-Cookie`.
///
/// `refresh` is absent where the caller is a browser: there it travels in an `HttpOnly` cookie.
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

/// Holds secrets, so it prints none.
impl fmt::Debug for IssuedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedBody").field("auth", &self.auth).finish_non_exhaustive()
    }
}

/// `POST /api/{mode}/rotate/trial`: rotates, then presents the predecessor again, for real, twice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct RotationTrial {
    /// The new credential, as `rotate` answers it.
    #[serde(flatten)]
    pub issued: IssuedBody,
    /// What it replaced.
    pub previous: Lifetime,
    /// The predecessor, presented once more to open `/me`.
    pub to_sign_in: Verdict,
    /// The predecessor, presented once more for another rotation.
    pub to_rotate: Verdict,
}

/// What became of a credential that was presented again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// It still works, at the longest until then.
    Accepted { until: i64 },
    /// It does not: `revoked`, `expired`, `refresh_token_reused` …
    Refused { reason: String },
}

/// When a logout takes hold, from the `X-Revocation` header (`immediate`, `at-expiry; until=…` or `unreadable`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revocation {
    /// A stolen copy is dead now.
    Immediate,
    /// A stolen copy works until then: the server keeps nothing that it could delete.
    AtExpiry { until: i64 },
    /// The server could not read the credential, so it ended no sign-in. Only this browser has forgotten it.
    Unreadable,
}

/// `POST /api/register`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Registered {
    pub id: String,
    pub username: String,
}

/// `GET /api/{mode}/credentials`: one live credential of the caller, of whatever mode. Latest first; `?after=` the last id of a
/// page gives the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CredentialEntry {
    /// Names it, and signs nobody in.
    pub id: String,
    pub mode: ModeId,
    /// When the user logged in.
    pub created_at: i64,
    /// When it was used last, give or take a minute.
    pub last_seen_at: i64,
    /// When it dies if it is not used.
    pub expires_at: i64,
    /// What the client called itself at login.
    pub user_agent: String,
    /// Where it called from. Empty if unknown.
    pub address: String,
    /// It is the one that the caller shows.
    pub current: bool,
}

/// How many entries a page of `GET /api/{mode}/credentials` has.
pub const CREDENTIALS_PAGE: u8 = 50;

/// How many entries a page of the audit trail has.
pub const AUDIT_PAGE: u8 = 20;

/// How many accounts a page of `GET /api/admin/users` has.
pub const USERS_PAGE: u8 = 50;

/// `GET /api/{mode}/audit` and `GET /api/admin/audit`: one thing that happened. Latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Also the cursor: `?before=` the last id of a page gives the next.
    pub id: String,
    pub at: i64,
    pub action: String,
    pub mode: Option<ModeId>,
    pub user_id: Option<String>,
    pub username: Option<String>,
    /// Who did it, where that is somebody else.
    pub actor: Option<String>,
    /// `ok`, or why not.
    pub outcome: String,
    /// SHA-256 of the credential's id: equal where two events are about the same one.
    pub credential_hash: Option<String>,
    pub address: String,
    pub user_agent: String,
    pub request_id: String,
}

/// `GET /api/admin/users`: one account. By name; `?after=` the last name of a page gives the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct UserEntry {
    pub id: String,
    pub username: String,
    pub role: Role,
    pub created_at: i64,
    pub last_login_at: Option<i64>,
    /// Since when it may not sign in.
    pub disabled_at: Option<i64>,
}

/// What the server sees of one cookie mode in the request that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieSignIn {
    pub mode: ModeId,
    pub me: Option<Me>,
}
