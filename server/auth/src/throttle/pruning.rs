//! Deletion of what has expired: counters and known addresses.

use super::Throttle;
use crate::{clock::Timestamp, db::db_execute, error::AuthError};

/// Deletes expired rows of a table, `$2` at most. The date is compared twice: a concurrent attempt may have begun a new
/// window of a row that the subquery found.
macro_rules! delete_expired {
    ($table:literal) => {
        concat!(
            "delete from ",
            $table,
            " where expires_at <= $1 and key_hash in (select key_hash from ",
            $table,
            " where expires_at <= $1 order by expires_at limit $2)"
        )
    };
}

const PRUNE_COUNTERS: &str = delete_expired!("throttle");
const PRUNE_KNOWN: &str = delete_expired!("known_addresses");

impl Throttle {
    /// Deletes at most `limit` expired counters and as many known addresses, and returns the number of rows. A failure
    /// of one does not stop the other.
    pub(crate) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        let db = &self.counts.db;
        let counters = async { Ok::<_, AuthError>(db_execute!(db, PRUNE_COUNTERS, now, limit)) }.await;
        let known = async { Ok::<_, AuthError>(db_execute!(db, PRUNE_KNOWN, now, limit)) }.await;
        Ok(counters? + known?)
    }
}
