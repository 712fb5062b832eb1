//! The sign-in: one check of a password, in one mode, in one browser or program. Each is one row, which revocation
//! works on.
//!
//! A sign-in lives while its `epoch` equals the account's, it has not ended, and neither of its two dates has passed.
//! [`SignIn::verdict`] decides it for one sign-in, `is_live!` in `rows` for statements on many. Raising the account's
//! epoch (`users`) ends all sign-ins of the account. Ending one sign-in is one statement in `rows`.

mod rows;

use serde::{Deserialize, Serialize};

pub(crate) use self::rows::sign_in_columns; // mode: session or opaque
pub(crate) use self::rows::touch_locked; // mode: session or opaque or jwt
pub(crate) use self::rows::{FIND, WithAccount}; // mode: jwt
pub(crate) use self::rows::{
    carry_to_epoch, deletable, delete, end, end_all_of_mode, end_beyond_limit, end_locked, find, find_of_user, lock,
    page, touch,
};
use crate::{
    clock::{CLOCK_TOLERANCE, Seconds, Timestamp},
    error::{AuthError, Refusal},
    mode::{client::Client, info::ModeId, lifetimes::Lifetimes},
    random::{is_id, new_id_in_sequence},
    users::{User, UserId},
};

/// Maximum page size of a user's sign-ins.
pub const SIGN_INS_PER_PAGE: u32 = 50;
/// Maximum interval between writes of "last seen", so that most page requests write no row.
const TOUCH_AT_MOST: Seconds = Seconds(60);
/// The interval is at most this fraction of the idle time, so that a short idle time counts from the last use.
const TOUCHES_PER_IDLE: i64 = 20;

/// The id of a sign-in: a UUIDv7. It is the id on the list of devices, and the `sid` of a token. It is not a
/// credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct SignInId(String);

impl SignInId {
    /// Parses an untrusted id. `None`: it is malformed. The database decides whether it exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a sign-in was ended before its expiry: stored in its row, or in that of the account if all sign-ins ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The client logged out.
    Logout,
    /// The client logged in again and presented this sign-in's credential.
    Replaced,
    /// The user ended it from the list of devices.
    EndedByUser,
    /// The user ended all sign-ins of its mode.
    LogoutAll,
    /// The user exceeded `SIGN_IN_LIMIT`, and this sign-in was seen least recently.
    Limit,
    /// A used or replaced credential was presented again, so two parties hold a copy.
    Reused,
    /// The user ended all sign-ins of the account.
    LogoutEverywhere,
    /// The user ended all sign-ins except another one.
    EndedWithOthers,
    /// The user changed the password in another sign-in.
    PasswordChanged,
    /// An operator set a new password.
    PasswordSet,
    /// An administrator or operator ended all sign-ins of the account.
    EndedByAdministrator,
    /// The account was disabled. The reason shows after it is enabled again.
    AccountDisabled,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::Logout,
        Self::Replaced,
        Self::EndedByUser,
        Self::LogoutAll,
        Self::Limit,
        Self::Reused,
        Self::LogoutEverywhere,
        Self::EndedWithOthers,
        Self::PasswordChanged,
        Self::PasswordSet,
        Self::EndedByAdministrator,
        Self::AccountDisabled,
    ];

    /// The spelling in the database, in the API and in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Replaced => "new_login",
            Self::EndedByUser => "ended_by_user",
            Self::LogoutAll => "logout_all",
            Self::Limit => "sign_in_limit",
            Self::Reused => "credential_reused",
            Self::LogoutEverywhere => "logout_everywhere",
            Self::EndedWithOthers => "ended_with_others",
            Self::PasswordChanged => "password_changed",
            Self::PasswordSet => "password_set",
            Self::EndedByAdministrator => "ended_by_administrator",
            Self::AccountDisabled => "account_disabled",
        }
    }

    /// Parses the stored spelling. `None`: another version of this program stored it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SignIn {
    /// Its id.
    #[sqlx(rename = "sign_in_id")]
    pub id: SignInId,
    /// The account.
    pub user_id: UserId,
    /// The id of its mode.
    pub mode: String,
    /// The account's epoch when the password was checked, or when the sign-in was last carried along.
    #[sqlx(rename = "sign_in_epoch")]
    pub epoch: i64,
    /// When the password was checked.
    #[sqlx(rename = "signed_in_at")]
    pub created_at: Timestamp,
    /// When it was last used, accurate to [`touch_interval`].
    pub last_seen_at: Timestamp,
    /// When it expires unless it is used.
    pub idle_expires_at: Timestamp,
    /// When it ends, however often it is used.
    pub absolute_expires_at: Timestamp,
    /// When it was ended. `None`: it was not.
    pub ended_at: Option<Timestamp>,
    /// Why it was ended: the stored spelling of an [`EndReason`].
    pub end_reason: Option<String>,
    /// The `User-Agent` header of the login.
    pub user_agent: String,
    /// The client address of the login. Empty if unknown.
    pub address: String,
}

impl SignIn {
    /// A sign-in of this user that begins now. `user` must come from the select that read the password hash. `sequence`
    /// orders the ids of one second.
    ///
    /// # Errors
    /// [`AuthError::Randomness`]
    pub(crate) fn new(
        user: &User,
        mode: ModeId,
        lifetimes: Lifetimes,
        client: Client,
        (now, sequence): (Timestamp, u16),
    ) -> Result<Self, AuthError> {
        let absolute_expires_at = now.plus(lifetimes.absolute);
        Ok(Self {
            id: SignInId(new_id_in_sequence(now, sequence)?),
            user_id: user.id.clone(),
            mode: mode.0.to_owned(),
            epoch: user.epoch,
            created_at: now,
            last_seen_at: now,
            idle_expires_at: now.plus(lifetimes.idle).min(absolute_expires_at),
            absolute_expires_at,
            ended_at: None,
            end_reason: None,
            user_agent: client.user_agent,
            address: client.address,
        })
    }

    /// Does this sign-in of `account` live at `now`?
    ///
    /// # Errors
    /// The reason, if it does not.
    pub fn verdict(&self, account: &User, now: Timestamp) -> Result<(), Refusal> {
        // The row's own end comes before the account's epoch: a later raise must not hide why this sign-in ended.
        if self.ended_at.is_some() && account.is_active() {
            return Err(Refusal::ended(self.end_reason.as_deref()));
        }
        account.verdict(self.epoch)?;
        // If the clock was set back, a sign-in that had expired before must not live again.
        if self.last_seen_at > now.plus(CLOCK_TOLERANCE) {
            return Err(Refusal::NotYetValid);
        }
        if self.idle_expires_at <= now || self.absolute_expires_at <= now {
            return Err(Refusal::Expired);
        }
        Ok(())
    }

    /// Is the write of "last seen" due?
    #[must_use]
    pub fn is_touch_due(&self, idle: Seconds, now: Timestamp) -> bool {
        now.since(self.last_seen_at) >= touch_interval(idle)
    }
}

/// The interval between writes of "last seen" and between renewals of a credential without a row: a twentieth
/// of the idle time, from 1 to 60 seconds.
#[must_use]
pub fn touch_interval(idle: Seconds) -> Seconds {
    Seconds((idle.0 / TOUCHES_PER_IDLE).clamp(1, TOUCH_AT_MOST.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_is_written_once_per_twentieth_of_the_idle_time_and_at_most_a_minute_apart() {
        for (idle, interval) in [(8, 1), (200, 10), (1800, 60), (86_400, 60), (1, 1)] {
            assert_eq!(touch_interval(Seconds(idle)), Seconds(interval), "{idle}");
        }
    }
}
