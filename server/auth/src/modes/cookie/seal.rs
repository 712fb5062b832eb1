//! The seal: what is in it, and how it is put on and opened.

use cookie::{Cookie, CookieJar, Key};
use serde::{Deserialize, Serialize};

use super::{COOKIE, SealedCookie};
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    keys::{Kid, Ring},
    mode::principal::Lifetime,
    users::{Role, UserId},
};

pub(super) const PURPOSE: &str = "cookie seal";

/// What is sealed. Ids, dates and a name: sealed is not a reason to carry more.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub user_id: UserId,
    pub username: String,
    pub role: Role,
    pub epoch: i64,
    pub issued_at: Timestamp,
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
}

impl SealedCookie {
    /// `kid.ciphertext`. The cookie's name is authenticated with it, so that it cannot be moved into another cookie.
    pub(super) async fn seal(&self, payload: &Payload, now: Timestamp) -> Result<String, AuthError> {
        let ring = self.keys.ring(now).await?;
        let kid = &ring.current(now)?.kid;
        let text = serde_json::to_string(payload).map_err(|_| AuthError::Internal("a payload does not serialise"))?;
        let mut jar = CookieJar::new();
        jar.private_mut(&seal_key(&ring, kid)?).add((COOKIE, text));
        let sealed = jar.get(COOKIE).ok_or(AuthError::Internal("a jar lost its cookie"))?;
        Ok(format!("{}.{}", kid.as_str(), sealed.value()))
    }

    pub(super) async fn unseal(&self, text: &str, now: Timestamp) -> Result<Payload, AuthError> {
        let (kid, sealed) = text.split_once('.').ok_or(Refusal::Malformed)?;
        let ring = self.keys.ring(now).await?;
        let kid = &ring.find(kid, now).ok_or(Refusal::Unknown)?.kid;
        let jar = CookieJar::new();
        let opened = jar
            .private(&seal_key(&ring, kid)?)
            .decrypt(Cookie::new(COOKIE, sealed.to_owned()))
            .ok_or(Refusal::Malformed)?;
        serde_json::from_str(opened.value()).map_err(|_| Refusal::Malformed.into())
    }
}

fn seal_key(ring: &Ring, kid: &Kid) -> Result<Key, AuthError> {
    // The jar wants 512 bits: the half that signs is not used here.
    Ok(Key::from(ring.derive::<64>(PURPOSE, kid)?.as_slice()))
}
