//! Authentication of a request.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    base::{AccessCheck, ReplacedCredential},
    error::{AuthError, Refusal},
    mode::{
        AuthMode,
        issued::LaterCopies,
        principal::{Lifetime, Principal, Recognised},
        shown::{Owner, Purpose},
    },
    sign_in::{self, EndReason},
};

impl Auth {
    /// Identifies the caller by one mode. `Ok(None)`: the request has no credential of that mode.
    ///
    /// # Errors
    /// [`AuthError::Refused`] if the credential is not valid; [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn identify(&self, mode: &str, req: &Parts) -> Result<Option<Principal>, AuthError> {
        let mode = self.find_mode(mode)?;
        let recognised = self.recognise(mode.as_ref(), req, self.base.access_check).await?;
        Ok(recognised.map(|Recognised { user, sign_in, lifetime, .. }| {
            let (user_id, username, role) = (user.id, user.username, user.role);
            Principal { user_id, username, role, mode: mode.info().id, sign_in, lifetime }
        }))
    }

    /// Identifies the caller by one mode and requires a credential.
    ///
    /// # Errors
    /// [`AuthError::Missing`]; else as [`Auth::identify`].
    pub async fn caller(&self, mode: &str, req: &Parts) -> Result<Principal, AuthError> {
        self.identify(mode, req).await?.ok_or(AuthError::Missing)
    }

    /// Identifies the caller for an operation on the account. Reads the account from the database whatever the access
    /// check.
    pub(crate) async fn caller_with_account(&self, mode: &dyn AuthMode, req: &Parts) -> Result<Recognised, AuthError> {
        self.recognise(mode, req, AccessCheck::Account).await?.ok_or(AuthError::Missing)
    }

    /// The only path that identifies a caller with effect, at least as strictly as `check`: a use moves the idle limit,
    /// and a refusal is recorded. A trial of a credential asks the mode itself.
    async fn recognise(
        &self,
        mode: &dyn AuthMode,
        req: &Parts,
        check: AccessCheck,
    ) -> Result<Option<Recognised>, AuthError> {
        let check = check.max(self.base.access_check);
        match mode.authenticate(req, check, self.now()).await {
            Ok(None) => Ok(None),
            Ok(Some(recognised)) => self.touch_if_due(mode, recognised, req).await.map(Some),
            Err(error) => {
                self.handle_refusal(mode, &error, req).await?;
                Err(error)
            }
        }
    }

    /// Handles the effects of a refused credential.
    async fn handle_refusal(&self, mode: &dyn AuthMode, error: &AuthError, req: &Parts) -> Result<(), AuthError> {
        if !matches!(error, AuthError::Refused(refusal) if !refusal.is_noise()) {
            return Ok(());
        }
        let shown = mode.shown(req, Purpose::Recognise, self.now()).await?;
        if !self.end_if_replaced(mode, shown.owner(), Some(error), req).await? {
            let event = Event::new(Action::Present, req).mode(mode.info().id).owner(shown.owner());
            self.record::<()>(&event, Err(error)).await;
        }
        Ok(())
    }

    /// Writes the use of a sign-in, if the write is due, and updates the returned dates accordingly. A database that
    /// can be read but not written (a full disk, a failover) does not refuse the caller: the sign-in then keeps its
    /// dates.
    async fn touch_if_due(
        &self,
        mode: &dyn AuthMode,
        mut recognised: Recognised,
        req: &Parts,
    ) -> Result<Recognised, AuthError> {
        let (now, idle) = (self.now(), mode.lifetimes(req).idle);
        if let Some(row) = recognised.used.as_ref().filter(|row| row.is_touch_due(idle, now)) {
            let expires_at = Lifetime::idle_end(now, idle, row.absolute_expires_at);
            match sign_in::touch(&self.base.db, &row.id, expires_at, now).await {
                Ok(()) => recognised.lifetime.expires_at = expires_at,
                Err(error) if error.is_outage() => tracing::warn!(%error, "the use of a sign-in was not written"),
                Err(error) => return Err(error),
            }
        }
        Ok(recognised)
    }

    /// Ends the sign-in of a replaced credential, if `REPLACED_CREDENTIAL` says so. `true`: the end is recorded. Every
    /// operation that refuses a credential calls this after it: also a concurrent rotation may have replaced it.
    pub(crate) async fn end_if_replaced(
        &self,
        mode: &dyn AuthMode,
        owner: Option<&Owner>,
        error: Option<&AuthError>,
        req: &Parts,
    ) -> Result<bool, AuthError> {
        let is_replaced = matches!(error, Some(AuthError::Refused(Refusal::Replaced(_))));
        match owner {
            Some(owner) if is_replaced && self.replaced_credential == ReplacedCredential::End => {
                self.end_by_owner(mode.info().id, owner, EndReason::Reused, req).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Renews the request's self-contained credentials where a renewal is due. The transport layer calls this once per
    /// request, before the handler, and sets the returned cookies on the response.
    pub async fn reseal(&self, req: &Parts) -> LaterCopies {
        let mut later = Vec::new();
        for mode in &self.modes {
            let Some(stateless) = mode.stateless() else { continue };
            match stateless.reseal(req, self.now()).await {
                Ok(Some(resealed)) => later.push((mode.info().id, resealed)),
                // The handler refuses the credential and reports the reason.
                Ok(None) | Err(AuthError::Refused(_)) => {}
                Err(error) => tracing::warn!(%error, mode = mode.info().id.0, "a credential was not renewed"),
            }
        }
        LaterCopies(later)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Seconds,
        db::Db,
        testing::{Driver, PASSWORD, World, present, request},
    };

    #[tokio::test]
    async fn a_caller_is_recognised_while_the_database_cannot_be_written() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut credentials = Vec::new();
        for mode in world.modes() {
            credentials.push((mode, world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap()));
        }
        world.clock.advance(Seconds::minutes(2));
        let Db::Sqlite(pools) = world.auth.db() else { panic!("another database") };
        pools.writers.close().await;
        for (mode, issued) in credentials {
            assert!(world.auth.identify(mode.0, &present(&issued)).await.unwrap().is_some(), "{mode}");
        }
    }
}
