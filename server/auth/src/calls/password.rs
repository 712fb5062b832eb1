//! Operations that end every sign-in of the account except the caller's own. They require the password.
//!
//! One transaction raises the account's epoch, writes the new epoch into the caller's row, and replaces the caller's
//! credential. So a stolen copy of that credential ends, too. If any of the three fails, all roll back.

use std::sync::Arc;

use http::request::Parts;

use super::{Subject, audited_transaction};
use crate::{
    Auth,
    audit::{Action, Event},
    error::{AuthError, Refusal},
    mode::{
        AuthMode,
        issued::{Issued, Revocation, Rotation, Trigger},
    },
    sign_in::{self, EndReason},
    throttle::{Attempt, Throttle},
    users::{User, change::Change},
};

/// A caller whose sign-in survives while all others end.
#[derive(Debug)]
pub struct CarriedAlong {
    /// The new credential of the same sign-in.
    pub issued: Issued,
    /// When the last copy of any other credential stops working.
    pub revocation: Revocation,
}

impl Auth {
    /// Changes the caller's password. Every other sign-in of the account ends, in every mode.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`] if `current` is not the current password, [`AuthError::InvalidRegistration`] if
    /// `new` breaks the rules; [`AuthError::Conflict`] if a concurrent operation came first; [`AuthError::Missing`],
    /// [`AuthError::Refused`], [`AuthError::Throttled`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn change_password(
        &self,
        mode: &str,
        current: &str,
        new: &str,
        req: &Parts,
    ) -> Result<CarriedAlong, AuthError> {
        let change = async |user: &User| {
            let hash = self.hash_new(new, user.username.clone()).await?;
            Ok(Change::ReplacePassword { epoch: user.epoch, hash })
        };
        self.carry_along(mode, Action::ChangePassword, current, change, req).await
    }

    /// Ends every other sign-in of the account, in every mode.
    ///
    /// # Errors
    /// As [`Auth::change_password`].
    pub async fn end_others(&self, mode: &str, password: &str, req: &Parts) -> Result<CarriedAlong, AuthError> {
        let change = async |user: &User| Ok(Change::EndOthers { epoch: user.epoch });
        self.carry_along(mode, Action::EndOthers, password, change, req).await
    }

    async fn carry_along(
        &self,
        mode: &str,
        action: Action,
        password: &str,
        change: impl AsyncFnOnce(&User) -> Result<Change, AuthError>,
        req: &Parts,
    ) -> Result<CarriedAlong, AuthError> {
        let mode = self.find_mode(mode)?;
        self.with_subject(mode.as_ref(), action, req, async |subject, event| {
            let user_id = subject.user.id.clone();
            // Counted before the password is checked: each attempt costs up to two hashes.
            let carry = async {
                let attempt = self.confirm_password(&subject.user, password, req).await?;
                let change = change(&subject.user).await?;
                self.carry_subject(mode, subject, change, &attempt, event, req).await
            };
            self.counted(&user_id, carry).await
        })
        .await
    }

    async fn carry_subject(
        &self,
        mode: &Arc<dyn AuthMode>,
        subject: Subject,
        change: Change,
        attempt: &Attempt,
        event: &Event,
        req: &Parts,
    ) -> Result<CarriedAlong, AuthError> {
        let now = self.now();
        self.base.keys.ring(now).await?;
        let outcome = {
            let (mode, req, event, attempt) = (Arc::clone(mode), req.clone(), event.clone(), attempt.clone());
            let Subject { owner, user } = subject.clone();
            audited_transaction!(self, |auth, tx| {
                let epoch = change.apply(tx, &user.id, now).await?.ok_or(AuthError::Conflict)?;
                let carried = match &owner.sign_in {
                    Some(id) => {
                        let carried = sign_in::carry_to_epoch(tx, id, user.epoch, epoch, now).await?;
                        Some(carried.ok_or(AuthError::Conflict)?)
                    }
                    None => None,
                };
                let user = User { epoch, ..user.clone() };
                let rotation = mode.rotate(tx, &user, carried.as_ref(), Trigger::CarriedAlong(&req), now).await?;
                let issued = match rotation {
                    Rotation::Next(issued) => issued,
                    Rotation::Refused(refusal) => return Err(refusal.into()),
                    Rotation::Replay(replay) => return Err(Refusal::Replayed(replay).into()),
                    Rotation::Retry(_) => {
                        return Err(AuthError::Internal("a rotation that ends other sign-ins returned a retry"));
                    }
                };
                // A known address belongs to one epoch, so store it again for the new one.
                Throttle::remember_address(tx, &attempt, epoch, now).await?;
                let entry = auth.entry(&event, Ok(&issued))?;
                Ok((issued, Some(entry)))
            })
        };
        match outcome {
            Ok(issued) => Ok(CarriedAlong { issued, revocation: self.revocation_of_everything(now) }),
            // A concurrent operation came first. If the caller's sign-in still lives, that operation was its own: a
            // double click.
            Err(AuthError::Conflict) => {
                Err(self.verdict_of(&subject).await?.map_or_else(AuthError::from, |()| AuthError::Conflict))
            }
            // The transaction rolled back, but a used refresh token was presented: end its sign-in.
            Err(AuthError::Refused(Refusal::Replayed(replay))) => {
                self.end_by_owner(mode.info().id, &subject.owner, EndReason::Reused, req).await?;
                Err(Refusal::Replayed(replay).into())
            }
            Err(error) => Err(error),
        }
    }

    async fn verdict_of(&self, subject: &Subject) -> Result<Result<(), Refusal>, AuthError> {
        // Without a row, nothing tells whose operation came first: a double click or another sign-in. Refuse.
        let Some(id) = &subject.owner.sign_in else { return Ok(Err(Refusal::Revoked)) };
        let found = sign_in::find(&self.base.db, id).await?;
        Ok(found.map_or(Err(Refusal::Unknown), |found| found.verdict(self.now())))
    }
}
