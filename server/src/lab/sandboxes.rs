//! The sandboxes of this process: bounded in number, and each ends when its browser stays away.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use auth::{AuthError, Seconds, SecretHash, Timestamp, random_bytes};
use tokio::{sync::Mutex, task};

use super::sandbox::Sandbox;

/// A class of learners. Each sandbox has two connections to a database of some 200 kB at first; see `MAX_CONNECTIONS`
/// for the limit of open files.
const SANDBOXES_MAX: usize = 64;
/// Of one address: a class may share it, and yet one visitor must not take all places.
const PER_ADDRESS_MAX: usize = 40;
/// A sandbox ends after this time without use.
const IDLE: Seconds = Seconds::minutes(30);
/// A sandbox ends after this time, however busy.
const LIFETIME: Seconds = Seconds::hours(4);
/// If all places are taken, a new sandbox takes the place of one that was not used for this time.
const REPLACEABLE: Seconds = Seconds::minutes(5);
const RETRY_AFTER: Seconds = Seconds::minutes(1);

/// The sandboxes by the hash of their id.
#[derive(Default)]
pub struct Sandboxes(Mutex<HashMap<SecretHash, Entry>>);

struct Entry {
    sandbox: Arc<Sandbox>,
    address: Option<IpAddr>,
    opened_at: Timestamp,
    used_at: Timestamp,
}

impl Entry {
    fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.used_at) >= IDLE || now.since(self.opened_at) >= LIFETIME
    }
}

impl Sandboxes {
    /// The sandbox with this id, if it has not ended. `now` is the real time.
    pub async fn find(&self, id: &str, now: Timestamp) -> Option<Arc<Sandbox>> {
        let mut sandboxes = self.0.lock().await;
        let entry = sandboxes.get_mut(&SecretHash::of(id.as_bytes())).filter(|entry| !entry.is_over(now))?;
        entry.used_at = now;
        Some(Arc::clone(&entry.sandbox))
    }

    /// Adds a sandbox, and returns the id that only its browser gets. `old` is the sandbox that it replaces. If its
    /// address has too many, the one of them that was not used for the longest time ends.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`] if all places are taken and all sandboxes are in use; [`AuthError::Randomness`]
    pub async fn add(
        &self,
        sandbox: Sandbox,
        old: Option<&str>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<String, AuthError> {
        let id = hex::encode(random_bytes::<16>()?.as_slice());
        let address = address.map(network);
        self.end_unused(now).await;
        let mut ended = Vec::new();
        let mut sandboxes = self.0.lock().await;
        ended.extend(old.and_then(|old| sandboxes.remove(&SecretHash::of(old.as_bytes()))));
        let of_address = sandboxes.values().filter(|entry| entry.address == address).count();
        let replaced = if of_address >= PER_ADDRESS_MAX {
            oldest(&sandboxes, |entry| entry.address == address)
        } else if sandboxes.len() >= SANDBOXES_MAX {
            let unused = |entry: &Entry| now.since(entry.used_at) >= REPLACEABLE;
            Some(oldest(&sandboxes, unused).ok_or(AuthError::Overloaded { retry_after: RETRY_AFTER })?)
        } else {
            None
        };
        ended.extend(replaced.and_then(|id| sandboxes.remove(&id)));
        let entry = Entry { sandbox: Arc::new(sandbox), address, opened_at: now, used_at: now };
        sandboxes.insert(SecretHash::of(id.as_bytes()), entry);
        drop(sandboxes);
        end(ended);
        Ok(id)
    }

    /// Ends the sandboxes whose time is over.
    pub async fn end_unused(&self, now: Timestamp) {
        let ended = self.0.lock().await.extract_if(|_, entry| entry.is_over(now)).map(|(_, entry)| entry).collect();
        end(ended);
    }
}

/// Deletes the files on a blocking thread.
fn end(ended: Vec<Entry>) {
    if !ended.is_empty() {
        task::spawn_blocking(move || drop(ended));
    }
}

fn oldest(sandboxes: &HashMap<SecretHash, Entry>, of: impl Fn(&Entry) -> bool) -> Option<SecretHash> {
    let candidates = sandboxes.iter().filter(|(_, entry)| of(entry));
    candidates.min_by_key(|(_, entry)| entry.used_at).map(|(id, _)| id.clone())
}

/// One visitor has a /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use app::lab::Choices;
    use auth::Hasher;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    async fn sandbox() -> Sandbox {
        Sandbox::open(Hasher::new().unwrap(), "target/site", Choices::default(), NOW).await.unwrap()
    }

    async fn add(sandboxes: &Sandboxes, old: Option<&str>, address: u8, now: Timestamp) -> Result<String, AuthError> {
        let address = Ipv4Addr::new(192, 0, 2, address).into();
        sandboxes.add(sandbox().await, old, Some(address), now).await
    }

    /// Fills the places up to `count` with entries that share one sandbox.
    async fn fill(sandboxes: &Sandboxes, count: usize, address: impl Fn(usize) -> u8, used_at: Timestamp) {
        let shared = Arc::new(sandbox().await);
        let mut entries = sandboxes.0.lock().await;
        for n in entries.len()..count {
            let address = Some(Ipv4Addr::new(192, 0, 2, address(n)).into());
            let entry = Entry { sandbox: Arc::clone(&shared), address, opened_at: used_at, used_at };
            entries.insert(SecretHash::of(&n.to_be_bytes()), entry);
        }
    }

    #[tokio::test]
    async fn a_sandbox_ends_when_its_browser_stays_away() {
        let sandboxes = Sandboxes::default();
        let id = add(&sandboxes, None, 1, NOW).await.unwrap();
        let later = NOW.plus(Seconds(IDLE.0 - 1));
        assert!(sandboxes.find(&id, later).await.is_some());
        assert!(sandboxes.find(&id, later.plus(IDLE)).await.is_none());
    }

    #[tokio::test]
    async fn a_busy_sandbox_ends_after_its_lifetime() {
        let sandboxes = Sandboxes::default();
        let id = add(&sandboxes, None, 1, NOW).await.unwrap();
        let mut now = NOW;
        while now < NOW.plus(LIFETIME) {
            assert!(sandboxes.find(&id, now).await.is_some());
            now = now.plus(Seconds::minutes(20));
        }
        assert!(sandboxes.find(&id, now).await.is_none());
    }

    #[tokio::test]
    async fn a_sandbox_that_has_ended_is_dropped_although_no_browser_asks() {
        let sandboxes = Sandboxes::default();
        let id = add(&sandboxes, None, 1, NOW).await.unwrap();
        let sandbox = Arc::downgrade(&sandboxes.find(&id, NOW).await.unwrap());
        sandboxes.end_unused(NOW.plus(Seconds(IDLE.0 - 1))).await;
        assert!(sandbox.upgrade().is_some());
        sandboxes.end_unused(NOW.plus(IDLE)).await;
        while sandbox.upgrade().is_some() {
            task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_new_sandbox_replaces_the_old_one_of_its_browser() {
        let sandboxes = Sandboxes::default();
        let old = add(&sandboxes, None, 1, NOW).await.unwrap();
        let new = add(&sandboxes, Some(&old), 1, NOW).await.unwrap();
        assert!(sandboxes.find(&old, NOW).await.is_none() && sandboxes.find(&new, NOW).await.is_some());
    }

    #[tokio::test]
    async fn one_address_ends_only_sandboxes_of_its_own() {
        let sandboxes = Sandboxes::default();
        let other = add(&sandboxes, None, 1, NOW).await.unwrap();
        fill(&sandboxes, 1 + PER_ADDRESS_MAX, |_| 2, NOW.plus(Seconds(1))).await;
        add(&sandboxes, None, 2, NOW.plus(Seconds(2))).await.unwrap();
        assert!(sandboxes.find(&other, NOW).await.is_some());
        assert_eq!(sandboxes.0.lock().await.len(), 1 + PER_ADDRESS_MAX);
    }

    #[tokio::test]
    async fn if_all_places_are_taken_one_that_is_not_used_gives_way_and_one_in_use_does_not() {
        let sandboxes = Sandboxes::default();
        fill(&sandboxes, SANDBOXES_MAX, |n| u8::try_from(n).unwrap(), NOW).await;
        let refused = add(&sandboxes, None, 200, NOW.plus(Seconds(1))).await;
        assert!(matches!(refused, Err(AuthError::Overloaded { .. })));
        add(&sandboxes, None, 200, NOW.plus(REPLACEABLE)).await.unwrap();
        assert_eq!(sandboxes.0.lock().await.len(), SANDBOXES_MAX);
    }
}
