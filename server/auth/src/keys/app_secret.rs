//! The application secret. Every key is derived from it.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;
use zxcvbn::Score;

use crate::{
    error::AuthError,
    settings::SettingsError,
    work::{self, Crypto},
};

/// With less than 256 bits, guessing the secret would be easier than breaking the ciphers.
pub const APP_SECRET_MIN_BYTES: usize = 32;
/// The prefix of every key that Django's `startproject` generates. Such a key has usually been in a repository.
const DJANGO_EXAMPLE: &[u8] = b"django-insecure-";

const TOO_SHORT: &str = "at least 32 bytes: generate them by `openssl rand -hex 32`";
/// Words, repetitions, sequences, examples of a manual.
const GUESSABLE: &str = "a secret that cannot be guessed: generate one by `openssl rand -hex 32`";

pub(super) struct AppSecret(Zeroizing<Vec<u8>>);

impl AppSecret {
    /// # Errors
    /// [`SettingsError`], without the value of the secret.
    pub(super) fn new(bytes: &[u8]) -> Result<Self, SettingsError> {
        let refuse = |expected: &str| Err(SettingsError { name: "APP_SECRET", expected: expected.to_owned() });
        if bytes.len() < APP_SECRET_MIN_BYTES {
            return refuse(TOO_SHORT);
        }
        // Bytes that are not UTF-8 cannot be a placeholder from a manual.
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let guessable = !text.is_empty() && zxcvbn::zxcvbn(text, &[]).score() < Score::Four;
        if guessable || bytes.starts_with(DJANGO_EXAMPLE) {
            return refuse(GUESSABLE);
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// `HKDF-SHA-256(APP_SECRET, info = purpose ‖ 0 ‖ subject)` (RFC 5869).
    pub(super) fn expand<const N: usize>(
        &self,
        purpose: &str,
        subject: &[u8],
    ) -> Result<Zeroizing<[u8; N]>, AuthError> {
        let mut key = Zeroizing::new([0; N]);
        let derive = || {
            Hkdf::<Sha256>::new(None, &self.0)
                .expand_multi_info(&[purpose.as_bytes(), &[0], subject], key.as_mut_slice())
        };
        work::crypto(Crypto::KeyDerivation, derive).map_err(|_| AuthError::Internal("a derived key is too long"))?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<String> {
        AppSecret::new(text.as_bytes()).err().map(|error| error.expected)
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(problem(&"x".repeat(31)), Some(TOO_SHORT.to_owned()));
    }

    #[test]
    fn an_example_secret_from_a_manual_is_refused() {
        for text in [
            "changemechangemechangemechangeme",
            "00000000000000000000000000000000",
            "secretsecretsecretsecretsecretsecret",
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "django-insecure-4f!k0^wz3s$d8@q1v7x2m9c6b5n0a8h3",
        ] {
            assert_eq!(problem(text), Some(GUESSABLE.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_random_secret_is_taken_in_any_notation() {
        assert_eq!(problem("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), None);
        assert_eq!(problem("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"), None);
        assert!(AppSecret::new(&[0xff, 0x9c, 0x01, 0x80, 0xd3, 0x55, 0x11, 0xa7].repeat(4)).is_ok());
    }
}
