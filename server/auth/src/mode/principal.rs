//! Who calls, and by what.

use serde::Serialize;

use crate::{
    clock::{Seconds, Timestamp},
    mode::ModeId,
    secret::SecretHash,
    users::{Role, UserId},
};

/// A recognised caller.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The account.
    pub user_id: UserId,
    /// Its name: as of now where the mode looks the account up, else as of the credential's issue.
    pub username: String,
    /// Its role, with the same caveat.
    pub role: Role,
    /// The mode that recognised the caller.
    pub mode: ModeId,
    /// Which of the user's credentials it was, where the server keeps a list.
    pub credential: Option<CredentialId>,
    /// The dates of the credential.
    pub lifetime: Lifetime,
}

/// Names one credential of a user in "your devices". A hash or a row's id: it signs nobody in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct CredentialId(String);

impl CredentialId {
    /// Takes a name from outside. That it names anything of the user's is for the mode to find out.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SecretHash> for CredentialId {
    fn from(hash: SecretHash) -> Self {
        Self(hash.into_string())
    }
}

/// The dates of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Lifetime {
    /// When this credential was made.
    pub issued_at: Timestamp,
    /// When it stops working unless it is used or renewed. It is dead *at* this instant.
    pub expires_at: Timestamp,
    /// When the sign-in ends, whatever happens.
    pub absolute_expires_at: Timestamp,
    /// 1 at login, one more with each rotation.
    pub generation: i64,
}

/// One entry of "your devices".
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credential {
    /// Names the entry.
    pub id: CredentialId,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When it was used last, give or take the mode's throttle.
    pub last_seen_at: Timestamp,
    /// When it dies if it is not used.
    pub expires_at: Timestamp,
    /// What the client called itself at login.
    pub user_agent: String,
    /// Where it called from. Empty if unknown.
    pub address: String,
}

impl Lifetime {
    /// Is a credential with these dates dead at `now`? At the very instant of its expiry, it is.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now || self.absolute_expires_at <= now
    }

    /// When a credential that is used at `now` expires for idleness: never after the sign-in itself ends.
    #[must_use]
    pub fn idle_end(now: Timestamp, idle: Seconds, absolute_expires_at: Timestamp) -> Timestamp {
        now.plus(idle).min(absolute_expires_at)
    }
}
