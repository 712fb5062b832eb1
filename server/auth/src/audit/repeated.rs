//! Which events without an effect are written. A client causes them at no cost, so they must not fill the disk.

use std::sync::{Mutex, PoisonError};

use crate::{
    cache::Cache,
    clock::{Seconds, Timestamp},
    secret::SecretHash,
};

/// The same event is written once per this interval.
const INTERVAL: Seconds = Seconds(60);
/// Different events per interval and process: from many addresses, or of many dead credentials. Without this limit, a
/// network of such clients would fill the disk and delay each login by its writes.
const EVENTS_MAX: u32 = 1_000;

/// The events of the last interval.
#[derive(Default)]
pub(crate) struct Repeated {
    written: Cache,
    interval: Mutex<Interval>,
}

#[derive(Default)]
struct Interval {
    ends_at: Timestamp,
    events: u32,
}

impl Repeated {
    /// May this event be written? The first one over the limit is logged.
    pub(super) fn admit(&self, key: SecretHash, now: Timestamp) -> bool {
        if self.written.until(&key, now).is_some() {
            return false;
        }
        let events = self.count(now);
        if events == EVENTS_MAX + 1 {
            tracing::warn!(EVENTS_MAX, "too many events without an effect: the audit log omits the next ones");
        }
        let admitted = events <= EVENTS_MAX;
        if admitted {
            self.mark_written(key, now);
        }
        admitted
    }

    /// The same event is not written again during the interval.
    pub(super) fn mark_written(&self, key: SecretHash, now: Timestamp) {
        self.written.insert(key, now.plus(INTERVAL), now);
    }

    /// Counts an event, and returns the number of events in this interval.
    fn count(&self, now: Timestamp) -> u32 {
        let mut interval = self.interval.lock().unwrap_or_else(PoisonError::into_inner);
        if interval.ends_at <= now {
            *interval = Interval { ends_at: now.plus(INTERVAL), events: 0 };
        }
        interval.events = interval.events.saturating_add(1);
        interval.events
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
        let repeated = Repeated::default();
        assert!(repeated.admit(key(1), NOW));
        assert!(!repeated.admit(key(1), NOW.plus(Seconds(59))));
        assert!(repeated.admit(key(1), NOW.plus(Seconds(60))));
    }

    #[test]
    fn an_event_that_was_written_with_its_effect_is_not_written_without_one() {
        let repeated = Repeated::default();
        repeated.mark_written(key(1), NOW);
        assert!(!repeated.admit(key(1), NOW));
    }

    #[test]
    fn different_events_are_limited_per_minute_and_the_next_minute_begins_again() {
        let repeated = Repeated::default();
        let admitted = |now| (0..2 * EVENTS_MAX).filter(|n| repeated.admit(key(*n), now)).count();
        assert_eq!(admitted(NOW), EVENTS_MAX as usize);
        assert_eq!(admitted(NOW.plus(Seconds(60))), EVENTS_MAX as usize);
    }
}
