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
    throttle::Attempt,
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
        let attempt = match self.admit_login(username, req).await {
            Ok(attempt) => attempt,
            Err(refused) => return (None, Err(refused)),
        };
        let (account, checked) = self.check_password(username, password).await;
        let outcome = match checked {
            Ok(user) => self.begin(mode, user, Some(attempt.clone()), req).await,
            Err(error) => Err(error),
        };
        // A wrong password stays counted, and the transaction of a login has given the count back.
        if matches!(&outcome, Err(error) if !matches!(error, AuthError::InvalidCredentials)) {
            self.give_back(attempt).await;
        }
        (account, outcome)
    }

    async fn admit_login(&self, username: &str, req: &Parts) -> Result<Attempt, AuthError> {
        let (auth, username, req) = (self.clone(), username.to_owned(), req.clone());
        let now = self.now();
        self.run_to_completion(async move { auth.throttle.admit_login(&username, &req, now).await }).await
    }

    /// Begins a sign-in. `user`, and so its epoch, comes from the select that read the password hash. If the account
    /// has changed since, the sign-in carries the old epoch and never lives. `attempt` is the check of the password.
    pub(crate) async fn begin(
        &self,
        mode: &Arc<dyn AuthMode>,
        user: User,
        attempt: Option<Attempt>,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        let now = self.now();
        let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
        // Read the ring before the transaction: inside a transaction, nothing may ask the pool for a second connection.
        self.base.keys.ring(now).await?;
        let (lifetimes, client) = (mode.lifetimes(req), Client::of(req));
        let new = SignIn::new(&user, mode.info().id, lifetimes, client, (now, self.next_in_sequence()))?;
        let event = Event::new(Action::Login, req).mode(mode.info().id).user(Some(&user.id)).sign_in(Some(&new));
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
            if let Some(attempt) = &attempt {
                auth.throttle.settle_login(tx, attempt, user.epoch, now).await?;
            }
            let entry = auth.entry(&event, Ok(&issued))?;
            Ok((issued, Some(entry)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use crate::{
        Recording, StepKind,
        mode::client::ClientAddress,
        on_both_databases,
        testing::{PASSWORD, World, request},
    };

    /// The number of transactions that were committed, those of single statements included.
    fn commits(recording: &Recording) -> usize {
        let (mut is_open, mut commits) = (false, 0);
        for step in recording.steps() {
            let StepKind::Statement { name, sql, .. } = step.kind else { continue };
            let writes = ["insert", "update", "delete"].iter().any(|verb| sql.starts_with(verb));
            if name == "begin" {
                is_open = true;
            } else if name == "commit" || (writes && !is_open) {
                (is_open, commits) = (false, commits + 1);
            }
        }
        commits
    }

    on_both_databases! {
        // One before the hash, so that concurrent guesses are counted, and one after it.
        async fn a_login_commits_twice_whether_the_password_is_right_or_wrong(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let (mode, mut req) = (world.modes()[0].0, request(&[]));
            req.extensions.insert(ClientAddress(Ipv4Addr::LOCALHOST.into()));
            for password in [PASSWORD, "wrong"] {
                let recording = Recording::default();
                _ = recording.of(world.auth.login(mode, "alice", password, &req)).await;
                assert_eq!(commits(&recording), 2, "{password}: {:?}", recording.steps());
            }
        }
    }
}
