//! Time as an argument. No other module of this crate reads the system clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The tolerance for clocks that differ between instances. A credential whose start (`iat`, `nbf`, "last seen") is
/// further in the future is refused, in every mode. The tolerance does not apply to the end: a credential is dead at
/// its expiry.
pub const CLOCK_TOLERANCE: Seconds = Seconds(30);

/// An instant in unix seconds on the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub i64);

impl Seconds {
    /// `n` minutes.
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self(n * 60)
    }

    /// `n` hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self(n * 3600)
    }

    /// `n` days.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self(n * 86_400)
    }
}

impl Timestamp {
    /// The instant that is `length` later.
    #[must_use]
    pub const fn plus(self, length: Seconds) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// The time from `earlier` to this instant. Negative if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0))
    }

    /// Converts to the `time` crate. An instant out of that crate's range becomes the unix epoch.
    #[must_use]
    pub fn to_offset_date_time(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// The source of the current time: the system, or a test.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system clock.
    System,
    /// A clock that only [`Clock::advance`] moves.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Creates a clock that only [`Clock::advance`] moves.
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// Moves a manual clock. The system clock stays unchanged.
    pub fn advance(&self, length: Seconds) {
        if let Self::Manual(now) = self {
            now.fetch_add(length.0, Ordering::SeqCst);
        }
    }

    /// The current time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only reader of the system clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            // A system clock before 1970 reads as 1970. Every credential is then refused as issued in the future.
            Self::System => Timestamp(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
            ),
            Self::Manual(now) => Timestamp(now.load(Ordering::SeqCst)),
        }
    }
}

/// Measures how long something takes. No decision depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only reader of the monotonic clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
