//! The application secrets of a process: `APP_SECRET`, and `APP_SECRET_PREVIOUS` while keys of the ring derive from it.

use super::app_secret::AppSecret;
use crate::{error::AuthError, secret::SecretHash};

/// The HKDF purpose of the fingerprint, distinct from that of every key (RFC 5869, 3.2): the stored fingerprint reveals
/// nothing about a key.
const FINGERPRINT: &str = "app secret fingerprint";

pub(super) struct Secrets {
    current: IdentifiedSecret,
    previous: Option<IdentifiedSecret>,
}

struct IdentifiedSecret {
    secret: AppSecret,
    fingerprint: SecretHash,
}

impl IdentifiedSecret {
    fn new(bytes: &[u8]) -> Result<Self, AuthError> {
        let secret = AppSecret::new(bytes)?;
        let fingerprint = SecretHash::of(secret.expand::<32>(FINGERPRINT, &[])?.as_slice());
        Ok(Self { secret, fingerprint })
    }
}

impl Secrets {
    pub(super) fn new(current: &[u8], previous: Option<&[u8]>) -> Result<Self, AuthError> {
        Ok(Self {
            current: IdentifiedSecret::new(current)?,
            previous: previous.map(IdentifiedSecret::new).transpose()?,
        })
    }

    /// The secret that new keys and keyed hashes derive from.
    pub(super) fn current(&self) -> &AppSecret {
        &self.current.secret
    }

    /// Identifies the current secret in the database.
    pub(super) fn fingerprint(&self) -> &SecretHash {
        &self.current.fingerprint
    }

    /// Finds the secret of a key by the fingerprint in its row. `None`: this process does not have it.
    pub(super) fn find(&self, fingerprint: Option<&SecretHash>) -> Option<&AppSecret> {
        // The migration inserts the first key without a fingerprint. It belongs to the secret of the first start.
        let Some(fingerprint) = fingerprint else { return Some(self.current()) };
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|secret| secret.fingerprint == *fingerprint)
            .map(|found| &found.secret)
    }
}
