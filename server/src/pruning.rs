//! Deletes expired rows in the background.

use std::time::Duration;

use auth::Auth;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// An expired row is refused whether it is deleted or not, so pruning can be slow.
const EVERY: Duration = Duration::from_mins(1);
/// Rows of a table that one transaction deletes. The transaction is short, so that it blocks no request for long.
const BATCH: i64 = 500;
/// Between two batches, so that other transactions can write.
const PAUSE: Duration = Duration::from_millis(50);

/// Runs until the process ends. After an error, the next try is the next turn.
pub async fn run(auth: Auth) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        loop {
            match auth.prune(BATCH).await {
                Ok(0) => break,
                Ok(rows) => tracing::debug!(rows, "deleted expired rows"),
                Err(error) => {
                    tracing::warn!(%error, "cannot delete expired rows");
                    break;
                }
            }
            sleep(PAUSE).await;
        }
    }
}
