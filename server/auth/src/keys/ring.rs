//! The ring: all keys, the one that signs, and those that are accepted.

use std::{fmt, sync::Arc};

use serde::Serialize;
use zeroize::Zeroizing;

use super::secrets::Secrets;
use crate::{clock::Timestamp, error::AuthError, secret::SecretHash};

/// Maximum length of a key's name.
const KID_MAX_BYTES: usize = 64;

/// The name of a key of the ring. It is in every credential that the key makes, and names a file in
/// `SIGNING_KEYS_DIR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Kid(String);

impl Kid {
    /// Parses a name from an operator: 1 to 64 letters, digits, `-` and `_`. A dot would end the name in a cookie.
    /// Other characters have a meaning in a header or a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        ((1..=KID_MAX_BYTES).contains(&text.len()) && text.bytes().all(is_plain)).then(|| Self(text.to_owned()))
    }

    /// Wraps a name that is in the ring.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The signature algorithm of a key (RFC 7518, RFC 8037). Each key has one: the `alg` of a token has no effect (RFC
/// 8725, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256. Every service that can verify can also sign.
    #[serde(rename = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[serde(rename = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[serde(rename = "HS512")]
    Hs512,
    /// Ed25519. Other services verify with the public key. The best choice where their libraries support it.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, PKCS #1 v1.5. Its key cannot be derived, so it comes from a file.
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlgorithm {
    /// All supported algorithms.
    pub const ALL: [Self; 6] = [Self::Hs256, Self::Hs384, Self::Hs512, Self::EdDsa, Self::Es256, Self::Rs256];

    /// The spelling of RFC 7518.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// Parses the spelling of RFC 7518.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

impl TryFrom<String> for SigningAlgorithm {
    type Error = AuthError;

    fn try_from(text: String) -> Result<Self, AuthError> {
        Self::parse(&text).ok_or(AuthError::Internal("the database contains an unknown algorithm"))
    }
}

/// A key of the ring: its name and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Key {
    /// The name.
    pub kid: Kid,
    /// The signature algorithm. Encryption does not use it.
    #[sqlx(try_from = "String")]
    pub algorithm: SigningAlgorithm,
    /// When it was added to the ring.
    pub created_at: Timestamp,
    /// It signs from this instant on.
    pub active_from: Timestamp,
    /// Its credentials are refused from this instant on. `None`: no end is set.
    pub retired_at: Option<Timestamp>,
    /// The application secret that it derives from.
    #[serde(skip)]
    pub(super) secret_fingerprint: Option<SecretHash>,
}

impl Key {
    /// Are credentials of this key accepted?
    #[must_use]
    pub fn is_accepted(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|retired_at| now < retired_at)
    }

    /// The signing key: the accepted one that took over last.
    #[must_use]
    pub fn that_signs(keys: &[Self], now: Timestamp) -> Option<&Self> {
        keys.iter()
            .filter(|key| key.is_accepted(now) && key.active_from <= now)
            // Of two that took over in the same second, prefer the one that the other has not retired.
            .max_by_key(|key| (key.active_from, key.retired_at.is_none(), key.kid.as_str()))
    }
}

/// A key to add to the ring.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its name. `None`: a random one.
    pub kid: Option<Kid>,
    /// The signature algorithm.
    pub algorithm: SigningAlgorithm,
    /// When it takes over.
    pub active_from: Timestamp,
}

/// The keys that this instance can derive.
pub struct Ring {
    keys: Vec<Key>,
    secrets: Arc<Secrets>,
}

impl Ring {
    /// Drops the keys of a secret that this process does not have. During a rolling restart with a new secret,
    /// instances that still have the old one keep signing with it.
    pub(super) fn new(mut keys: Vec<Key>, secrets: Arc<Secrets>) -> Self {
        keys.retain(|key| secrets.find(key.secret_fingerprint.as_ref()).is_some());
        Self { keys, secrets }
    }

    /// The key for new credentials.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if there is none. [`super::Keys::retire`] prevents that.
    pub fn current(&self, now: Timestamp) -> Result<&Key, AuthError> {
        Key::that_signs(&self.keys, now).ok_or(AuthError::Internal("no key of the ring can sign"))
    }

    /// Finds an accepted key by name. An untrusted `kid` only selects a key of the ring.
    #[must_use]
    pub fn find(&self, text: &str, now: Timestamp) -> Option<&Key> {
        self.accepted(now).find(|key| key.kid.as_str() == text)
    }

    /// Every accepted key, including those that do not sign yet.
    pub fn accepted(&self, now: Timestamp) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.is_accepted(now))
    }

    /// Derives the key for one purpose: `HKDF-SHA-256(secret, info = purpose ‖ 0 ‖ kid)` (RFC 5869). `secret` is the
    /// application secret that the key was added under.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if the ring has no such key, or `N` exceeds the output of HKDF (8160 bytes).
    pub fn derive<const N: usize>(&self, purpose: &'static str, kid: &Kid) -> Result<Zeroizing<[u8; N]>, AuthError> {
        let key = self.keys.iter().find(|key| key.kid == *kid);
        let secret = key.and_then(|key| self.secrets.find(key.secret_fingerprint.as_ref()));
        secret.ok_or(AuthError::Internal("the ring has no key of this name"))?.expand(purpose, kid.as_str().as_bytes())
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("keys", &self.keys).finish_non_exhaustive()
    }
}
