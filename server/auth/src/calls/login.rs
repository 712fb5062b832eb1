//! Signing in. Only a password begins a sign-in.

use std::sync::Arc;

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    db::transaction,
    error::AuthError,
    mode::{AuthMode, client::Client, issued::Issued},
    sign_in::{self, EndReason, SignIn},
    users::{self, User},
};

impl Auth {
    /// Checks a password and signs the user in by one mode. The sign-in of that mode that the request shows, if any, ends.
    ///
    /// # Errors
    /// [`AuthError::InvalidCredentials`] for an unknown user, a wrong password and a disabled account alike, after the same
    /// work; [`AuthError::Throttled`], [`AuthError::UnknownMode`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn login(&self, mode: &str, username: &str, password: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        let (account, checked) = self.check_login(username, password, req).await;
        let outcome = match checked {
            Ok(user) => self.begin(mode, user, req).await,
            Err(error) => Err(error),
        };
        let event = Event { mode: Some(mode.info().id), user: account.as_ref(), ..Event::new(Action::Login, req) };
        self.record_failure(event, &outcome).await;
        outcome
    }

    /// Begins a sign-in. `user` comes from the select that read the password hash, and so does its epoch. If the account has
    /// changed since, the sign-in carries the number of before and does not live.
    pub(crate) async fn begin(&self, mode: &Arc<dyn AuthMode>, user: User, req: &Parts) -> Result<Issued, AuthError> {
        let now = self.now();
        let shown = mode.shown(req, now).await?;
        // Read before the transaction begins: inside it, nothing asks the pool for a second connection.
        self.base.keys.ring(now).await?;
        let (auth, mode, req) = (self.clone(), Arc::clone(mode), req.clone());
        self.whole(async move {
            let info = mode.info();
            let (lifetimes, client) = (mode.lifetimes(&req), Client::of(&req));
            let new = SignIn::new(&user, info.id, lifetimes, client, (now, auth.next_in_sequence()))?;
            let replaced = shown.owner().and_then(|owner| owner.sign_in.as_ref());
            let (issued, entry) = transaction!(&auth.base.db, |tx| {
                users::record_login(tx, &user.id, auth.update_last_login.then_some(now)).await?;
                if let Some(replaced) = replaced {
                    sign_in::end(tx, replaced, EndReason::Replaced, now).await?;
                }
                if info.remembers {
                    new.insert(tx).await?;
                    sign_in::end_beyond_limit(tx, &new, auth.sign_in_limit, now).await?;
                }
                let issued = mode.issue(tx, &new, &user, &req, now).await?;
                let event = Event {
                    mode: Some(info.id),
                    user: Some(&user.id),
                    credential: Some(new.id.as_str()),
                    ..Event::new(Action::Login, &req)
                };
                let entry = auth.entry(event, Ok(&issued))?;
                entry.insert(tx).await?;
                Ok((issued, entry))
            })?;
            entry.log();
            Ok(issued)
        })
        .await
    }
}
