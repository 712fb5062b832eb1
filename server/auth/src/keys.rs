//! Keys: derived from one application secret, one for each purpose, so that no key is ever stored and none serves two ends.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::AuthError;

/// Under 256 bits the secret, and not the ciphers, would be what an attacker guesses.
pub const APP_SECRET_MIN_BYTES: usize = 32;

/// Names one key of the ring: in the header of every JWT, and in front of every sealed cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kid(String);

impl Kid {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The keys that this server signs and seals with.
#[derive(Clone)]
pub struct Keys {
    secret: Zeroizing<Vec<u8>>,
    current: Kid,
}

impl Keys {
    /// Takes the application secret.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if it is shorter than [`APP_SECRET_MIN_BYTES`].
    pub fn new(secret: &[u8]) -> Result<Self, AuthError> {
        if secret.len() < APP_SECRET_MIN_BYTES {
            return Err(AuthError::Internal("APP_SECRET is shorter than 32 bytes"));
        }
        Ok(Self { secret: Zeroizing::new(secret.to_vec()), current: Kid("1".to_owned()) })
    }

    /// The key that new credentials are made with.
    #[must_use]
    pub fn current(&self) -> &Kid {
        &self.current
    }

    /// The ring's own name for `text`. `None` if no key has it: a `kid` from outside selects a key, it never makes one.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&Kid> {
        (self.current.0 == text).then_some(&self.current)
    }

    /// The key for one purpose: `HKDF-SHA-256(APP_SECRET, info = purpose ‖ 0 ‖ kid)` (RFC 5869).
    ///
    /// # Errors
    /// [`AuthError::Internal`] if `N` is more than HKDF can give (8160 bytes).
    pub fn derive<const N: usize>(&self, purpose: &'static str, kid: &Kid) -> Result<Zeroizing<[u8; N]>, AuthError> {
        let mut key = Zeroizing::new([0; N]);
        Hkdf::<Sha256>::new(None, &self.secret)
            .expand_multi_info(&[purpose.as_bytes(), &[0], kid.0.as_bytes()], key.as_mut_slice())
            .map_err(|_| AuthError::Internal("a derived key is too long"))?;
        Ok(key)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("current", &self.current).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(&[7; 32]).unwrap()
    }

    #[test]
    fn two_purposes_never_share_a_key() {
        let keys = keys();
        let one = keys.derive::<32>("one", keys.current()).unwrap();
        let two = keys.derive::<32>("two", keys.current()).unwrap();
        assert_ne!(one.as_slice(), two.as_slice());
    }

    #[test]
    fn the_same_secret_gives_every_instance_the_same_key() {
        let (a, b) = (keys(), keys());
        let one = a.derive::<32>("one", a.current()).unwrap();
        assert_eq!(one.as_slice(), b.derive::<32>("one", b.current()).unwrap().as_slice());
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(Keys::new(&[7; 31]).is_err());
    }

    #[test]
    fn an_unknown_kid_finds_no_key() {
        assert!(keys().find("../../dev/null").is_none());
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", keys()), r#"Keys { current: Kid("1"), .. }"#);
    }
}
