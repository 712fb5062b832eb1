//! Deletes what has expired, in the background.

use std::time::Duration;

use auth::Auth;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Expired rows are refused whatever their age, so there is no hurry.
const EVERY: Duration = Duration::from_mins(1);
/// Rows of a kind that go at once: a transaction so short that nobody waits for it.
const BATCH: i64 = 500;
/// Between two batches, others write.
const PAUSE: Duration = Duration::from_millis(50);

/// Goes on until the process ends. A database that is away is tried again at the next turn.
pub async fn run(auth: Auth) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        loop {
            match auth.prune(BATCH).await {
                Ok(0) => break,
                Ok(rows) => tracing::debug!(rows, "expired rows deleted"),
                Err(error) => {
                    tracing::warn!(%error, "expired rows could not be deleted");
                    break;
                }
            }
            sleep(PAUSE).await;
        }
    }
}
