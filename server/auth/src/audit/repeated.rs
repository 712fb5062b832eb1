//! Which events without an effect are written. A client causes them at no cost, so they must not fill the disk.

use std::sync::{Mutex, PoisonError};

use crate::{
    cache::Cache,
    clock::{Seconds, Timestamp},
    secret::SecretHash,
};

/// The same event is written once per this interval.
const INTERVAL: Seconds = Seconds(60);
/// Different failures per minute and process: from many addresses, or of many dead credentials. Without this limit, a
/// network of such clients would fill the disk and delay each login by its writes.
const FAILURES_MAX: u32 = 1_000;

/// The events of the last minute.
#[derive(Default)]
pub(crate) struct Repeated {
    written: Cache,
    failures: Mutex<Failures>,
}

#[derive(Default)]
struct Failures {
    /// Minutes since 1970.
    minute: i64,
    count: u32,
}

impl Repeated {
    /// May a success be written? It has a genuine credential or none, so the number of different ones is limited by
    /// logins.
    pub(super) fn admit_success(&self, key: SecretHash, now: Timestamp) -> bool {
        let is_new = self.written.until(&key, now).is_none();
        if is_new {
            self.mark_written(key, now);
        }
        is_new
    }

    /// May a failure be written? The first one over the limit is logged.
    pub(super) fn admit_failure(&self, key: SecretHash, now: Timestamp) -> bool {
        if self.written.until(&key, now).is_some() {
            return false;
        }
        let count = self.count_failure(now);
        if count == FAILURES_MAX + 1 {
            tracing::warn!(FAILURES_MAX, "too many failures in this minute: the audit log omits the next ones");
        }
        let admitted = count <= FAILURES_MAX;
        if admitted {
            self.mark_written(key, now);
        }
        admitted
    }

    /// The same event is not written again during the interval.
    pub(super) fn mark_written(&self, key: SecretHash, now: Timestamp) {
        self.written.insert(key, now.plus(INTERVAL), now);
    }

    /// Counts a failure, and returns their number in this minute.
    fn count_failure(&self, now: Timestamp) -> u32 {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(INTERVAL.0);
        // Another minute, and not a later one: the clock may be set back.
        if failures.minute != minute {
            *failures = Failures { minute, count: 0 };
        }
        failures.count = failures.count.saturating_add(1);
        failures.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn key(n: u32) -> SecretHash {
        SecretHash::of(&n.to_be_bytes())
    }

    #[test]
    fn the_same_event_is_written_once_a_minute() {
        for admit in [Repeated::admit_success, Repeated::admit_failure] {
            let repeated = Repeated::default();
            let at = |seconds| admit(&repeated, key(1), NOW.plus(Seconds(seconds)));
            assert_eq!([0, 30, 59, 60].map(at), [true, false, false, true]);
        }
    }

    #[test]
    fn an_event_that_was_written_with_its_effect_is_not_written_without_one() {
        let repeated = Repeated::default();
        repeated.mark_written(key(1), NOW);
        assert!(!repeated.admit_success(key(1), NOW));
    }

    #[test]
    fn different_failures_are_limited_and_another_minute_begins_again() {
        let repeated = Repeated::default();
        let admitted = |first, now| (first..first + 2_000).filter(|n| repeated.admit_failure(key(*n), now)).count();
        assert_eq!(admitted(0, NOW), FAILURES_MAX as usize);
        assert_eq!(admitted(2_000, NOW.plus(Seconds(60))), FAILURES_MAX as usize);
        // The clock is set back.
        assert_eq!(admitted(4_000, NOW), FAILURES_MAX as usize);
    }

    #[test]
    fn a_success_is_written_whatever_the_number_of_failures() {
        let repeated = Repeated::default();
        for n in 0..=FAILURES_MAX {
            repeated.admit_failure(key(n), NOW);
        }
        assert!(repeated.admit_success(key(FAILURES_MAX + 1), NOW));
    }
}
