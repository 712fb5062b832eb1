//! The identity of a caller, and the dates of the credential.

use super::info::ModeId;
use crate::{
    clock::{Seconds, Timestamp},
    sign_in::{SignIn, SignInId},
    users::{Role, User, UserId},
};

/// A recognised caller.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The account.
    pub user_id: UserId,
    /// The user name: current where the mode reads the account, else as of the credential's issue.
    pub username: String,
    /// The role, as current as the user name. Use [`crate::Auth::administrator`] to authorise an administrator.
    pub role: Role,
    /// The mode that recognised the caller.
    pub mode: ModeId,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The dates of the credential.
    pub lifetime: Lifetime,
}

/// The result of a mode's authentication.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The account, with the epoch that the credential carries.
    pub user: User,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The dates of the credential.
    pub lifetime: Lifetime,
    /// The row of the sign-in, where use moves its idle limit.
    pub used: Option<SignIn>,
}

/// The dates of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When this credential was issued.
    pub issued_at: Timestamp,
    /// When it expires unless it is used or renewed. It is dead *at* this instant.
    pub expires_at: Timestamp,
    /// When the sign-in ends, however often it is used.
    pub absolute_expires_at: Timestamp,
    /// 1 at login. Each rotation adds 1.
    pub generation: i64,
}

impl Lifetime {
    /// Is a credential with these dates dead at `now`? It is dead at the instant of its expiry.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now || self.absolute_expires_at <= now
    }

    /// The idle expiry of a credential that is used at `now`. It never exceeds the absolute end of the sign-in.
    #[must_use]
    pub fn idle_end(now: Timestamp, idle: Seconds, absolute_expires_at: Timestamp) -> Timestamp {
        now.plus(idle).min(absolute_expires_at)
    }
}
