//! Rotation: a new credential for the same sign-in, with the same absolute end.

use std::sync::Arc;

use http::request::Parts;

use super::{Subject, audited_transaction};
use crate::{
    Auth,
    audit::{Action, Event},
    clock::Timestamp,
    db::Tx,
    error::{AuthError, Refusal},
    mode::{
        AuthMode,
        issued::{Issued, Rotation, Trigger},
        principal::Lifetime,
        replay::ReuseOutcome,
        shown::{Owner, Purpose},
    },
    sign_in::{self, EndReason},
    users,
};

/// A rotation, and the result of presenting the replaced credential again.
#[derive(Debug)]
pub struct RotationTrial {
    /// The successor.
    pub issued: Issued,
    /// The dates of the replaced credential.
    pub previous: Lifetime,
    /// The result of presenting the replaced credential to identify the caller.
    pub to_sign_in: ReuseOutcome,
    /// The result of presenting the replaced credential for another rotation.
    pub to_rotate: ReuseOutcome,
}

impl Auth {
    /// Replaces the caller's credential by its successor. The mode decides how long the old one works.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::Throttled`], [`AuthError::UnknownMode`],
    /// [`AuthError::Database`]
    pub async fn rotate(&self, mode: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        self.with_subject(mode.as_ref(), Action::Rotate, req, async |subject, event| {
            self.counted(&subject.user.id, self.rotate_subject(mode, &subject, req, event, now)).await
        })
        .await
    }

    async fn rotate_subject(
        &self,
        mode: &Arc<dyn AuthMode>,
        subject: &Subject,
        req: &Parts,
        event: &Event,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        self.base.keys.ring(now).await?;
        let (mode, req, owner, event) = (Arc::clone(mode), req.clone(), subject.owner.clone(), event.clone());
        let outcome: Result<Issued, Refusal> = audited_transaction!(self, |auth, tx| {
            match rotate_in(tx, mode.as_ref(), &owner, Trigger::Asked(&req), now).await? {
                Rotation::Next(issued) | Rotation::Retry(issued) => {
                    let entry = auth.entry(&event, Ok(&issued))?;
                    Ok((Ok(issued), Some(entry)))
                }
                // This refusal has an effect. Commit the effect and the audit entry, then refuse.
                Rotation::Replay(replay) => {
                    let refusal = Refusal::Replayed(replay);
                    if let Some(id) = &owner.sign_in {
                        sign_in::end_locked(tx, id, EndReason::Reused, now).await?;
                    }
                    Ok((Err(refusal), Some(auth.entry::<()>(&event, Err(&refusal.into()))?)))
                }
                Rotation::Refused(refusal) => Ok((Err(refusal), None)),
            }
        })?;
        outcome.map_err(AuthError::from)
    }

    /// Rotates, then presents the replaced credential again: once to identify the caller, once for another rotation.
    /// The second rotation is counted and rolled back: it reports its outcome and ends nothing.
    ///
    /// # Errors
    /// As [`Auth::rotate`]. A refusal of the replaced credential is the result, not an error.
    pub async fn rotate_and_try_again(&self, mode: &str, req: &Parts) -> Result<RotationTrial, AuthError> {
        let previous = self.caller(mode, req).await?.lifetime;
        let issued = self.rotate(mode, req).await?;
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let recognised = mode.authenticate(req, self.base.access_check, now).await;
        let recognised = recognised.and_then(|found| found.ok_or(AuthError::Missing));
        let to_sign_in = self.presented(recognised.map(|found| ReuseOutcome::Accepted(found.lifetime)))?;
        let again = self.try_rotation(mode, req, now).await;
        let to_rotate = self.presented(again.map(|issued| ReuseOutcome::of_rotation(mode.as_ref(), &issued)))?;
        Ok(RotationTrial { issued, previous, to_sign_in, to_rotate })
    }

    async fn try_rotation(&self, mode: &Arc<dyn AuthMode>, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
        let Subject { owner, user } = self.subject(mode.as_ref(), shown, req).await?;
        self.base.keys.ring(now).await?;
        let (db, mode, req) = (self.base.db.clone(), Arc::clone(mode), req.clone());
        let trial = self.run_to_completion(async move {
            let mut tx = db.begin().await?;
            let outcome = rotate_in(&mut tx, mode.as_ref(), &owner, Trigger::Asked(&req), now).await;
            tx.rollback().await;
            match outcome? {
                Rotation::Next(issued) | Rotation::Retry(issued) => Ok(issued),
                Rotation::Replay(replay) => Err(Refusal::Replayed(replay).into()),
                Rotation::Refused(refusal) => Err(refusal.into()),
            }
        });
        self.counted(&user.id, trial).await
    }
}

/// Locks the sign-in, checks that it lives, and lets the mode replace its credential.
async fn rotate_in(
    tx: &mut Tx,
    mode: &dyn AuthMode,
    owner: &Owner,
    trigger: Trigger<'_>,
    now: Timestamp,
) -> Result<Rotation, AuthError> {
    let locked = match &owner.sign_in {
        Some(id) => Some(sign_in::lock(tx, id).await?.ok_or(Refusal::Unknown)?),
        None => None,
    };
    let user = users::find_in(tx, &owner.user_id).await?.ok_or(Refusal::UserGone)?;
    if let Some(Err(refusal)) = locked.as_ref().map(|locked| locked.verdict(&user, now)) {
        return Ok(Rotation::Refused(refusal));
    }
    mode.rotate(tx, &user, locked.as_ref(), trigger, now).await
}
