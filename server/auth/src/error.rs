//! What can go wrong, precisely. Only the two mappings of the outside world (the JSON API's and the server functions')
//! decide how much of it a caller learns.

use crate::{
    clock::{Seconds, Timestamp},
    users::{password::PasswordProblem, username::UsernameProblem},
};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The request shows no credential of the mode that was asked.
    #[error("no credential was presented")]
    Missing,
    /// The request shows a credential, and it does not work.
    #[error("the credential was refused: {0}")]
    Refused(Refusal),
    /// Unknown user, wrong password and disabled account, which must not be told apart.
    #[error("no active account with these credentials")]
    InvalidCredentials,
    /// The password that an act of the signed-in user asks for is not the current one.
    #[error("the current password is incorrect")]
    WrongPassword,
    /// Registration, or a new password: what is wrong with either field.
    #[error("invalid registration")]
    InvalidRegistration {
        /// With the user name.
        username: Option<UsernameProblem>,
        /// With the password.
        password: Option<PasswordProblem>,
    },
    /// The queue in front of the password hash is full.
    #[error("too many passwords are being checked")]
    Overloaded {
        /// When to try again.
        retry_after: Seconds,
    },
    /// No account has this id. Told to administrators only.
    #[error("no such user")]
    UnknownUser,
    /// It was tried too often: see [`crate::Throttle`].
    #[error("too many attempts")]
    Throttled {
        /// When to try again.
        retry_after: Seconds,
    },
    /// There is no such mode.
    #[error("no such mode")]
    UnknownMode,
    /// A credential that was used up or replaced was shown again, so its sign-in has ended.
    #[error("a used credential was shown again")]
    Reused,
    /// The act asks for the caller's password, and the request has none.
    #[error("the password is missing")]
    PasswordRequired,
    /// The request was denied before any mode was asked.
    #[error("denied: {}", .0.as_str())]
    Denied(Denied),
    /// The caller is known, and may not do this.
    #[error("not permitted")]
    Forbidden,
    /// Administrators do not shut themselves out.
    #[error("an administrator cannot close the own account")]
    OwnAccount,
    /// The user has no such sign-in.
    #[error("no such sign-in")]
    UnknownSignIn,
    /// Another request has changed the account in between, and the caller is still signed in.
    #[error("another request has changed the account at the same time")]
    Conflict,
    /// There is no such key.
    #[error("no such key")]
    UnknownKey,
    /// There is a key of that name.
    #[error("there is a key of that name already")]
    KeyExists,
    /// Nobody could sign in without it.
    #[error("it is the only key that signs: add another first")]
    LastKey,
    /// A setting cannot be used.
    #[error(transparent)]
    Settings(#[from] crate::settings::SettingsError),
    /// The database refused, or was not reached in time.
    #[error("database")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
    /// A cryptographic operation or a stored value is not as this crate left it.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl AuthError {
    /// Is the database away, rather than anything wrong with the request or with us? Then it is worth trying again.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
        // 57014: the statement's time limit; 55P03: that of a lock.
        let is_late = self.sql_state().is_some_and(|state| state == "57014" || state == "55P03");
        is_late || matches!(self, Self::Database(Io(_) | PoolClosed | PoolTimedOut))
    }

    fn sql_state(&self) -> Option<std::borrow::Cow<'_, str>> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        error.code()
    }

    /// Did PostgreSQL undo the transaction because of another one? Then it is begun again: 40001 is a serialization failure,
    /// 40P01 a deadlock.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.sql_state().is_some_and(|state| state == "40001" || state == "40P01")
    }
}

/// Why a request was denied before any mode was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Another site may have caused it.
    Csrf,
    /// A service asked about a token and is no client of ours.
    OauthClient,
}

impl Denied {
    /// As the audit log spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csrf => "csrf_failed",
            Self::OauthClient => "invalid_client",
        }
    }
}

/// Why a credential was refused. The answer tells it, so it names no user and no other credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not have the form of this mode's credential, or was tampered with.
    Malformed,
    /// Nothing on the server corresponds to it (any more).
    Unknown,
    /// Its time is over.
    Expired,
    /// It was issued later than now: a clock was set back, or another instance's clock is ahead.
    NotYetValid,
    /// Its sign-in was ended: by a logout, by a replay, or with all others of the user.
    Revoked,
    /// It was replaced by its successor, at this instant.
    Replaced(Timestamp),
    /// It is genuine, but meant for something else: a refresh token shown as an access token.
    WrongType,
    /// A refresh token that was used before. Two parties hold it, and one of them stole it.
    Replayed(Replay),
    /// Its user is disabled.
    UserInactive,
    /// Its user is gone.
    UserGone,
}

impl Refusal {
    /// As the API spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Revoked => "revoked",
            Self::Replaced(_) => "replaced",
            Self::WrongType => "wrong_type",
            Self::Replayed(_) => "refresh_token_reused",
            Self::UserInactive => "user_inactive",
            Self::UserGone => "user_not_found",
        }
    }

    /// Can anybody cause it, without ever having had a live credential? Then it is not worth a read or an entry in the audit log.
    #[must_use]
    pub(crate) const fn is_noise(&self) -> bool {
        matches!(self, Self::Malformed | Self::Unknown | Self::Expired)
    }
}

/// Which refresh token was shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The one before the head: after the grace, or by another caller.
    Parent,
    /// One before that.
    Older,
}

impl Replay {
    /// As the audit log and the `X-Rotation` header spell it.
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
            other => f.write_str(other.as_str()),
        }
    }
}

impl From<Refusal> for AuthError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
