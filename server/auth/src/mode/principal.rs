//! Who calls, and by what.

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
    /// Its name: as of now where the mode looks the account up, else as of the credential's issue.
    pub username: String,
    /// Its role, with the same caveat. What an administrator may do is decided by [`crate::Auth::administrator`].
    pub role: Role,
    /// The mode that recognised the caller.
    pub mode: ModeId,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The dates of the credential.
    pub lifetime: Lifetime,
}

/// What a mode has found out about a caller.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The account, with the epoch that the credential carries.
    pub user: User,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The dates of the credential.
    pub lifetime: Lifetime,
    /// The row of the sign-in, where this use moves its idle limit.
    pub used: Option<SignIn>,
}

/// The dates of one credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
