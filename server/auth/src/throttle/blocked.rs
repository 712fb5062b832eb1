//! Whom this process has refused, until when: so that a flood of refused requests does not reach the database.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{clock::Timestamp, secret::SecretHash};

/// Entries. About a megabyte; more would serve only who has more addresses, and has to be met in front of this process.
pub(super) const CAPACITY: usize = 10_000;

/// Forgets when it is full. What is forgotten is counted in the database still, and refused there.
#[derive(Default)]
pub(super) struct Blocked(Mutex<HashMap<SecretHash, Timestamp>>);

impl Blocked {
    /// Until when this key is blocked, if it is.
    pub(super) fn until(&self, key: &SecretHash, now: Timestamp) -> Option<Timestamp> {
        self.entries().get(key).copied().filter(|until| *until > now)
    }

    pub(super) fn insert(&self, key: SecretHash, until: Timestamp, now: Timestamp) {
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.retain(|_, until| *until > now);
        }
        if entries.len() >= CAPACITY {
            // The one that would be free first is the one that saves least.
            let first = entries.iter().min_by_key(|(_, until)| **until).map(|(key, _)| key.clone());
            first.and_then(|key| entries.remove(&key));
        }
        entries.insert(key, until);
    }

    pub(super) fn remove(&self, key: &SecretHash) {
        self.entries().remove(key);
    }

    /// A panic elsewhere has left the map whole: nothing here panics half-way.
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
    fn a_block_ends_at_its_instant() {
        let blocked = Blocked::default();
        blocked.insert(key(1), at(10), NOW);
        assert_eq!((blocked.until(&key(1), at(9)), blocked.until(&key(1), at(10))), (Some(at(10)), None));
    }

    #[test]
    fn it_holds_no_more_than_its_capacity_and_forgets_what_ends_first() {
        let blocked = Blocked::default();
        for n in 1..=CAPACITY + 5 {
            blocked.insert(key(n), at(n), NOW);
        }
        assert_eq!(blocked.entries().len(), CAPACITY);
        assert_eq!((blocked.until(&key(5), NOW), blocked.until(&key(6), NOW)), (None, Some(at(6))));
    }

    #[test]
    fn what_is_over_makes_room_before_anything_live_is_forgotten() {
        let blocked = Blocked::default();
        for n in 1..=CAPACITY {
            blocked.insert(key(n), at(n), NOW);
        }
        blocked.insert(key(0), at(CAPACITY + 1), at(CAPACITY / 2));
        assert_eq!(blocked.entries().len(), CAPACITY / 2 + 1);
        assert!(blocked.until(&key(CAPACITY / 2 + 1), at(CAPACITY / 2)).is_some());
    }
}
