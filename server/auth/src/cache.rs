//! What this process need not ask or tell the database again before some instant: so that a flood of refused requests neither
//! reads nor fills it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{clock::Timestamp, secret::SecretHash};

/// Entries. About a megabyte; more would serve only who has more addresses, and has to be met in front of this process.
pub(crate) const CAPACITY: usize = 10_000;

/// Forgets when it is full. Nothing may depend on it but effort: what is forgotten is looked up, or written, once more.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<SecretHash, Timestamp>>);

impl Cache {
    /// The instant of this key, while it is ahead.
    pub(crate) fn until(&self, key: &SecretHash, now: Timestamp) -> Option<Timestamp> {
        self.entries().get(key).copied().filter(|until| *until > now)
    }

    /// Whether this key has no instant ahead; from now on it has this one.
    pub(crate) fn is_first(&self, key: SecretHash, until: Timestamp, now: Timestamp) -> bool {
        let first = self.until(&key, now).is_none();
        if first {
            self.insert(key, until, now);
        }
        first
    }

    pub(crate) fn insert(&self, key: SecretHash, until: Timestamp, now: Timestamp) {
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.retain(|_, until| *until > now);
        }
        if entries.len() >= CAPACITY {
            // The one that would be over first is the one that saves least.
            let first = entries.iter().min_by_key(|(_, until)| **until).map(|(key, _)| key.clone());
            first.and_then(|key| entries.remove(&key));
        }
        entries.insert(key, until);
    }

    pub(crate) fn remove(&self, key: &SecretHash) {
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
    fn a_deadline_is_over_at_its_instant() {
        let deadlines = Cache::default();
        deadlines.insert(key(1), at(10), NOW);
        assert_eq!((deadlines.until(&key(1), at(9)), deadlines.until(&key(1), at(10))), (Some(at(10)), None));
    }

    #[test]
    fn a_key_is_first_once_until_its_deadline() {
        let deadlines = Cache::default();
        let first = |second| deadlines.is_first(key(1), at(second + 10), at(second));
        assert_eq!([0, 9, 10, 11].map(first), [true, false, true, false]);
    }

    #[test]
    fn it_holds_no_more_than_its_capacity_and_forgets_what_ends_first() {
        let deadlines = Cache::default();
        for n in 1..=CAPACITY + 5 {
            deadlines.insert(key(n), at(n), NOW);
        }
        assert_eq!(deadlines.entries().len(), CAPACITY);
        assert_eq!((deadlines.until(&key(5), NOW), deadlines.until(&key(6), NOW)), (None, Some(at(6))));
    }

    #[test]
    fn what_is_over_makes_room_before_anything_live_is_forgotten() {
        let deadlines = Cache::default();
        for n in 1..=CAPACITY {
            deadlines.insert(key(n), at(n), NOW);
        }
        deadlines.insert(key(0), at(CAPACITY + 1), at(CAPACITY / 2));
        assert_eq!(deadlines.entries().len(), CAPACITY / 2 + 1);
        assert!(deadlines.until(&key(CAPACITY / 2 + 1), at(CAPACITY / 2)).is_some());
    }
}
