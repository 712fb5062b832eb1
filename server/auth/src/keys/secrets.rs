//! The application secrets of one process: `APP_SECRET`, and `APP_SECRET_PREVIOUS` while keys of the ring derive from it.

use super::app_secret::AppSecret;
use crate::{error::AuthError, secret::SecretHash};

/// Separates the fingerprint from every key (RFC 5869, 3.2): a copy of the database tells nothing about a key.
const FINGERPRINT: &str = "app secret fingerprint";

pub(super) struct Secrets {
    current: Known,
    previous: Option<Known>,
}

struct Known {
    secret: AppSecret,
    fingerprint: SecretHash,
}

impl Known {
    fn new(bytes: &[u8]) -> Result<Self, AuthError> {
        let secret = AppSecret::new(bytes)?;
        let fingerprint = SecretHash::of(secret.expand::<32>(FINGERPRINT, &[])?.as_slice());
        Ok(Self { secret, fingerprint })
    }
}

impl Secrets {
    pub(super) fn new(current: &[u8], previous: Option<&[u8]>) -> Result<Self, AuthError> {
        Ok(Self { current: Known::new(current)?, previous: previous.map(Known::new).transpose()? })
    }

    /// The secret that new keys and keyed hashes derive from.
    pub(super) fn current(&self) -> &AppSecret {
        &self.current.secret
    }

    /// Tells in the database which secret that is.
    pub(super) fn fingerprint(&self) -> &SecretHash {
        &self.current.fingerprint
    }

    /// The secret that a key derives from, by the fingerprint in its row. `None`: this process does not have it.
    pub(super) fn find(&self, fingerprint: Option<&SecretHash>) -> Option<&AppSecret> {
        // The migration makes the first key without one. It belongs to the secret of the first start.
        let Some(fingerprint) = fingerprint else { return Some(self.current()) };
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|known| known.fingerprint == *fingerprint)
            .map(|known| &known.secret)
    }
}
