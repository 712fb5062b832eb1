//! What concerns a token and not a mode: the endpoints of a token library, introspection, revocation, keys.

use http::request::Parts;
use serde_json::Value;

use crate::{
    Auth,
    audit::{Action, Event},
    calls::login::Grant,
    clock::Seconds,
    error::{AuthError, Refusal},
    keys::{Key, Kid, LEAD, NewKey, OVERLAP, SigningAlgorithm},
    mode::AuthMode,
    mode::issued::Issued,
    mode::principal::Principal,
    settings::SettingsError,
    token_service::{Introspection, TokenService},
    users,
};

/// Which tokens a password is exchanged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenGrant {
    /// Access and refresh token.
    Pair,
    /// One sliding token.
    Sliding,
}

impl Auth {
    /// The mode that offers the endpoints of a token library, if one does.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`]
    fn token_mode(&self) -> Result<(&dyn AuthMode, &dyn TokenService), AuthError> {
        self.modes
            .iter()
            .find_map(|mode| mode.token_service().map(|service| (mode.as_ref(), service)))
            .ok_or(AuthError::UnknownMode)
    }

    /// The endpoints of a token library.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`] if no mode has them.
    pub fn token_service(&self) -> Result<&dyn TokenService, AuthError> {
        Ok(self.token_mode()?.1)
    }

    /// Exchanges a password for tokens, in the body whoever asks.
    ///
    /// # Errors
    /// As [`Auth::login`].
    pub async fn obtain_tokens(
        &self,
        grant: TokenGrant,
        username: &str,
        password: &str,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        let grant = match grant {
            TokenGrant::Pair => Grant::Pair,
            TokenGrant::Sliding => Grant::Sliding,
        };
        self.sign_in(self.token_mode()?.0, grant, username, password, req).await
    }

    /// Exchanges a refresh token, or a sliding token, for its successor.
    ///
    /// # Errors
    /// [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn renew_tokens(&self, grant: TokenGrant, token: &str, req: &Parts) -> Result<Issued, AuthError> {
        let (mode, service) = self.token_mode()?;
        let now = self.now();
        let owner = service.owner_of(token, now).await?;
        let renewed = match grant {
            TokenGrant::Pair => service.refresh(token, now),
            TokenGrant::Sliding => service.refresh_sliding(token, now),
        };
        let outcome = self.counted(owner.as_ref().map(|owner| &owner.user_id), renewed).await;
        self.record(Event::new(Action::Rotate, req).about(mode.info().id, owner.as_ref()), outcome.as_ref()).await;
        outcome
    }

    /// Ends the sign-in of a refresh token.
    ///
    /// # Errors
    /// [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn blacklist_token(&self, token: &str, req: &Parts) -> Result<(), AuthError> {
        let (mode, service) = self.token_mode()?;
        let owner = service.owner_of(token, self.now()).await?;
        let outcome = service.blacklist(token, self.now()).await;
        self.record(Event::new(Action::Logout, req).about(mode.info().id, owner.as_ref()), outcome.as_ref()).await;
        outcome
    }

    /// Is a token genuine, alive and not revoked, whatever it is for?
    ///
    /// # Errors
    /// [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn verify_token(&self, token: &str) -> Result<(), AuthError> {
        self.token_service()?.verify(token, self.now()).await
    }

    /// Recognises the caller by an access token.
    ///
    /// # Errors
    /// [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn identify_by_token(&self, token: &str) -> Result<Principal, AuthError> {
        let principal = self.token_service()?.authenticate(token, self.now()).await?;
        // SimpleJWT looks the user up with each request, whatever our `CHECK_EPOCH` saves elsewhere.
        let user = users::find_by_id(&self.base.db, &principal.user_id).await?.ok_or(Refusal::UserGone)?;
        if user.is_active() { Ok(principal) } else { Err(Refusal::UserInactive.into()) }
    }

    /// What a token of any mode stands for (RFC 7662). `None` for every reason why it stands for nothing.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn introspect(&self, token: &str) -> Result<Option<Introspection>, AuthError> {
        let now = self.now();
        for mode in self.modes.iter() {
            if let Some(found) = mode.introspect(token, now).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Ends the sign-in that a token of any mode belongs to (RFC 7009). That there is none is no error.
    ///
    /// # Errors
    /// [`AuthError::NotRevocable`], [`AuthError::Database`]
    pub async fn revoke_token(&self, token: &str, req: &Parts) -> Result<(), AuthError> {
        let now = self.now();
        for mode in self.modes.iter() {
            if let Some(owner) = mode.revoke_token(token, now).await? {
                self.record(Event::new(Action::Logout, req).about(mode.info().id, Some(&owner)), Ok(&())).await;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The public keys of the ring, as a JWK Set has them (RFC 7517). Empty where every key is symmetric, or nothing signs.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn jwks(&self) -> Result<Vec<Value>, AuthError> {
        match self.token_service() {
            Ok(service) => service.jwks(self.now()).await,
            Err(_) => Ok(Vec::new()),
        }
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
        if let Ok(service) = self.token_service() {
            // A name that is made up later has no file.
            let nameless = Kid::new(String::new());
            service.check_key(new.kid.as_ref().unwrap_or(&nameless), new.algorithm)?;
        }
        let overlap = self.modes.iter().map(|mode| mode.signed_for()).fold(OVERLAP, Seconds::max);
        let outcome = self.base.keys.rotate(new, overlap, self.now()).await;
        self.record(Event::by_operator(Action::RotateKey), outcome.as_ref().map(|_| &())).await;
        outcome
    }

    /// Setting `ALGORITHM`: sees to it that a key of this algorithm signs. The first one has a fixed name, so that instances that
    /// start at once add one and the same; later ones are an operator's, who may decide otherwise.
    ///
    /// # Errors
    /// [`AuthError::Settings`]; else as [`Auth::rotate_keys`].
    pub async fn adopt_algorithm(&self) -> Result<(), AuthError> {
        let Some(text) = self.base.settings.text("ALGORITHM") else { return Ok(()) };
        let algorithm = SigningAlgorithm::parse(text).ok_or_else(|| SettingsError {
            name: "ALGORITHM",
            expected: "HS256, HS384, HS512, EdDSA, ES256 or RS256".to_owned(),
        })?;
        let now = self.now();
        if self.base.keys.ring(now).await?.current(now)?.algorithm == algorithm {
            return Ok(());
        }
        let kid = Some(Kid::new(format!("{}-1", algorithm.as_str())));
        match self.rotate_keys(NewKey { kid, algorithm, active_from: now.plus(LEAD) }).await {
            Err(AuthError::KeyExists) => {
                tracing::warn!("ALGORITHM={text}, and another key signs: `server keys list` tells which");
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    }

    /// Takes a key off the ring: what it has made is refused, here at once, elsewhere within [`crate::RING_REFRESH`].
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::LastKey`], [`AuthError::Database`]
    pub async fn retire_key(&self, kid: &str) -> Result<(), AuthError> {
        let outcome = self.base.keys.retire(kid, self.now()).await;
        self.record(Event::by_operator(Action::RetireKey), outcome.as_ref()).await;
        outcome
    }
}
