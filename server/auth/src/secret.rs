//! Secrets: wiped when dropped, redacted in logs, never serialised, hashed before they are stored.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::work::{self, Crypto};

/// The text of a credential. `Debug` is redacted and there is no `Serialize`: [`SecretString::expose`] is the only
/// access.
#[derive(Clone)]
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    /// Takes ownership of the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Exposes the text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The stored form of a secret: its SHA-256 in hex. Use it only for secrets of at least 128 random bits. A password has
/// fewer and needs the slow hash of [`crate::users::password`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// Hashes a secret. A lookup by this hash leaks nothing by its time: controlling the comparison would require a
    /// preimage.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self(work::crypto(Crypto::Sha256, || hex::encode(Sha256::digest(secret))))
    }

    /// The hash as hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash as hex digits.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}
