//! In-process cache with expiry: recent refusals and repeated audit events. A flood of refused requests then neither
//! reads the database nor fills it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{clock::Timestamp, secret::SecretHash};

/// Maximum number of entries, about one megabyte. More would only help against an attacker with more addresses. Stop
/// such an attack in front of this process.
pub(crate) const CAPACITY: usize = 10_000;

/// Evicts entries when it is full. Correctness must not depend on it: an evicted entry only costs another read or
/// write.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<SecretHash, Timestamp>>);

impl Cache {
    /// The expiry of this key, if it is in the future.
    pub(crate) fn until(&self, key: &SecretHash, now: Timestamp) -> Option<Timestamp> {
        self.entries().get(key).copied().filter(|until| *until > now)
    }

    pub(crate) fn insert(&self, key: SecretHash, until: Timestamp, now: Timestamp) {
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.retain(|_, until| *until > now);
        }
        if entries.len() >= CAPACITY {
            // Evict the entry with the earliest expiry: it saves the least work.
            let first = entries.iter().min_by_key(|(_, until)| **until).map(|(key, _)| key.clone());
            first.and_then(|key| entries.remove(&key));
        }
        entries.insert(key, until);
    }

    pub(crate) fn remove(&self, key: &SecretHash) {
        self.entries().remove(key);
    }

    /// A poisoned lock is safe to use: no operation here panics half-way.
    fn entries(&self) -> MutexGuard<'_, HashMap<SecretHash, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn key(n: usize) -> SecretHash {
        SecretHash::of(&n.to_be_bytes())
    }

    fn at(seconds: usize) -> Timestamp {
        Timestamp(NOW.0 + i64::try_from(seconds).unwrap())
    }

    #[test]
    fn an_entry_expires_at_its_instant() {
        let cache = Cache::default();
        cache.insert(key(1), at(10), NOW);
        assert_eq!((cache.until(&key(1), at(9)), cache.until(&key(1), at(10))), (Some(at(10)), None));
    }

    #[test]
    fn a_full_cache_evicts_the_entry_that_expires_first() {
        let cache = Cache::default();
        for n in 1..=CAPACITY + 5 {
            cache.insert(key(n), at(n), NOW);
        }
        assert_eq!(cache.entries().len(), CAPACITY);
        assert_eq!((cache.until(&key(5), NOW), cache.until(&key(6), NOW)), (None, Some(at(6))));
    }

    #[test]
    fn expired_entries_are_evicted_before_live_ones() {
        let cache = Cache::default();
        for n in 1..=CAPACITY {
            cache.insert(key(n), at(n), NOW);
        }
        cache.insert(key(0), at(CAPACITY + 1), at(CAPACITY / 2));
        assert_eq!(cache.entries().len(), CAPACITY / 2 + 1);
        assert!(cache.until(&key(CAPACITY / 2 + 1), at(CAPACITY / 2)).is_some());
    }
}
