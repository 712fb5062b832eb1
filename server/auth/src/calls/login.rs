//! Login. Only a password begins a sign-in.

use std::sync::Arc;

use http::request::Parts;

use super::audited_transaction;
use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    mode::{AuthMode, client::Client, issued::Issued, shown::Purpose},
    sign_in::{self, EndReason, SignIn},
    users::{self, User, UserId},
};

impl Auth {
    /// Checks a password and signs the user in by one mode. If the request presents a credential of that mode, its
    /// sign-in ends.
    ///
    /// # Errors
    /// [`AuthError::InvalidCredentials`] for an unknown user, a wrong password and a disabled account alike, after the
    /// same work; [`AuthError::Throttled`], [`AuthError::UnknownMode`], [`AuthError::Overloaded`],
    /// [`AuthError::Database`]
    pub async fn login(&self, mode: &str, username: &str, password: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        let (account, outcome) = self.try_login(mode, username, password, req).await;
        let event = Event::new(Action::Login, req).mode(mode.info().id).user(account.as_ref());
        self.record_failure(&event, &outcome).await;
        outcome
    }

    /// Returns the account of this user name, if there is one, and the outcome.
    async fn try_login(
        &self,
        mode: &Arc<dyn AuthMode>,
        username: &str,
        password: &str,
        req: &Parts,
    ) -> (Option<UserId>, Result<Issued, AuthError>) {
        let now = self.now();
        let attempt = match self.throttle.admit_login(username, req, now).await {
            Ok(attempt) => attempt,
            Err(refused) => return (None, Err(refused)),
        };
        let (account, checked) = self.check_password(username, password).await;
        let epoch = checked.as_ref().ok().map(|user| user.epoch);
        let outcome = match checked {
            Ok(user) => self.begin(mode, user, req).await,
            Err(error) => Err(error),
        };
        // The sign-in already exists: a failure here must not lose its credential. The attempt then counts as a wrong
        // password.
        if let Err(error) = self.throttle.settle_login(&attempt, outcome.as_ref(), epoch, now).await {
            tracing::warn!(%error, "the throttle counters of a login were not updated");
        }
        (account, outcome)
    }

    /// Begins a sign-in. `user`, and so its epoch, comes from the select that read the password hash. If the account
    /// has changed since, the sign-in carries the old epoch and is born dead.
    pub(crate) async fn begin(&self, mode: &Arc<dyn AuthMode>, user: User, req: &Parts) -> Result<Issued, AuthError> {
        let now = self.now();
        let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
        // Read the ring before the transaction: inside a transaction, nothing may ask the pool for a second connection.
        self.base.keys.ring(now).await?;
        let (lifetimes, client) = (mode.lifetimes(req), Client::of(req));
        let new = SignIn::new(&user, mode.info().id, lifetimes, client, (now, self.next_in_sequence()))?;
        let event = Event::new(Action::Login, req).mode(mode.info().id).user(Some(&user.id));
        let event = event.credential(Some(new.id.as_str()));
        let (mode, req) = (Arc::clone(mode), req.clone());
        audited_transaction!(self, |auth, tx| {
            users::record_login(tx, &user.id, auth.update_last_login.then_some(now)).await?;
            if let Some(replaced) = shown.owner().and_then(|owner| owner.sign_in.as_ref()) {
                sign_in::end(tx, replaced, EndReason::Replaced, now).await?;
            }
            if mode.info().remembers {
                new.insert(tx).await?;
                sign_in::end_beyond_limit(tx, &new, auth.sign_in_limit, now).await?;
            }
            let issued = mode.issue(tx, &new, &user, &req, now).await?;
            let entry = auth.entry(&event, Ok(&issued))?;
            Ok((issued, Some(entry)))
        })
    }
}
