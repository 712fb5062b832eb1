//! The sandboxes of this process: bounded in number, and each ends when its browser stays away.

use std::{collections::HashMap, sync::Arc};

use auth::{AuthError, Hasher, Seconds, SecretHash, Timestamp, random_bytes};
use tokio::sync::Mutex;

use super::{action::Choices, sandbox::Sandbox};

/// A class of learners. Each sandbox has a database of some 200 kB and nine connections to it.
const SANDBOXES_MAX: usize = 64;
/// A sandbox ends after this time without use.
const IDLE: Seconds = Seconds::minutes(30);

/// The sandboxes by the hash of their id.
#[derive(Default)]
pub struct Sandboxes(Mutex<HashMap<SecretHash, Entry>>);

struct Entry {
    sandbox: Arc<Sandbox>,
    used_at: Timestamp,
}

impl Sandboxes {
    /// The sandbox with this id, if it has not ended. `now` is the real time.
    pub async fn find(&self, id: &str, now: Timestamp) -> Option<Arc<Sandbox>> {
        let mut sandboxes = self.0.lock().await;
        sandboxes.retain(|_, entry| now.since(entry.used_at) < IDLE);
        let entry = sandboxes.get_mut(&SecretHash::of(id.as_bytes()))?;
        entry.used_at = now;
        Some(Arc::clone(&entry.sandbox))
    }

    /// Opens a sandbox. Returns it, and the id that only its browser gets. `old` is the sandbox that it
    /// replaces. If there
    /// are too many, the one that was not used for the longest time ends.
    ///
    /// # Errors
    /// [`AuthError::Database`], [`AuthError::Randomness`], [`AuthError::Overloaded`]
    pub async fn open(
        &self,
        old: Option<&str>,
        hasher: Hasher,
        site_root: &str,
        choices: Choices,
        now: Timestamp,
    ) -> Result<(String, Arc<Sandbox>), AuthError> {
        let sandbox = Arc::new(Sandbox::open(hasher, site_root, choices, now).await?);
        let id = hex::encode(random_bytes::<16>()?.as_slice());
        let mut sandboxes = self.0.lock().await;
        if let Some(old) = old {
            sandboxes.remove(&SecretHash::of(old.as_bytes()));
        }
        while sandboxes.len() >= SANDBOXES_MAX {
            let oldest = sandboxes.iter().min_by_key(|(_, entry)| entry.used_at).map(|(id, _)| id.clone());
            let Some(oldest) = oldest else { break };
            sandboxes.remove(&oldest);
        }
        let entry = Entry { sandbox: Arc::clone(&sandbox), used_at: now };
        sandboxes.insert(SecretHash::of(id.as_bytes()), entry);
        Ok((id, sandbox))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    async fn open(sandboxes: &Sandboxes, hasher: &Hasher, old: Option<&str>, now: Timestamp) -> String {
        sandboxes.open(old, hasher.clone(), "target/site", Choices::default(), now).await.unwrap().0
    }

    #[tokio::test]
    async fn a_sandbox_ends_when_its_browser_stays_away() {
        let (sandboxes, hasher) = (Sandboxes::default(), Hasher::new().unwrap());
        let id = open(&sandboxes, &hasher, None, NOW).await;
        let later = NOW.plus(Seconds(IDLE.0 - 1));
        assert!(sandboxes.find(&id, later).await.is_some());
        assert!(sandboxes.find(&id, later.plus(IDLE)).await.is_none());
    }

    #[tokio::test]
    async fn a_new_sandbox_replaces_the_old_one_of_its_browser() {
        let (sandboxes, hasher) = (Sandboxes::default(), Hasher::new().unwrap());
        let old = open(&sandboxes, &hasher, None, NOW).await;
        let new = open(&sandboxes, &hasher, Some(&old), NOW).await;
        assert!(sandboxes.find(&old, NOW).await.is_none() && sandboxes.find(&new, NOW).await.is_some());
    }

    #[tokio::test]
    async fn one_sandbox_too_many_ends_the_one_that_was_not_used_for_the_longest_time() {
        let (sandboxes, hasher) = (Sandboxes::default(), Hasher::new().unwrap());
        let first = open(&sandboxes, &hasher, None, NOW).await;
        let second = open(&sandboxes, &hasher, None, NOW.plus(Seconds(1))).await;
        // Entries that cost nothing stand for the rest.
        let shared = sandboxes.find(&second, NOW.plus(Seconds(1))).await.unwrap();
        for n in 2..SANDBOXES_MAX {
            let entry = Entry { sandbox: Arc::clone(&shared), used_at: NOW.plus(Seconds(2)) };
            sandboxes.0.lock().await.insert(SecretHash::of(&n.to_be_bytes()), entry);
        }
        open(&sandboxes, &hasher, None, NOW.plus(Seconds(3))).await;
        assert!(sandboxes.find(&first, NOW.plus(Seconds(3))).await.is_none());
        assert!(sandboxes.find(&second, NOW.plus(Seconds(3))).await.is_some());
    }
}
