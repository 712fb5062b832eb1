//! Operations on a token of any mode (introspection, revocation) and on the key ring.

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

/// The kind of token that a service expects (RFC 7662, 2.1: `token_type_hint`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedToken {
    /// A token that grants access. The default: a service that treats every active token as an access token must not
    /// see a refresh token as active.
    Access,
    /// A refresh token.
    Refresh,
}

impl Auth {
    /// Introspects a token of any mode (RFC 7662). `None`: the token is not active, whatever the reason. Introspecting
    /// a used refresh token has the same effect as using it: the sign-in ends.
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
            self.end_by_owner(claims.mode, &owner, EndReason::Reused, req).await?;
        }
        let is_refresh = claims.token_use == "refresh";
        let is_expected = is_refresh == (expected == ExpectedToken::Refresh);
        Ok((owner.verdict.is_ok() && is_expected).then_some(claims))
    }

    /// Ends the sign-in of a token of any mode, alive or dead (RFC 7009). An unknown token is no error.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn revoke_token(&self, token: &str, req: &Parts) -> Result<(), AuthError> {
        match self.find_token(token).await? {
            Some(found) => self.end_by_owner(found.claims.mode, &found.owner, EndReason::Logout, req).await.map(drop),
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

    /// Checks the name and secret of a service that wants to introspect tokens.
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

    /// Adds a key to the ring. Its predecessors stay accepted for [`OVERLAP`] after the new key takes over, or longer
    /// where an unused credential lives longer than that.
    ///
    /// # Errors
    /// [`AuthError::KeyExists`], [`AuthError::Database`]; [`AuthError::Settings`] if a key of this name cannot sign.
    /// Nothing has changed then.
    pub async fn rotate_keys(&self, new: NewKey) -> Result<Key, AuthError> {
        let mut overlap = OVERLAP;
        for stateless in self.modes.iter().filter_map(|mode| mode.stateless()) {
            // A key without a name gets a random one, for which no file can exist.
            let nameless = Kid::new(String::new());
            stateless.check_key(new.kid.as_ref().unwrap_or(&nameless), new.algorithm)?;
            overlap = Seconds::max(overlap, stateless.signed_for());
        }
        let outcome = self.base.keys.rotate(new, overlap, self.now()).await;
        self.record(&Event::by_operator(Action::RotateKey), outcome.as_ref().map(|_| &())).await;
        outcome
    }

    /// Retires a key. Its credentials are refused by this instance at once, and by others within
    /// [`crate::RING_REFRESH`].
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::LastKey`], [`AuthError::Database`]
    pub async fn retire_key(&self, kid: &str) -> Result<(), AuthError> {
        let outcome = self.base.keys.retire(kid, self.now()).await;
        self.record(&Event::by_operator(Action::RetireKey), outcome.as_ref()).await;
        outcome
    }
}
