//! Lists that the server returns a page at a time: sign-ins, the audit log, accounts.

use serde::{Deserialize, Serialize};

use super::{ModeId, Role};

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
