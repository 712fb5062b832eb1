//! The ring: which keys there are, which one signs, and which ones are still accepted.

use std::{fmt, sync::Arc};

use serde::Serialize;
use zeroize::Zeroizing;

use super::secrets::Secrets;
use crate::{clock::Timestamp, error::AuthError, secret::SecretHash};

/// Longest name of a key.
const KID_MAX_BYTES: usize = 64;

/// Names one key of the ring: in the header of every JWT, in front of every sealed cookie, and a file in `SIGNING_KEYS_DIR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Kid(String);

impl Kid {
    /// Takes a name from an operator: 1 to 64 of the letters, digits, `-` and `_`. No dot, which ends it in a cookie; nothing that
    /// means something in a header or in a path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        ((1..=KID_MAX_BYTES).contains(&text.len()) && text.bytes().all(is_plain)).then(|| Self(text.to_owned()))
    }

    /// Takes a name that the ring has given.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a key signs tokens (RFC 7518, RFC 8037). One for each key: a token's own `alg` chooses nothing (RFC 8725, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256: SimpleJWT's default. Whoever checks can also sign.
    #[serde(rename = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[serde(rename = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[serde(rename = "HS512")]
    Hs512,
    /// Ed25519. Other services check by the public key; the best choice where their libraries know it.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, PKCS #1 v1.5. Its key cannot be derived: it comes from a file.
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlgorithm {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Hs256, Self::Hs384, Self::Hs512, Self::EdDsa, Self::Es256, Self::Rs256];

    /// As RFC 7518 writes it.
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

    /// The algorithm of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

impl TryFrom<String> for SigningAlgorithm {
    type Error = AuthError;

    fn try_from(text: String) -> Result<Self, AuthError> {
        Self::parse(&text).ok_or(AuthError::Internal("a stored algorithm is unknown"))
    }
}

/// One key: its name and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Key {
    /// Its name.
    pub kid: Kid,
    /// How it signs.
    #[sqlx(try_from = "String")]
    pub algorithm: SigningAlgorithm,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub active_from: Timestamp,
    /// From when on it is not accepted any more.
    pub retired_at: Option<Timestamp>,
    /// Which application secret it derives from.
    #[serde(skip)]
    pub(super) secret_fingerprint: Option<SecretHash>,
}

impl Key {
    /// Is what it has made accepted?
    #[must_use]
    pub fn is_accepted(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|retired_at| now < retired_at)
    }

    /// Which of these signs: the one that took over last.
    #[must_use]
    pub fn that_signs(keys: &[Self], now: Timestamp) -> Option<&Self> {
        keys.iter()
            .filter(|key| key.is_accepted(now) && key.active_from <= now)
            // Of two that took over in one second, the one that the other has not sent away.
            .max_by_key(|key| (key.active_from, key.retired_at.is_none(), key.kid.as_str()))
    }
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its name; by default a random one.
    pub kid: Option<Kid>,
    /// How it signs.
    pub algorithm: SigningAlgorithm,
    /// From when on.
    pub active_from: Timestamp,
}

/// The keys that one instance can derive.
pub struct Ring {
    keys: Vec<Key>,
    secrets: Arc<Secrets>,
}

impl Ring {
    /// Leaves out the keys of a secret that this process does not have. While instances restart with a new secret, those that
    /// wait for their restart go on signing with the old one.
    pub(super) fn new(mut keys: Vec<Key>, secrets: Arc<Secrets>) -> Self {
        keys.retain(|key| secrets.find(key.secret_fingerprint.as_ref()).is_some());
        Self { keys, secrets }
    }

    /// The key that new credentials are made with.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if there is none, which [`super::Keys::retire`] prevents.
    pub fn current(&self, now: Timestamp) -> Result<&Key, AuthError> {
        Key::that_signs(&self.keys, now).ok_or(AuthError::Internal("no key of the ring is active"))
    }

    /// The ring's own key of the name `text`, if it is accepted: a `kid` from outside selects a key, it never makes one.
    #[must_use]
    pub fn find(&self, text: &str, now: Timestamp) -> Option<&Key> {
        self.accepted(now).find(|key| key.kid.as_str() == text)
    }

    /// Every key that is accepted, those that do not sign yet included.
    pub fn accepted(&self, now: Timestamp) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.is_accepted(now))
    }

    /// The key for one purpose: `HKDF-SHA-256(secret, info = purpose ‖ 0 ‖ kid)` (RFC 5869), from the application secret that
    /// the key of that name was made under.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if the ring has no such key, or `N` is more than HKDF can give (8160 bytes).
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
