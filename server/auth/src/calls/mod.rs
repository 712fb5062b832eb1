//! What a caller can ask: one file for each thing. Each file adds its methods to [`Auth`].

pub mod admin;
pub mod audit_log;
mod demo_check;
pub mod devices;
pub mod identify;
pub mod login;
pub mod logout;
pub mod password;
mod prune;
pub mod register;
pub mod rotate;
pub mod tokens;

use std::sync::Arc;

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    base::AccessCheck,
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::{
        AuthMode,
        issued::{Ending, Revocation},
        shown::{Owner, Shown},
    },
    sign_in,
    users::{self, User, UserId, change::Change},
};

/// Runs an act in one transaction with its entry of the audit log: `act!(self, |auth, tx| { … Ok((value, entry)) })`.
///
/// The transaction runs in a task of its own ([`Auth::whole`]), so the body owns what it uses. `entry` is `None` where nothing has
/// changed. The body runs again after a conflict, as in [`transaction!`](crate::db::transaction).
macro_rules! act {
    ($self:expr, |$auth:ident, $tx:ident| $body:expr) => {{
        let $auth = $self.clone();
        $self
            .whole(async move {
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
                    $auth.recorded(entry);
                }
                Ok(value)
            })
            .await
    }};
}
pub(crate) use act;

/// A live sign-in that a request acts for.
#[derive(Clone)]
pub(crate) struct Subject {
    pub owner: Owner,
    /// The account. Its epoch is that of the sign-in.
    pub user: User,
}

impl Auth {
    pub(crate) fn find_mode(&self, id: &str) -> Result<&Arc<dyn AuthMode>, AuthError> {
        self.modes.iter().find(|mode| mode.info().id.0 == id).ok_or(AuthError::UnknownMode)
    }

    /// Runs work to its end, also when its caller stops waiting: a client that hangs up or a time limit must not leave half of
    /// it. [`Auth::finish`] waits for what still runs.
    pub(crate) async fn whole<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, AuthError> {
        self.tasks.spawn(work).await.map_err(|_| AuthError::Internal("a transaction panicked"))?
    }

    /// The live sign-in whose credential the request shows, to be renewed or ended. A dead one causes no write, unless
    /// `REPLACED_CREDENTIAL` ends the sign-in of a replaced one.
    pub(crate) async fn subject(&self, mode: &dyn AuthMode, shown: Shown, req: &Parts) -> Result<Subject, AuthError> {
        let owner = shown.owner().cloned();
        let outcome = self.live_subject(mode, shown, req).await;
        if let Err(error) = &outcome {
            self.end_if_replaced(mode, owner.as_ref(), error, req).await?;
        }
        outcome
    }

    /// The same, without any effect.
    pub(crate) async fn live_subject(
        &self,
        mode: &dyn AuthMode,
        shown: Shown,
        req: &Parts,
    ) -> Result<Subject, AuthError> {
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

    /// When the last copy of what has ended in this mode stops working.
    pub(crate) fn revocation(mode: &dyn AuthMode, ending: Ending<'_>, now: Timestamp) -> Revocation {
        mode.stateless().map_or(Revocation::Immediate, |stateless| stateless.revocation(ending, now))
    }

    /// The same, where everything of an account has ended.
    pub(crate) fn revocation_of_everything(&self, now: Timestamp) -> Revocation {
        let each = self.modes.iter().map(|mode| Self::revocation(mode.as_ref(), Ending::Everything, now));
        each.fold(Revocation::Immediate, Revocation::or_later)
    }

    /// Records a failure. [`act!`] records a success, in the transaction of the act.
    pub(crate) async fn record_failure<T>(&self, event: &Event, outcome: &Result<T, AuthError>) {
        if let Err(error) = outcome {
            self.record::<()>(event, Err(error)).await;
        }
    }

    /// Makes a change, and counts it for its user. One that is refused does not count: a dead credential must not use up what its user
    /// may do.
    pub(crate) async fn counted<T>(
        &self,
        user: &UserId,
        change: impl Future<Output = Result<T, AuthError>> + Send,
    ) -> Result<T, AuthError> {
        let now = self.now();
        self.throttle.admit_user(user, now).await?;
        let outcome = change.await;
        if matches!(outcome, Err(AuthError::Refused(_))) {
            self.throttle.give_back_user(user, now).await?;
        }
        outcome
    }
}

/// As the audit log names a change of an account.
const fn action_of(change: &Change) -> Action {
    match change {
        Change::EndEverything => Action::Expire,
        Change::EndOthers { .. } => Action::EndOthers,
        Change::ReplacePassword { .. } => Action::ChangePassword,
        Change::SetPassword { .. } => Action::SetPassword,
        Change::Disable => Action::Disable,
        Change::Enable => Action::Enable,
    }
}
