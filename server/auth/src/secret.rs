//! Secrets: wiped when dropped, never printed, never serialised, hashed before they are stored.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Text that signs somebody in. `Debug` is redacted and there is no `Serialize`: to let it out, say [`SecretString::expose`].
#[derive(Clone)]
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself.
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

/// What is stored in place of a secret: its SHA-256, in hex. Only for secrets of at least 128 random bits; a password,
/// which has fewer, needs the slow hash of [`crate::users::password`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// Hashes a secret. Looking a row up by this hash leaks nothing by time: to steer the comparison one would need a
    /// preimage.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(secret)))
    }

    /// The hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hex digits.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}
