//! What a caller can ask: one file for each thing. Each file adds its methods to [`Auth`].

pub mod admin;
pub mod audit_log;
mod demo_check;
pub mod devices;
pub mod identify;
pub mod login;
pub mod logout;
pub mod oauth_clients;
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
        principal::Recognised,
        shown::{Owner, Shown},
    },
    sign_in,
    users::{self, User},
};

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

    /// The caller, recognised at least as strictly as `check`.
    pub(crate) async fn recognised(
        &self,
        mode: &dyn AuthMode,
        req: &Parts,
        check: AccessCheck,
    ) -> Result<Recognised, AuthError> {
        let check = check.max(self.base.access_check);
        mode.authenticate(req, check, self.now()).await?.ok_or(AuthError::Missing)
    }

    /// The live sign-in whose credential the request shows. Of a dead one it writes nothing and says why.
    pub(crate) async fn subject(&self, mode: &dyn AuthMode, shown: Shown, req: &Parts) -> Result<Subject, AuthError> {
        let owner = match shown {
            Shown::Absent => return Err(AuthError::Missing),
            Shown::Unreadable(refusal) => return Err(refusal.into()),
            Shown::Genuine(owner) => owner,
        };
        owner.verdict?;
        let user = match &owner.sign_in {
            None => self.recognised(mode, req, AccessCheck::SignIn).await?.user,
            Some(id) => {
                let Some(found) = sign_in::find(&self.base.db, id).await? else {
                    let user = users::find_by_id(&self.base.db, &owner.user_id).await?;
                    return Err(user.map_or(Refusal::UserGone, |_| Refusal::Unknown).into());
                };
                found.verdict(self.now())?;
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

    /// Records what was refused. What was done is recorded in its own transaction.
    pub(crate) async fn record_failure<T>(&self, event: Event<'_>, outcome: &Result<T, AuthError>) {
        if let Err(error) = outcome {
            self.record::<()>(event, Err(error)).await;
        }
    }

    /// An event about the subject of a request.
    pub(crate) fn event_of<'e>(
        mode: &dyn AuthMode,
        action: Action,
        owner: Option<&'e Owner>,
        req: &'e Parts,
    ) -> Event<'e> {
        Event::new(action, req).about(mode.info().id, owner)
    }
}
