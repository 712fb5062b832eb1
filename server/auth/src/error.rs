//! What can go wrong, precisely. Only the two mappings of the outside world (the JSON API's and the server functions')
//! decide how much of it a caller learns.

use crate::{
    clock::Seconds,
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
    /// Whoever wants to change the password does not know the present one.
    #[error("the present password is another one")]
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
    /// The application secret is not one.
    #[error("APP_SECRET {0}")]
    AppSecret(#[from] crate::keys::SecretProblem),
    /// The caller is known, and may not do this.
    #[error("not permitted")]
    Forbidden,
    /// Administrators do not shut themselves out.
    #[error("an administrator cannot close the own account")]
    OwnAccount,
    /// The user has no such credential.
    #[error("no such credential")]
    UnknownCredential,
    /// Nothing is remembered of a token of this type, so nothing can end it.
    #[error("a token of this type cannot be revoked")]
    NotRevocable,
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
    /// The session library failed.
    #[error("session store")]
    SessionStore(#[source] Box<dyn std::error::Error + Send + Sync>),
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
        matches!(self, Self::Database(Io(_) | PoolClosed | PoolTimedOut))
    }

    /// Did PostgreSQL undo the transaction because of another one? Then it is begun again: 40001 is a serialization failure,
    /// 40P01 a deadlock.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == "40001" || code == "40P01")
    }
}

/// Why a credential was refused. Told to whoever holds it, so it names no user and no other credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not have the form of this mode's credential, or was tampered with.
    Malformed,
    /// Nothing on the server corresponds to it (any more).
    Unknown,
    /// Its time is over.
    Expired,
    /// It was ended: by logout, by rotation, or with all the user's others.
    Revoked,
    /// It is genuine, but meant for something else: a refresh token shown as an access token.
    WrongType,
    /// A refresh token that must not be shown (again): two parties hold its family, and one of them stole it.
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
            Self::Revoked => "revoked",
            Self::WrongType => "wrong_type",
            Self::Replayed(Replay::Parent | Replay::Older) => "refresh_token_reused",
            Self::Replayed(Replay::DeadFamily) => "family_revoked",
            Self::UserInactive => "user_inactive",
            Self::UserGone => "user_not_found",
        }
    }
}

/// Which refresh token was shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The one before the head, after the grace.
    Parent,
    /// One before that.
    Older,
    /// Any of a family that has ended: by logout, by an earlier replay, with all the user's others.
    DeadFamily,
}

impl Replay {
    /// As the audit trail and the `X-Rotation` header spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::Older => "older",
            Self::DeadFamily => "dead family",
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
