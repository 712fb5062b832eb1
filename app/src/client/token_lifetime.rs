//! The lifetime of an access token and the time of its renewal, by the server's clock.

use serde::{Deserialize, Serialize};

use crate::types::Lifetime;

/// Seconds before the expiry. Browsers run a hidden tab's timers once a minute, so a shorter lead could be too late.
const LONGEST_LEAD: i64 = 60;

/// Seconds between two attempts while the server cannot be reached: the first pause and the longest.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 60;

/// The lifetime of an access token. The order compares the server's values first: the clocks of two tabs may differ by
/// a second, and two rotations may happen within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct TokenLifetime {
    issued_at: i64,
    generation: i64,
    expires_at: i64,
    renew_at: i64,
}

impl TokenLifetime {
    /// Of a token that arrived at `now` and lasts for `lasts` seconds. The last fifth of its lifetime is left for
    /// renewing it.
    pub(crate) fn starting(now: i64, lasts: i64, Lifetime { issued_at, generation, .. }: Lifetime) -> Self {
        let expires_at = now + lasts;
        Self { issued_at, generation, expires_at, renew_at: expires_at - (lasts / 5).clamp(1, LONGEST_LEAD) }
    }

    pub(crate) fn is_due(self, now: i64) -> bool {
        now >= self.renew_at
    }

    /// Expired **at** its last second, as on the server.
    pub(crate) fn is_over(self, now: i64) -> bool {
        now >= self.expires_at
    }
}

/// Seconds to wait after that many failures in a row.
pub(crate) fn pause_after(failures: u32) -> i64 {
    FIRST_PAUSE.saturating_mul(2_i64.saturating_pow(failures)).min(LONGEST_PAUSE)
}

/// Whether the pause until `retry_at` is over. A pause longer than the longest one means that the clock was set back.
pub(crate) fn may_try_again(retry_at: i64, now: i64) -> bool {
    now >= retry_at || retry_at - now > LONGEST_PAUSE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(now: i64, lasts: i64) -> TokenLifetime {
        let auth = Lifetime { issued_at: now, expires_at: now + lasts, absolute_expires_at: i64::MAX, generation: 1 };
        TokenLifetime::starting(now, lasts, auth)
    }

    #[test]
    fn a_token_of_five_minutes_is_renewed_a_minute_before_its_end() {
        let lifetime = lifetime(1000, 300);
        assert!(!lifetime.is_due(1239));
        assert!(lifetime.is_due(1240) && !lifetime.is_over(1240));
        assert!(lifetime.is_over(1300));
    }

    #[test]
    fn a_token_of_a_day_is_not_renewed_hours_too_early() {
        assert!(!lifetime(0, 86_400).is_due(86_339));
        assert!(lifetime(0, 86_400).is_due(86_340));
    }

    #[test]
    fn a_very_short_token_is_used_for_most_of_its_lifetime() {
        assert!(!lifetime(0, 5).is_due(3));
        assert!(lifetime(0, 5).is_due(4));
    }

    #[test]
    fn an_expired_token_is_due_at_once() {
        let lifetime = lifetime(0, 300);
        assert!(lifetime.is_due(100_000) && lifetime.is_over(100_000));
    }

    #[test]
    fn failures_lengthen_the_pause_up_to_a_minute() {
        assert_eq!([0, 1, 2, 3, 4, u32::MAX].map(pause_after), [5, 10, 20, 40, 60, 60]);
    }

    #[test]
    fn a_pause_ends_in_time_and_when_the_clock_was_set_back() {
        assert!(!may_try_again(110, 100));
        assert!(may_try_again(110, 110));
        assert!(may_try_again(90_000, 100));
    }
}
