//! What concerns a token and not a mode: introspection, revocation, keys.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    clock::Seconds,
    error::AuthError,
    keys::{Key, Kid, NewKey, OVERLAP},
    mode::shown::{Introspected, Introspection},
    sign_in::EndReason,
};

/// Which kind of token a service expects (RFC 7662, 2.1: `token_type_hint`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedToken {
    /// One that opens something. The default: a service that takes any active token for access must not be shown a refresh token
    /// as active.
    Access,
    /// A refresh token.
    Refresh,
}

impl Auth {
    /// What a token of any mode stands for (RFC 7662). `None` for every reason why it stands for nothing. To ask about a used
    /// refresh token is as dangerous as to use it: the sign-in ends.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn introspect(
        &self,
        token: &str,
        expected: ExpectedToken,
        req: &Parts,
    ) -> Result<Option<Introspection>, AuthError> {
        let Some(Introspected { owner, claims, replay }) = self.find_token(token).await? else { return Ok(None) };
        if replay.is_some() {
            self.end_by_token(claims.mode, &owner, EndReason::Reused, req).await?;
        }
        let is_refresh = claims.token_use == "refresh";
        let is_expected = is_refresh == (expected == ExpectedToken::Refresh);
        Ok((owner.verdict.is_ok() && is_expected).then_some(claims))
    }

    /// Ends the sign-in that a token of any mode belongs to, alive or dead (RFC 7009). That there is none is no error.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn revoke_token(&self, token: &str, req: &Parts) -> Result<(), AuthError> {
        match self.find_token(token).await? {
            Some(found) => self.end_by_token(found.claims.mode, &found.owner, EndReason::Logout, req).await,
            None => Ok(()),
        }
    }

    async fn find_token(&self, token: &str) -> Result<Option<Introspected>, AuthError> {
        for bearer in self.modes.iter().filter_map(|mode| mode.bearer()) {
            let found = bearer.introspect(token, self.now()).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// May this service ask what a token stands for?
    #[must_use]
    pub fn is_oauth_client(&self, name: &str, secret: &str) -> bool {
        self.oauth_clients.knows(name, secret)
    }

    /// Every key of the ring, newest first.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn keys(&self) -> Result<Vec<Key>, AuthError> {
        self.base.keys.list().await
    }

    /// Adds a key to the ring. Its predecessors are accepted after it has taken over for [`OVERLAP`], or for as long as what they have
    /// made may lie unused, if that is longer.
    ///
    /// # Errors
    /// [`AuthError::KeyExists`], [`AuthError::Database`]; [`AuthError::Internal`] if a key of this name cannot sign: nothing has
    /// changed then.
    pub async fn rotate_keys(&self, new: NewKey) -> Result<Key, AuthError> {
        let mut overlap = OVERLAP;
        for stateless in self.modes.iter().filter_map(|mode| mode.stateless()) {
            // A name that is made up later has no file.
            let nameless = Kid::new(String::new());
            stateless.check_key(new.kid.as_ref().unwrap_or(&nameless), new.algorithm)?;
            overlap = Seconds::max(overlap, stateless.signed_for());
        }
        let outcome = self.base.keys.rotate(new, overlap, self.now()).await;
        self.record(&Event::by_operator(Action::RotateKey), outcome.as_ref().map(|_| &())).await;
        outcome
    }

    /// Takes a key off the ring: what it has made is refused, here at once, elsewhere within [`crate::RING_REFRESH`].
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::LastKey`], [`AuthError::Database`]
    pub async fn retire_key(&self, kid: &str) -> Result<(), AuthError> {
        let outcome = self.base.keys.retire(kid, self.now()).await;
        self.record(&Event::by_operator(Action::RetireKey), outcome.as_ref()).await;
        outcome
    }
}
