//! The operations of [`Auth`]: one file each.

pub mod admin;
pub mod audit_log;
mod check_password;
mod demo_check;
pub mod devices;
pub mod identify;
pub mod login;
pub mod logout;
pub mod password;
mod prune;
pub mod register;
pub mod replay;
pub mod rotate;
pub mod tokens;

use std::sync::Arc;

use http::request::Parts;
use tracing::instrument::WithSubscriber as _;

use crate::{
    Auth,
    audit::{Action, Event},
    base::{AccessCheck, ReplacedCredential},
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::{
        AuthMode,
        issued::{Ending, Revocation},
        replay::ReuseOutcome,
        shown::{Owner, Purpose, Shown},
    },
    sign_in,
    throttle::Attempt,
    users::{self, User, UserId, change::Change},
    work,
};

/// Runs an operation and its audit entry in one transaction:
/// `audited_transaction!(self, |auth, tx| { … Ok((value, entry)) })`.
///
/// The transaction runs in a task of its own ([`Auth::run_to_completion`]), so the body owns its captures. `entry` is
/// `None` where nothing changed. The body runs again after a conflict, as in [`transaction!`](crate::db::transaction).
macro_rules! audited_transaction {
    ($self:expr, |$auth:ident, $tx:ident| $body:expr) => {{
        let $auth = $self.clone();
        $self
            .run_to_completion(async move {
                let (value, entry) = $crate::db::transaction!(&$auth.base.db, |$tx| {
                    let outcome: Result<(_, Option<$crate::audit::Entry>), $crate::error::AuthError> =
                        async { $body }.await;
                    let (value, entry) = outcome?;
                    if let Some(entry) = &entry {
                        entry.insert($tx).await?;
                    }
                    Ok((value, entry))
                })?;
                if let Some(entry) = &entry {
                    $auth.log_committed(entry);
                }
                Ok(value)
            })
            .await
    }};
}
pub(crate) use audited_transaction;

/// The live sign-in that a request renews or ends.
#[derive(Clone)]
pub(crate) struct Subject {
    pub owner: Owner,
    /// The account, with the epoch of the sign-in.
    pub user: User,
}

impl Auth {
    pub(crate) fn find_mode(&self, id: &str) -> Result<&Arc<dyn AuthMode>, AuthError> {
        self.modes.iter().find(|mode| mode.info().id.0 == id).ok_or(AuthError::UnknownMode)
    }

    /// Runs work to completion in a tracked task, even if the caller is dropped: a closed connection or a time limit
    /// must not cut a transaction short. [`Auth::finish`] waits for these tasks.
    pub(crate) async fn run_to_completion<T: Send + 'static>(
        &self,
        transaction: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, AuthError> {
        let recorded = work::inherited(transaction);
        self.tasks
            .spawn(recorded.with_current_subscriber())
            .await
            .map_err(|_| AuthError::Internal("a transaction panicked"))?
    }

    /// Runs an operation on the live sign-in whose credential the request presents. Every failure is recorded. A
    /// replaced credential ends its sign-in where `REPLACED_CREDENTIAL` says so, even if a concurrent rotation replaced
    /// it during the operation.
    pub(crate) async fn with_subject<T>(
        &self,
        mode: &dyn AuthMode,
        action: Action,
        req: &Parts,
        operation: impl AsyncFnOnce(Subject, &Event) -> Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        let shown = mode.shown(req, Purpose::RenewOrEnd, self.now()).await?;
        let event = Event::new(action, req).mode(mode.info().id).owner(shown.owner());
        let owner = shown.owner().cloned();
        let outcome = async { operation(self.subject(mode, shown, req).await?, &event).await }.await;
        self.end_if_replaced(mode, owner.as_ref(), outcome.as_ref().err(), req).await?;
        // A rotation has recorded a replay together with the end of the sign-in: this does not write that event again.
        self.record_failure(&event, &outcome).await;
        outcome
    }

    /// Finds the live sign-in of a presented credential, to renew or end it. Writes nothing.
    pub(crate) async fn subject(&self, mode: &dyn AuthMode, shown: Shown, req: &Parts) -> Result<Subject, AuthError> {
        let owner = match shown {
            Shown::Absent => return Err(AuthError::Missing),
            Shown::Unreadable(refusal) => return Err(refusal.into()),
            Shown::Genuine(owner) => owner,
        };
        owner.verdict?;
        let now = self.now();
        let user = match &owner.sign_in {
            None => mode.authenticate(req, AccessCheck::SignIn, now).await?.ok_or(AuthError::Missing)?.user,
            Some(id) => {
                let Some(found) = sign_in::find(&self.base.db, id).await? else {
                    let user = users::find_by_id(&self.base.db, &owner.user_id).await?;
                    return Err(user.map_or(Refusal::UserGone, |_| Refusal::Unknown).into());
                };
                found.verdict(now)?;
                found.user
            }
        };
        Ok(Subject { owner, user })
    }

    /// When the last copy of an ended credential of this mode stops working.
    pub(crate) fn revocation(mode: &dyn AuthMode, ending: Ending<'_>, now: Timestamp) -> Revocation {
        mode.stateless().map_or(Revocation::Immediate, |stateless| stateless.revocation(ending, now))
    }

    /// Same as [`Auth::revocation`], over all modes, after the epoch of the account was raised.
    pub(crate) fn revocation_of_everything(&self, now: Timestamp) -> Revocation {
        let each = self.modes.iter().map(|mode| Self::revocation(mode.as_ref(), Ending::Everything, now));
        each.fold(Revocation::Immediate, Revocation::or_later)
    }

    /// Records a failure. [`audited_transaction!`] records a success, in the transaction of the operation.
    pub(crate) async fn record_failure<T>(&self, event: &Event, outcome: &Result<T, AuthError>) {
        if let Err(error) = outcome {
            self.record::<()>(event, Err(error)).await;
        }
    }

    /// Separates the refusal of a replaced credential, which is a result, from every other error.
    pub(crate) fn presented(&self, outcome: Result<ReuseOutcome, AuthError>) -> Result<ReuseOutcome, AuthError> {
        let Err(AuthError::Refused(refusal)) = outcome else { return outcome };
        let ends_sign_in = match refusal {
            Refusal::Replayed(_) => true,
            Refusal::Replaced(_) => self.replaced_credential == ReplacedCredential::End,
            _ => false,
        };
        Ok(ReuseOutcome::Refused { refusal, ends_sign_in })
    }

    /// Gives the count of a password check back. A failure is logged: the attempt then counts as a wrong password.
    pub(super) async fn give_back(&self, attempt: Attempt) {
        let (auth, now) = (self.clone(), self.now());
        if let Err(error) = self.run_to_completion(async move { auth.throttle.give_back(&attempt, now).await }).await {
            tracing::warn!(%error, "the throttle counters of a password check were not updated");
        }
    }

    /// Counts a change for its user and makes it. The count is given back if nothing was tried: the credential was
    /// dead, or the check of the password was not admitted.
    pub(crate) async fn counted<T>(
        &self,
        user: &UserId,
        change: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        let now = self.now();
        self.throttle.admit_user(user, now).await?;
        let outcome = change.await;
        if matches!(outcome, Err(AuthError::Refused(_) | AuthError::Throttled { .. } | AuthError::Overloaded { .. })) {
            self.throttle.give_back_user(user, now).await?;
        }
        outcome
    }
}

/// Maps a change of an account to its action in the audit log.
const fn action_of(change: &Change) -> Action {
    match change {
        Change::EndEverything(_) => Action::Expire,
        Change::EndOthers { .. } => Action::EndOthers,
        Change::ReplacePassword { .. } => Action::ChangePassword,
        Change::SetPassword { .. } => Action::SetPassword,
        Change::Disable => Action::Disable,
        Change::Enable => Action::Enable,
    }
}
