//! The server's clock, as the browser knows it. Credentials expire by the server's time, and the local clock may be
//! hours off.

use std::sync::atomic::{AtomicI64, Ordering};

use super::browser;

/// Seconds that the server's clock is ahead of the local clock. A page has one server, so this may be a static; the
/// server itself never writes it.
static OFFSET: AtomicI64 = AtomicI64::new(0);

/// The current time by the server's clock.
pub(crate) fn now() -> i64 {
    #[cfg(feature = "ssr")]
    return crate::ssr::now();
    #[cfg(not(feature = "ssr"))]
    return browser::now() + OFFSET.load(Ordering::Relaxed);
}

/// Corrects the offset by a time that the server just sent.
pub(crate) fn observe(server: i64) {
    let offset = OFFSET.load(Ordering::Relaxed);
    OFFSET.store(corrected(offset, server - browser::now()), Ordering::Relaxed);
}

/// Both clocks show whole seconds, so two readings may differ by one. Ignore that difference: countdowns would jump.
fn corrected(known: i64, seen: i64) -> i64 {
    if (seen - known).abs() <= 1 { known } else { seen }
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn a_second_of_rounding_does_not_move_the_clock() {
        assert_eq!(corrected(10, 11), 10);
        assert_eq!(corrected(10, 9), 10);
    }

    #[test]
    fn a_clock_that_was_set_is_followed_at_once() {
        assert_eq!(corrected(10, 3610), 3610);
        assert_eq!(corrected(3610, 0), 0);
    }
}
