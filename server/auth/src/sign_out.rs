//! Ending sign-ins: one, all of a mode, all.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    base::EpochCheck,
    clock::Timestamp,
    error::AuthError,
    issued::{Revocation, SetCookie},
    user::{self, UserId},
};

/// A sign-in that has ended.
#[derive(Debug)]
pub struct LoggedOut {
    /// When the end takes hold.
    pub revocation: Revocation,
    /// What the browser is told to forget.
    pub set_cookies: Vec<SetCookie>,
}

impl Auth {
    /// Ends the caller's credential. Without one, or with a dead one, there is nothing to end, and that is no error.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let owner = mode.owner(req, self.now()).await?;
        let outcome = mode.revoke(req, self.now()).await;
        self.record(Event::new(Action::Logout, req).about(mode.info().id, owner.as_ref()), outcome.as_ref()).await;
        Ok(LoggedOut { revocation: outcome?, set_cookies: mode.clear() })
    }

    /// Ends every credential of the caller in one mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_all(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = mode.authenticate(req, now).await?.ok_or(AuthError::Missing)?;
        let outcome = mode.revoke_all(&caller.user_id, now).await;
        let event =
            Event { mode: Some(mode.info().id), user: Some(&caller.user_id), ..Event::new(Action::LogoutAll, req) };
        self.record(event, outcome.as_ref()).await;
        Ok(LoggedOut { revocation: outcome?, set_cookies: mode.clear() })
    }

    /// Ends every credential of the caller in every mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_everywhere(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let now = self.now();
        let caller = self.find_mode(mode)?.authenticate(req, now).await?.ok_or(AuthError::Missing)?;
        let outcome = self.revoke_everywhere(&caller.user_id, now).await;
        let event = Event { user: Some(&caller.user_id), ..Event::new(Action::LogoutEverywhere, req) };
        self.record(event, outcome.as_ref()).await;
        let set_cookies = self.modes.iter().flat_map(|mode| mode.clear()).collect();
        Ok(LoggedOut { revocation: outcome?, set_cookies })
    }

    pub(crate) async fn revoke_everywhere(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        // Twice. Before: a login that was checked against what was true until now is found out when it looks again. After: what
        // was renewed in between, by a family that was still alive, carries the epoch of in between.
        user::bump_epoch(&self.base.db, user).await?;
        let mut slowest = Revocation::Immediate;
        for mode in self.modes.iter() {
            slowest = slowest.or_later(mode.revoke_all(user, now).await?);
        }
        user::bump_epoch(&self.base.db, user).await?;
        Ok(match self.base.epoch_check {
            // Whatever a mode alone could not reach, the epoch has just ended.
            EpochCheck::EveryRequest => Revocation::Immediate,
            EpochCheck::OnRenewal => slowest,
        })
    }
}
