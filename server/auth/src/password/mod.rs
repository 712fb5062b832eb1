//! Passwords: which ones are accepted (NIST SP 800-63B-4, 3.1.1), and how they are hashed (OWASP Password Storage).

mod django;
mod stored;

use std::{num::NonZero, sync::Arc, thread};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use precis_profiles::{OpaqueString, precis_core::profile::PrecisFastInvocation};
use tokio::{sync::Semaphore, task};
use zeroize::Zeroizing;
use zxcvbn::Score;

use self::stored::{Argon2idHash, Stored};
pub use self::{django::DjangoHash, stored::HashProblem};
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

/// What comparing a password with a stored hash has found. Not printed: a hash is for the database alone.
pub enum PasswordVerdict {
    /// Another password, or none that anybody has.
    Wrong,
    /// This password.
    Right {
        /// The same password hashed as of today, to be stored in place of a hash that is another system's or too cheap. None
        /// also where a password of another system has no normal form.
        renewed: Option<String>,
    },
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
    decoy: Arc<Argon2idHash>,
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
        let decoy = Argon2idHash::parse(&hash(&argon2, random_bytes::<32>()?.as_slice())?)
            .map_err(|_| AuthError::Internal("a hash of ours is refused"))?;
        Ok(Self {
            argon2,
            slots: Arc::new(Semaphore::new(slots)),
            queue: Arc::new(Semaphore::new(slots * QUEUE_PER_SLOT)),
            decoy: Arc::new(decoy),
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

    /// Is it the password of this hash, as somebody typed it? Without a hash (no such user, no password) or with a text that
    /// is nobody's password, the answer is no, after the same work.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`], [`AuthError::Randomness`], [`AuthError::Internal`]
    pub async fn verify(&self, typed: &str, stored: Option<String>) -> Result<PasswordVerdict, AuthError> {
        // Django hashes the empty text like any other; here it opens no account.
        let typed = Some(typed).filter(|typed| !typed.is_empty() && typed.chars().count() <= PASSWORD_MAX_CHARS);
        let typed = typed.map(|typed| SecretString::new(typed.to_owned()));
        let argon2 = self.argon2.clone();
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let stored = stored.as_deref().and_then(Stored::read);
            let password = typed.as_ref().and_then(|typed| Password::parse(typed.expose()).ok());
            let right = match (&stored, &typed, &password) {
                (Some(Stored::Ours(hash)), _, Some(password)) => hash.is_of(password.0.expose()),
                (Some(Stored::Django(hash)), Some(typed), _) => hash.is_of(typed.expose()),
                // A hash of what nobody typed: the same work, and no.
                _ => decoy.is_of(""),
            };
            if !right {
                return Ok(PasswordVerdict::Wrong);
            }
            // The rules for new passwords do not apply: it is the user's, and this is only a better place for it.
            let outdated = stored.is_some_and(|stored| stored.is_outdated());
            let renewed = password.filter(|_| outdated).map(|password| hash(&argon2, password.0.expose().as_bytes()));
            Ok(PasswordVerdict::Right { renewed: renewed.transpose()? })
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
    use proptest::prelude::*;

    use super::{django::vectors, *};

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

    async fn is_right(hasher: &Hasher, typed: &str, stored: &str) -> bool {
        let verdict = hasher.verify(typed, Some(stored.to_owned())).await.unwrap();
        matches!(verdict, PasswordVerdict::Right { .. })
    }

    async fn renewed(hasher: &Hasher, typed: &str, stored: &str) -> Option<String> {
        match hasher.verify(typed, Some(stored.to_owned())).await.unwrap() {
            PasswordVerdict::Right { renewed } => renewed,
            PasswordVerdict::Wrong => panic!("the wrong password"),
        }
    }

    #[tokio::test]
    async fn composed_and_decomposed_letters_are_the_same_password() {
        let hasher = Hasher::new().unwrap();
        let stored = hasher.hash_new(Password::parse("gravel ötter lampshade").unwrap(), "alice".into()).await.unwrap();
        assert!(is_right(&hasher, "gravel o\u{308}tter lampshade", &stored.unwrap()).await);
    }

    #[tokio::test]
    async fn spaces_around_a_password_belong_to_it() {
        let hasher = Hasher::new().unwrap();
        let stored =
            hasher.hash_new(Password::parse("gravel otter lampshade ").unwrap(), "alice".into()).await.unwrap();
        assert!(!is_right(&hasher, "gravel otter lampshade", &stored.unwrap()).await);
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
        for typed in ["anything", ""] {
            let verdict = hasher.verify(typed, None).await.unwrap();
            assert!(matches!(verdict, PasswordVerdict::Wrong), "{typed:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_another_system_is_renewed_as_one_of_ours() {
        let hasher = Hasher::new().unwrap();
        for stored in [vectors::SHA256, vectors::SHA1, vectors::ARGON2] {
            let renewed = renewed(&hasher, vectors::PASSWORD, stored).await.unwrap();
            assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
            assert!(is_right(&hasher, vectors::PASSWORD, &renewed).await, "{stored}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_a_lower_cost_is_renewed_and_one_of_ours_is_kept() {
        let hasher = Hasher::new().unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1024, 1, 1, None).unwrap());
        let cheap = hash(&cheap, b"gravel otter lampshade").unwrap();
        let ours = renewed(&hasher, "gravel otter lampshade", &cheap).await.unwrap();
        assert!(renewed(&hasher, "gravel otter lampshade", &ours).await.is_none());
    }

    #[tokio::test]
    async fn a_decomposed_django_password_is_right_as_typed_and_normal_once_renewed() {
        let hasher = Hasher::new().unwrap();
        let renewed = renewed(&hasher, "gravel o\u{308}tter lampshade", vectors::DECOMPOSED).await.unwrap();
        assert!(is_right(&hasher, "gravel ötter lampshade", &renewed).await);
    }

    #[tokio::test]
    async fn no_hash_makes_the_empty_text_a_password() {
        let hasher = Hasher::new().unwrap();
        assert!(!is_right(&hasher, "", vectors::OF_NOTHING).await);
    }

    #[tokio::test]
    async fn nobody_signs_in_by_an_unusable_or_a_too_expensive_hash() {
        let hasher = Hasher::new().unwrap();
        let absurd = vectors::SHA256.replace("$1000$", "$4294967295$");
        for stored in [vectors::UNUSABLE, "!", "", &absurd] {
            assert!(!is_right(&hasher, vectors::PASSWORD, stored).await, "{stored:?}");
            assert!(!is_right(&hasher, stored, stored).await, "{stored:?}");
        }
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let hasher = Hasher::with_slots(1).unwrap();
        let _everything = Arc::clone(&hasher.queue).acquire_many_owned(64).await.unwrap();
        let refused = hasher.verify("anything", None).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
    }

    proptest! {
        #[test]
        fn an_accepted_password_is_in_the_one_form_that_is_hashed(text in r"[\p{L}\p{M}\p{Z}\p{S}\p{P}]{0,20}") {
            if let Ok(password) = Password::parse(&text) {
                let form = password.0.expose();
                let again = Password::parse(form).unwrap();
                prop_assert_eq!(again.0.expose(), form);
            }
        }

        #[test]
        fn no_accepted_password_holds_a_control_or_another_space(text in prop::collection::vec(any::<char>(), 0..20)) {
            match Password::parse(&String::from_iter(text)) {
                Ok(password) => {
                    let form = password.0.expose();
                    prop_assert!(!form.is_empty());
                    prop_assert!(!form.contains(|c: char| c.is_control() || (c.is_whitespace() && c != ' ')), "{form:?}");
                }
                Err(problem) => prop_assert_eq!(problem, PasswordProblem::Characters),
            }
        }

        #[test]
        fn a_password_in_ascii_is_taken_as_it_was_typed(text in "[ -~]{1,256}") {
            let password = Password::parse(&text).unwrap();
            prop_assert_eq!(password.0.expose(), text);
        }

        #[test]
        fn a_long_password_is_refused_for_its_length(text in r"\PC{257,600}") {
            prop_assert_eq!(Password::parse(&text).err(), Some(PasswordProblem::TooLong));
        }

        #[test]
        fn a_new_password_of_any_text_is_judged_and_does_not_panic(text in r"\PC{15,40}", name in r"\PC{0,9}") {
            if let Ok(password) = Password::parse(&text) {
                let judged = password.check_new(&name);
                let short = password.0.expose().chars().count() < PASSWORD_MIN_CHARS;
                prop_assert_eq!(judged == Err(PasswordProblem::TooShort), short);
            }
        }
    }
}
