//! The payload of the sealed cookie, and its encryption.

use std::sync::Arc;

use cookie::{Cookie, CookieJar, Key};
use serde::{Deserialize, Serialize};

use crate::{
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
    keys::{Keys, Kid, Prepared, Ring},
    mode::principal::Lifetime,
    sign_in::SignInId,
    users::{Role, User, UserId},
    work::{self, Crypto},
};

/// `__Host-`: only this host can set the cookie, for the whole host, over HTTPS (RFC 6265bis, 4.1.3.2).
pub(super) const COOKIE: &str = "__Host-auth";
pub(super) const PURPOSE: &str = "cookie seal";

/// The sealed content: ids, dates and a name. Keep it minimal, although it is encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Payload {
    /// The id of the sign-in. It has no row: a logout writes it into the marker in the browser.
    pub id: SignInId,
    pub user_id: UserId,
    pub username: String,
    pub role: Role,
    /// The account's epoch.
    pub epoch: i64,
    /// The epoch of the sealed cookies.
    pub cookie_epoch: i64,
    /// When this generation was issued. A renewal keeps it.
    pub issued_at: Timestamp,
    pub sealed_at: Timestamp,
    pub expires_at: Timestamp,
    pub absolute_expires_at: Timestamp,
    pub generation: i64,
}

impl Payload {
    pub(super) fn lifetime(&self) -> Lifetime {
        Lifetime {
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            absolute_expires_at: self.absolute_expires_at,
            generation: self.generation,
        }
    }

    /// The account as of the login or the last rotation.
    pub(super) fn user(&self) -> User {
        User::claimed(self.user_id.clone(), self.username.clone(), self.role, self.epoch)
    }

    /// The same identity with the same epochs and a later idle limit.
    pub(super) fn sealed_again(&self, idle: Seconds, now: Timestamp) -> Self {
        let expires_at = Lifetime::idle_end(now, idle, self.absolute_expires_at);
        Self { sealed_at: now, expires_at, ..self.clone() }
    }
}

/// Seals and opens with the keys of the ring.
pub(super) struct Seal {
    keys: Keys,
    prepared: Prepared<Key>,
}

impl Seal {
    pub(super) fn new(keys: Keys) -> Self {
        Self { keys, prepared: Prepared::default() }
    }

    /// Returns `kid.ciphertext`. The cookie's name is authenticated with it, so that the value is not valid in another
    /// cookie.
    pub(super) async fn seal(&self, payload: &Payload, now: Timestamp) -> Result<String, AuthError> {
        let ring = self.keys.ring(now).await?;
        let kid = &ring.current(now)?.kid;
        let text = serde_json::to_string(payload)
            .map_err(|_| AuthError::Internal("the payload of a cookie could not be serialised"))?;
        let mut jar = CookieJar::new();
        let key = self.key(&ring, kid)?;
        work::crypto(Crypto::Encryption, || jar.private_mut(&key).add((COOKIE, text)));
        let sealed = jar.get(COOKIE).ok_or(AuthError::Internal("a cookie could not be sealed"))?;
        Ok(format!("{}.{}", kid.as_str(), sealed.value()))
    }

    pub(super) async fn open(&self, text: &str, now: Timestamp) -> Result<Payload, AuthError> {
        let (kid, sealed) = text.split_once('.').ok_or(Refusal::Malformed)?;
        let ring = self.keys.ring(now).await?;
        let kid = &ring.find(kid, now).ok_or(Refusal::Unknown)?.kid;
        let (jar, key) = (CookieJar::new(), self.key(&ring, kid)?);
        let sealed = Cookie::new(COOKIE, sealed.to_owned());
        let opened =
            work::crypto(Crypto::Decryption, || jar.private(&key).decrypt(sealed)).ok_or(Refusal::Malformed)?;
        serde_json::from_str(opened.value()).map_err(|_| Refusal::Malformed.into())
    }

    fn key(&self, ring: &Ring, kid: &Kid) -> Result<Arc<Key>, AuthError> {
        // The jar requires 512 bits. Its signing half is not used here.
        self.prepared.get(kid, || Ok(Key::from(ring.derive::<64>(PURPOSE, kid)?.as_slice())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mode::ModeId,
        testing::{Driver, World},
        work::{Recording, StepKind},
    };

    #[tokio::test]
    async fn the_key_of_a_seal_is_derived_once() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let req = world.log_in(ModeId("cookie"), "alice").await.unwrap();
        let recording = Recording::default();
        assert!(recording.of(world.auth.identify("cookie", &req)).await.unwrap().is_some());
        let crypto =
            recording.steps().into_iter().map(|step| step.kind).filter(|kind| matches!(kind, StepKind::Crypto(_)));
        assert_eq!(crypto.collect::<Vec<_>>(), [StepKind::Crypto(Crypto::Decryption)]);
    }
}
