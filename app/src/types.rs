//! Plain data shared by server and browser: the bodies of the JSON API.
//!
//! Instants are unix seconds by the server's clock; durations are seconds.

mod lists;
mod mode;
mod rotation;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use lists::{AUDIT_PAGE, AuditEntry, CREDENTIALS_PAGE, CredentialEntry, USERS_PAGE, UserEntry};
pub use mode::{ModeId, ModeInfo, Transport};
pub(crate) use rotation::VerdictKind; // part: comparison
pub use rotation::{RotationReplay, RotationTrial, Verdict};

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

/// The request's cookie of one mode: what the server says of it, and its length. Never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieSignIn {
    pub mode: ModeId,
    pub state: CookieState,
    /// The length of the cookie's value in bytes. `None` without a cookie, and with several of its name.
    pub bytes: Option<u32>,
}

/// What the server says of a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CookieState {
    /// There is none, or the server never issued it.
    Absent,
    /// It belongs to this user.
    SignedIn(Me),
    /// It was genuine. The reason of the refusal is as in the API's answers.
    Refused(String),
    /// Nothing: the server could not reach its database.
    Unanswered,
}
