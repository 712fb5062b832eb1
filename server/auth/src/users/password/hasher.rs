//! Hashing and checking of passwords by argon2id (OWASP Password Storage), with bounded concurrency.

use std::{num::NonZero, sync::Arc, thread, time::Duration};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use tokio::{sync::Semaphore, time::timeout};
use zeroize::Zeroizing;

use super::{
    argon2id::{Argon2idHash, LANES, MEMORY_KIB, PASSES},
    rules::{PASSWORD_MAX_CHARS, Password, PasswordProblem},
    stored::Stored,
    threads::HashThreads,
};
use crate::{
    clock::{Seconds, Stopwatch},
    error::AuthError,
    random::random_bytes,
    secret::SecretString,
    work::{self, Crypto},
};

const SALT_BYTES: usize = 16;
/// Waiting logins per running hash. With a longer queue, every login would time out. An immediate "busy" keeps the
/// server usable.
const QUEUE_PER_SLOT: usize = 64;
/// Imported hashes that are checked concurrently. One costs up to thirty times an argon2id hash of ours and 100 MiB
/// (`MAX_ITERATIONS`, `MAX_MEMORY_KIB`). In the same slots as ours, attempts from a few addresses on one imported
/// account would stop every other login.
const FOREIGN_SLOTS: usize = 1;
/// Waiting logins for imported hashes. At half a second each, the last one waits for about [`LONGEST_WAIT`].
const FOREIGN_QUEUE: usize = 10;
/// After a longer wait, users resubmit the form and double the load. Well below the 30 s after which the request ends.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// The `Retry-After` of a refused login.
const RETRY_AFTER: Seconds = Seconds(2);

/// The result of comparing a password with a stored hash. It has no `Debug`, because it contains a hash.
pub enum PasswordVerdict {
    /// The password is wrong, or the account has none.
    Wrong,
    /// The password is right.
    Right {
        /// The password under the current algorithm and cost, to replace an imported or cheaper hash. `None` if the
        /// stored hash is current, or if the password of an imported hash has no normal form.
        renewed: Option<String>,
    },
}

/// Hashes and checks passwords, a few at a time, on threads of their own.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    /// The queue for our own hashes. Each takes 19 MiB and a core. Without a bound, a flood of logins would exhaust
    /// both.
    ours: HashQueue,
    /// The queue for imported hashes.
    foreign: HashQueue,
    /// It is checked for a user name without an account, so that the work is the same.
    decoy: Arc<Argon2idHash>,
}

/// A bounded number of concurrent hashes, with a queue that is bounded in length and in time.
#[derive(Clone)]
struct HashQueue {
    threads: HashThreads,
    /// One permit for each thread.
    slots: Arc<Semaphore>,
    /// One permit for each login that runs or waits.
    queue: Arc<Semaphore>,
}

impl HashQueue {
    fn new(slots: usize, queue: usize) -> Result<Self, AuthError> {
        let threads = HashThreads::start(slots)?;
        Ok(Self { threads, slots: Arc::new(Semaphore::new(slots)), queue: Arc::new(Semaphore::new(queue)) })
    }

    async fn run<T: Send + 'static>(
        &self,
        hash: impl FnOnce() -> Result<T, AuthError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let overloaded = || AuthError::Overloaded { retry_after: RETRY_AFTER };
        let _place = self.queue.try_acquire().map_err(|_| overloaded())?;
        let slot = timeout(LONGEST_WAIT, Arc::clone(&self.slots).acquire_owned()).await.map_err(|_| overloaded())?;
        let slot = slot.map_err(|_| overloaded())?;
        // The slot moves into the job: a disconnected client frees its place in the queue, but not the thread that is
        // still computing.
        let job = move || {
            let _slot = slot;
            let watch = Stopwatch::start();
            (hash(), watch.elapsed())
        };
        let (result, time) = self.threads.run(job).await?;
        work::crypto_elsewhere(Crypto::PasswordHash, time);
        result
    }
}

impl Hasher {
    /// Allows as many concurrent hashes as the machine has cores. The threads that answer requests have priority.
    ///
    /// # Errors
    /// [`AuthError::Randomness`], [`AuthError::Internal`]
    pub fn new() -> Result<Self, AuthError> {
        Self::with_slots(thread::available_parallelism().map_or(1, NonZero::get))
    }

    fn with_slots(slots: usize) -> Result<Self, AuthError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|_| AuthError::Internal("the argon2 parameters are invalid"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = Argon2idHash::decoy(random_bytes::<16>()?.as_slice(), random_bytes::<32>()?.as_slice())
            .map_err(|_| AuthError::Internal("the decoy could not be parsed"))?;
        Ok(Self {
            argon2,
            ours: HashQueue::new(slots, slots * QUEUE_PER_SLOT)?,
            foreign: HashQueue::new(FOREIGN_SLOTS, FOREIGN_QUEUE)?,
            decoy: Arc::new(decoy),
        })
    }

    /// Checks a new password against the rules and hashes it as a PHC string. The rules are checked first, at less than
    /// the cost of the hash.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`], [`AuthError::Randomness`], [`AuthError::Internal`]
    pub async fn hash_new(
        &self,
        password: Password,
        username: String,
    ) -> Result<Result<String, PasswordProblem>, AuthError> {
        let argon2 = self.argon2.clone();
        self.ours
            .run(move || match password.check_new(&username) {
                Err(problem) => Ok(Err(problem)),
                Ok(()) => hash(&argon2, password.expose().as_bytes()).map(Ok),
            })
            .await
    }

    /// Checks a password as typed. Without a hash (unknown user, no password), or for a text that cannot be a password,
    /// the result is `Wrong` after the same work.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`], [`AuthError::Randomness`], [`AuthError::Internal`]
    pub async fn verify(&self, typed: &str, stored: Option<String>) -> Result<PasswordVerdict, AuthError> {
        // Django can hash the empty text. This crate never accepts it as a password.
        let typed = Some(typed).filter(|typed| !typed.is_empty() && typed.chars().count() <= PASSWORD_MAX_CHARS);
        let typed = typed.map(|typed| SecretString::new(typed.to_owned()));
        let argon2 = self.argon2.clone();
        let decoy = Arc::clone(&self.decoy);
        let stored = stored.as_deref().and_then(Stored::read);
        let hash_queue = if matches!(stored, Some(Stored::Django(_))) { &self.foreign } else { &self.ours };
        hash_queue
            .run(move || {
                let password = typed.as_ref().and_then(|typed| Password::parse(typed.expose()).ok());
                let right = match (&stored, &typed, &password) {
                    (Some(Stored::Ours(hash)), _, Some(password)) => hash.is_of(password.expose()),
                    (Some(Stored::Django(hash)), Some(typed), _) => hash.is_of(typed.expose()),
                    // Hash the empty text against the decoy: the same work, and never a match.
                    _ => decoy.is_of(""),
                };
                if !right {
                    return Ok(PasswordVerdict::Wrong);
                }
                // The rules for new passwords do not apply: the password stays the same under a better hash.
                let outdated = stored.is_some_and(|stored| stored.is_outdated());
                let renewed = password.filter(|_| outdated).map(|password| hash(&argon2, password.expose().as_bytes()));
                Ok(PasswordVerdict::Right { renewed: renewed.transpose()? })
            })
            .await
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
    use crate::users::password::django::vectors;

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
    async fn no_password_matches_the_decoy() {
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
    async fn the_empty_text_is_never_accepted_as_a_password() {
        let hasher = Hasher::new().unwrap();
        assert!(!is_right(&hasher, "", vectors::OF_NOTHING).await);
    }

    #[tokio::test]
    async fn no_password_matches_an_unusable_or_too_expensive_hash() {
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
        let _everything = Arc::clone(&hasher.ours.queue).acquire_many_owned(64).await.unwrap();
        let refused = hasher.verify("anything", None).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn a_login_that_waits_for_too_long_is_refused_as_overloaded() {
        let hasher = Hasher::with_slots(1).unwrap();
        let _running = Arc::clone(&hasher.ours.slots).acquire_owned().await.unwrap();
        let refused = hasher.verify("anything", None).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
        assert_eq!(hasher.ours.queue.available_permits(), 64);
    }

    #[tokio::test]
    async fn slow_imported_hashes_do_not_delay_hashes_of_ours() {
        let hasher = Hasher::with_slots(1).unwrap();
        let _imported = Arc::clone(&hasher.foreign.queue).acquire_many_owned(10).await.unwrap();
        let ours = hash(&hasher.argon2, b"gravel otter lampshade").unwrap();
        assert!(is_right(&hasher, "gravel otter lampshade", &ours).await);
        let refused = hasher.verify(vectors::PASSWORD, Some(vectors::SHA256.to_owned())).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
    }
}
