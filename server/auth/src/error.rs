//! The precise errors of this crate. Two mappings outside of it (the JSON API and the server functions) decide how much
//! of an error reaches a client.

use sqlx::sqlite::SqliteError;

use crate::{
    clock::{Seconds, Timestamp},
    sign_in::EndReason,
    users::{password::PasswordProblem, username::UsernameProblem},
};

/// Primary result codes of SQLite: busy, read-only, input or output, full, cannot open.
const SQLITE_OUTAGES: [u32; 5] = [5, 8, 10, 13, 14];

/// Beginnings of SQLSTATE: connection, read-only, idle in a transaction for too long, resources (disk, memory,
/// connections), lock timeout, statement timeout, shutdown and start, input or output.
const POSTGRES_OUTAGES: [&str; 8] = ["08", "25006", "25P03", "53", "55P03", "57014", "57P0", "58030"];

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The request has no credential of the requested mode.
    #[error("no credential was presented")]
    Missing,
    /// The request has a credential that is not valid.
    #[error("the credential was refused: {0}")]
    Refused(Refusal),
    /// Unknown user, wrong password or disabled account. Responses must not distinguish them.
    #[error("no active account with these credentials")]
    InvalidCredentials,
    /// The signed-in user confirmed an operation with a wrong password.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// A registration or a new password breaks the rules. Both fields are reported.
    #[error("invalid registration")]
    InvalidRegistration {
        /// The problem of the user name.
        username: Option<UsernameProblem>,
        /// The problem of the password.
        password: Option<PasswordProblem>,
    },
    /// The queue in front of the password hash is full.
    #[error("too many password checks are queued")]
    Overloaded {
        /// When to retry.
        retry_after: Seconds,
    },
    /// No account has this id. Reported to administrators only.
    #[error("no such user")]
    UnknownUser,
    /// The rate limit is exceeded: see [`crate::Throttle`].
    #[error("too many attempts")]
    Throttled {
        /// When to retry.
        retry_after: Seconds,
    },
    /// No mode has this id.
    #[error("no such mode")]
    UnknownMode,
    /// A used or replaced credential was presented again, so its sign-in has ended.
    #[error("a used credential was presented again")]
    Reused,
    /// The operation requires the caller's password, and the request has none.
    #[error("the password is missing")]
    PasswordRequired,
    /// The request was denied before it reached a mode.
    #[error("denied: {}", .0.as_str())]
    Denied(Denied),
    /// The caller is identified, but lacks the permission.
    #[error("not permitted")]
    Forbidden,
    /// Administrators cannot disable their own account.
    #[error("administrators cannot disable their own account")]
    OwnAccount,
    /// The user has no live sign-in with this id.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// No rotation has replaced a credential of this sign-in, or the mode cannot restore a replaced one.
    #[error("no credential was replaced")]
    NothingReplaced,
    /// A concurrent request has changed the account, and the caller is still signed in.
    #[error("a concurrent request has changed the account")]
    Conflict,
    /// The ring has no key of this name.
    #[error("no such key")]
    UnknownKey,
    /// The ring already has a key of this name.
    #[error("a key of this name already exists")]
    KeyExists,
    /// Without this key no login could succeed.
    #[error("this is the only signing key: add another one first")]
    LastKey,
    /// A setting is not usable.
    #[error(transparent)]
    Settings(#[from] crate::settings::SettingsError),
    /// A statement failed, or the database was not reachable in time.
    #[error("database")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The operating system returned no random bytes.
    #[error("no randomness")]
    Randomness,
    /// A cryptographic operation failed, or a stored value is corrupt.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl AuthError {
    /// Is the database unreachable, overloaded, read-only or out of space, with nothing wrong in the request or in this
    /// program? A retry may then succeed.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
        match self {
            Self::Database(Io(_) | PoolClosed | PoolTimedOut) => true,
            Self::Database(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<SqliteError>().is_some() {
                    code.parse().is_ok_and(|code: u32| SQLITE_OUTAGES.contains(&(code & 0xff)))
                } else {
                    POSTGRES_OUTAGES.iter().any(|outage| code.starts_with(outage))
                }
            }
            _ => false,
        }
    }

    fn sql_state(&self) -> Option<std::borrow::Cow<'_, str>> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        error.code()
    }

    /// Did PostgreSQL roll back the transaction because of a concurrent one? Such a transaction is run again. 40001 is
    /// a serialization failure, 40P01 a deadlock.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.sql_state().is_some_and(|state| state == "40001" || state == "40P01")
    }
}

/// Why a request was denied before it reached a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// A cross-site request.
    Csrf,
    /// A service asked for introspection without the credentials of an OAuth client.
    OauthClient,
}

impl Denied {
    /// The spelling in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csrf => "csrf_failed",
            Self::OauthClient => "invalid_client",
        }
    }
}

/// Why a credential was refused. Responses contain it, so it identifies no user and no other credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not have the form of this mode's credential, or its integrity check fails.
    Malformed,
    /// The server has no row or key for it (any more).
    Unknown,
    /// It has expired.
    Expired,
    /// It was issued in the future: a clock was set back, or the clock of another instance is ahead.
    NotYetValid,
    /// Its sign-in has ended, for a reason that is not stored (any more).
    Revoked,
    /// Its sign-in has ended, for this reason. Only a genuine credential of the sign-in learns it.
    Ended(EndReason),
    /// A rotation replaced it at this instant.
    Replaced(Timestamp),
    /// It is genuine, but of the wrong type: for example, a refresh token in place of an access token.
    WrongType,
    /// A refresh token that was used before. Two parties hold it, and one of them stole it.
    Replayed(Replay),
    /// The account is disabled.
    UserInactive,
    /// The account no longer exists.
    UserGone,
}

impl Refusal {
    /// The refusal of a sign-in that has ended, with its stored reason.
    pub(crate) fn ended(stored: Option<&str>) -> Self {
        stored.and_then(EndReason::parse).map_or(Self::Revoked, Self::Ended)
    }

    /// The reason of the end, if the sign-in has ended and the reason is stored.
    #[must_use]
    pub const fn end_reason(&self) -> Option<EndReason> {
        match self {
            Self::Ended(reason) => Some(*reason),
            _ => None,
        }
    }

    /// The spelling in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Revoked | Self::Ended(_) => "revoked",
            Self::Replaced(_) => "replaced",
            Self::WrongType => "wrong_type",
            Self::Replayed(_) => "refresh_token_reused",
            Self::UserInactive => "user_inactive",
            Self::UserGone => "user_not_found",
        }
    }

    /// Can a client cause this refusal without a credential that was once live? Such a refusal is worth no read and no
    /// audit event.
    #[must_use]
    pub(crate) const fn is_noise(&self) -> bool {
        matches!(self, Self::Malformed | Self::Unknown | Self::Expired)
    }
}

/// Which refresh token was used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The predecessor of the head: after the grace, or by another client.
    Parent,
    /// An older one.
    Older,
}

impl Replay {
    /// The spelling in the audit log and in the `X-Rotation` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Older => "older",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Replayed(replay) => write!(f, "replayed: {}", replay.as_str()),
            Self::Ended(reason) => write!(f, "revoked: {}", reason.as_str()),
            other => f.write_str(other.as_str()),
        }
    }
}

impl From<Refusal> for AuthError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

    /// The failure of the last statement.
    async fn failure(statements: [&'static str; 3]) -> AuthError {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let [first, second, last] = statements;
        for statement in [first, second] {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        sqlx::query(last).execute(&mut connection).await.unwrap_err().into()
    }

    #[tokio::test]
    async fn a_full_disk_is_an_outage() {
        let statements =
            ["create table t (b blob)", "pragma max_page_count = 2", "insert into t values (zeroblob(1000000))"];
        assert!(failure(statements).await.is_outage());
    }

    #[tokio::test]
    async fn a_read_only_database_is_an_outage() {
        let statements = ["create table t (b blob)", "pragma query_only = 1", "insert into t values (1)"];
        assert!(failure(statements).await.is_outage());
    }

    #[tokio::test]
    async fn a_mistake_in_a_statement_is_no_outage() {
        let statements = ["create table t (b blob)", "select 1", "insert into missing values (1)"];
        assert!(!failure(statements).await.is_outage());
    }
}
