//! Passwords: which ones are accepted (NIST SP 800-63B-4, 3.1.1), and how they are hashed (OWASP Password Storage).

use std::{num::NonZero, sync::Arc, thread};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use precis_profiles::{OpaqueString, precis_core::profile::PrecisFastInvocation};
use tokio::{sync::Semaphore, task};
use zeroize::Zeroizing;
use zxcvbn::Score;

use crate::{
    clock::Seconds,
    error::AuthError,
    secret::{SecretString, random_bytes},
};

/// Code points. NIST asks for 15 where the password stands alone, as it does here.
pub const PASSWORD_MIN_CHARS: usize = 15;
/// Code points. NIST asks for room for at least 64; the bound keeps a megabyte out of the hash.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// Argon2id with 19 MiB, two passes, one lane: OWASP's recommended minimum.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
/// Waiting logins for each that is being checked. Beyond it, answering "busy" at once serves everybody better.
const QUEUE_PER_SLOT: usize = 64;
/// What a refused login is told to wait.
const RETRY_AFTER: Seconds = Seconds(2);

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Under [`PASSWORD_MIN_CHARS`].
    TooShort,
    /// Over [`PASSWORD_MAX_CHARS`].
    TooLong,
    /// A character that no keyboard types reliably: controls, unassigned code points.
    Characters,
    /// Common, or made of common words, sequences, dates or the user's own name.
    TooCommon,
}

/// A password in the one form that is hashed: RFC 8265, OpaqueString. Composition is normalised (NFC) and every kind of
/// space is a space, so the same keys on another keyboard sign in; nothing is trimmed and no case is folded.
#[derive(Debug)]
pub struct Password(SecretString);

impl Password {
    /// Reads a password as a person typed it.
    ///
    /// # Errors
    /// [`PasswordProblem::TooLong`], [`PasswordProblem::Characters`]. The other rules are for new passwords only: see
    /// [`Password::check_new`].
    pub fn parse(text: &str) -> Result<Self, PasswordProblem> {
        if text.chars().count() > PASSWORD_MAX_CHARS {
            return Err(PasswordProblem::TooLong);
        }
        let normal = OpaqueString::enforce(text).map_err(|_| PasswordProblem::Characters)?;
        Ok(Self(SecretString::new(normal.into_owned())))
    }

    /// May this become somebody's password? Costs milliseconds: call it on a blocking thread.
    ///
    /// # Errors
    /// [`PasswordProblem::TooShort`], [`PasswordProblem::TooCommon`]
    pub fn check_new(&self, username: &str) -> Result<(), PasswordProblem> {
        let text = self.0.expose();
        if text.chars().count() < PASSWORD_MIN_CHARS {
            return Err(PasswordProblem::TooShort);
        }
        // NIST's blocklist asks for common, expected and compromised values, and the user's own name. zxcvbn holds the
        // lists and knows the usual disguises; under "safely unguessable" (10^8 guesses) a password is on them in effect.
        if zxcvbn::zxcvbn(text, &[username, "latchkey"]).score() < Score::Three {
            return Err(PasswordProblem::TooCommon);
        }
        Ok(())
    }
}

/// Hashes and checks passwords, a few at a time, away from the threads that serve requests.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    /// One permit for each hash that runs. 19 MiB and a core each: unbounded, a flood of logins would take both.
    slots: Arc<Semaphore>,
    /// One permit for each login that runs or waits.
    queue: Arc<Semaphore>,
    /// A hash of nothing anybody knows, for the user who does not exist.
    decoy: Arc<str>,
}

impl Hasher {
    /// As many at a time as the machine has cores, less one that goes on serving.
    ///
    /// # Errors
    /// [`AuthError::Randomness`], [`AuthError::Internal`]
    pub fn new() -> Result<Self, AuthError> {
        let slots = thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1);
        Self::with_slots(slots)
    }

    fn with_slots(slots: usize) -> Result<Self, AuthError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|_| AuthError::Internal("argon2 refuses its parameters"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, random_bytes::<32>()?.as_slice())?.into();
        Ok(Self {
            argon2,
            slots: Arc::new(Semaphore::new(slots)),
            queue: Arc::new(Semaphore::new(slots * QUEUE_PER_SLOT)),
            decoy,
        })
    }

    /// Checks a new password against the rules and hashes it, as a PHC string. The rules' verdict comes first, the cost is
    /// the hash's.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`], [`AuthError::Randomness`], [`AuthError::Internal`]
    pub async fn hash_new(
        &self,
        password: Password,
        username: String,
    ) -> Result<Result<String, PasswordProblem>, AuthError> {
        let argon2 = self.argon2.clone();
        self.run(move || match password.check_new(&username) {
            Err(problem) => Ok(Err(problem)),
            Ok(()) => hash(&argon2, password.0.expose().as_bytes()).map(Ok),
        })
        .await
    }

    /// Is it the password of this hash? Without a hash (no such user) or a password (one that nobody can have) the answer
    /// is no, after the same work.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`], [`AuthError::Internal`]
    pub async fn verify(&self, password: Option<Password>, stored: Option<String>) -> Result<bool, AuthError> {
        let argon2 = self.argon2.clone();
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let real = password.is_some() && stored.is_some();
            let candidate = password.as_ref().map_or("", |password| password.0.expose());
            let matches = argon2.verify_password(candidate.as_bytes(), stored.as_deref().unwrap_or(&decoy)).is_ok();
            Ok(matches && real)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let overloaded = || AuthError::Overloaded { retry_after: RETRY_AFTER };
        let _place = self.queue.try_acquire().map_err(|_| overloaded())?;
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| overloaded())?;
        // The slot goes along: a caller who hangs up frees its place in the queue, not the core that still computes.
        let task = task::spawn_blocking(move || {
            let _slot = slot;
            work()
        });
        task.await.map_err(|_| AuthError::Internal("a password hash did not finish"))?
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, AuthError> {
    let salt = random_bytes::<SALT_BYTES>()?;
    let hash: argon2::password_hash::phc::PasswordHash =
        argon2.hash_password_with_salt(password, salt.as_slice()).map_err(|_| AuthError::Internal("argon2 failed"))?;
    Ok(Zeroizing::new(hash.to_string()).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<PasswordProblem> {
        Password::parse(text).and_then(|password| password.check_new("alice")).err()
    }

    #[test]
    fn fourteen_code_points_are_too_few_and_fifteen_enough() {
        assert_eq!(problem("zu4Ki.9pLw7Qx3"), Some(PasswordProblem::TooShort));
        assert_eq!(problem("zu4Ki.9pLw7Qx3v"), None);
    }

    #[test]
    fn a_long_passphrase_without_digits_or_signs_is_fine() {
        assert_eq!(problem("gravel otter lampshade quietly"), None);
    }

    #[test]
    fn guessable_passwords_are_refused_however_long() {
        for text in
            ["passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "123456789012345678", "alicealicealice", "qwertyuiopasdfgh"]
        {
            assert_eq!(problem(text), Some(PasswordProblem::TooCommon), "{text}");
        }
    }

    #[test]
    fn a_password_is_bounded_so_that_nobody_hashes_a_megabyte() {
        assert_eq!(problem(&"ab3".repeat(86)), Some(PasswordProblem::TooLong));
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(problem("gravel otter\u{0} lampshade"), Some(PasswordProblem::Characters));
    }

    #[tokio::test]
    async fn composed_and_decomposed_letters_are_the_same_password() {
        let hasher = Hasher::new().unwrap();
        let stored = hasher.hash_new(Password::parse("gravel ötter lampshade").unwrap(), "alice".into()).await.unwrap();
        let typed = Password::parse("gravel o\u{308}tter lampshade").unwrap();
        assert!(hasher.verify(Some(typed), Some(stored.unwrap())).await.unwrap());
    }

    #[tokio::test]
    async fn spaces_around_a_password_belong_to_it() {
        let hasher = Hasher::new().unwrap();
        let stored =
            hasher.hash_new(Password::parse("gravel otter lampshade ").unwrap(), "alice".into()).await.unwrap();
        let trimmed = Password::parse("gravel otter lampshade").unwrap();
        assert!(!hasher.verify(Some(trimmed), Some(stored.unwrap())).await.unwrap());
    }

    #[tokio::test]
    async fn the_hash_is_argon2id_with_the_documented_cost() {
        let hasher = Hasher::new().unwrap();
        let stored = hasher.hash_new(Password::parse("gravel otter lampshade").unwrap(), "alice".into()).await.unwrap();
        assert!(stored.unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[tokio::test]
    async fn nobody_signs_in_as_the_decoy() {
        let hasher = Hasher::new().unwrap();
        assert!(!hasher.verify(Some(Password::parse("anything").unwrap()), None).await.unwrap());
        assert!(!hasher.verify(None, None).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let hasher = Hasher::with_slots(1).unwrap();
        let _everything = Arc::clone(&hasher.queue).acquire_many_owned(64).await.unwrap();
        let refused = hasher.verify(None, None).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
    }
}
