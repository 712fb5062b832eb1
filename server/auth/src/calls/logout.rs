//! Ending sign-ins: one, all of a mode, all.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    base::EpochCheck,
    clock::Timestamp,
    error::AuthError,
    mode::issued::{Revocation, SetCookie},
    users::{self, UserId},
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
        let revoke = async {
            if mode.is_ended_by_epoch() {
                users::bump_epoch(&self.base.db, &caller.user_id).await?;
            }
            mode.revoke_all(&caller.user_id, now).await
        };
        let outcome = revoke.await;
        let event = Event {
            mode: Some(mode.info().id),
            user: Some(&caller.user_id),
            credential: caller.credential.as_ref(),
            ..Event::new(Action::LogoutAll, req)
        };
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
        // Somebody else may be signed in by another mode of this browser, whose cookie would be lost and not ended.
        let mut set_cookies = Vec::new();
        for mode in self.modes.iter() {
            if mode.owner(req, now).await?.is_some_and(|owner| owner.user_id == caller.user_id) {
                set_cookies.extend(mode.clear());
            }
        }
        let outcome = self.revoke_everywhere(&caller.user_id, now).await;
        let event = Event {
            user: Some(&caller.user_id),
            credential: caller.credential.as_ref(),
            ..Event::new(Action::LogoutEverywhere, req)
        };
        self.record(event, outcome.as_ref()).await;
        Ok(LoggedOut { revocation: outcome?, set_cookies })
    }

    pub(crate) async fn revoke_everywhere(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        // The epoch first: whoever was let in by what was true until now, and is about to get a credential, finds it out when
        // looking again. And twice. What was renewed meanwhile, by a family that was still alive, carries the epoch of meanwhile: so
        // that is raised again. And who was let in meanwhile, by a credential that was still alive, has looked again before or
        // after that: either the row of the new credential is there now, or it is not kept.
        users::bump_epoch(&self.base.db, user).await?;
        self.revoke_in_every_mode(user, now).await?;
        users::bump_epoch(&self.base.db, user).await?;
        self.revoke_in_every_mode(user, now).await
    }

    /// Ends what a user is signed in by until the epoch that was begun just now.
    pub(crate) async fn revoke_in_every_mode(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        let mut slowest = Revocation::Immediate;
        for mode in self.modes.iter() {
            slowest = slowest.or_later(mode.revoke_all(user, now).await?);
        }
        Ok(match self.base.epoch_check {
            // Whatever a mode alone could not reach, the epoch has just ended.
            EpochCheck::EveryRequest => Revocation::Immediate,
            EpochCheck::OnRenewal => slowest,
        })
    }
}
