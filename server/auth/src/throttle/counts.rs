//! The counts: a row for each key, a statement for each change, and what a caller is told who is beyond the rate.

use super::{KNOWN_FOR, KNOWN_TOUCH_EVERY, Throttle};
use crate::{
    clock::Timestamp,
    db::{db_execute, db_returning},
    error::AuthError,
    secret::SecretHash,
    settings::Rate,
};

// One statement, so that no two requests can both be the last one. No row: the key $4 is live, and nothing is counted. Of those
// beyond the limit $5 one is counted, as the mark that somebody was refused, and none is given back.
const COUNT: &str = "insert into throttle (key_hash, hits, expires_at)
    select $1, 1, $3 where not exists (select 1 from throttle known where known.key_hash = $4 and known.expires_at > $2)
    on conflict (key_hash) do update set
        hits = case
            when throttle.expires_at <= $2 then 1
            when throttle.hits > $5 then throttle.hits
            else throttle.hits + 1
        end,
        expires_at = case when throttle.expires_at > $2 then throttle.expires_at else excluded.expires_at end
    returning hits, expires_at";
const GIVE_BACK: &str = "update throttle set hits = case when hits > $3 then $3 else hits end - 1
    where key_hash = $1 and hits > 0 and expires_at > $2";
const REMEMBER: &str = "insert into throttle (key_hash, hits, expires_at) values ($1, 0, $2)
    on conflict (key_hash) do update set expires_at = excluded.expires_at where throttle.expires_at <= $3";
const PRUNE: &str = "delete from throttle where key_hash in
    (select key_hash from throttle where expires_at <= $1 order by expires_at limit $2)";

impl Throttle {
    pub(super) async fn admit(&self, key: SecretHash, rate: Rate, now: Timestamp) -> Result<(), AuthError> {
        self.refuse_if_blocked(&key, now)?;
        match self.count(&key, rate, None, now).await? {
            Count::Within | Count::Spared => Ok(()),
            Count::Beyond(until) => Err(self.refuse(key, until, now)),
        }
    }

    pub(super) async fn count(
        &self,
        key: &SecretHash,
        rate: Rate,
        unless: Option<&SecretHash>,
        now: Timestamp,
    ) -> Result<Count, AuthError> {
        let row: Option<(i64, Timestamp)> = db_returning!(
            &self.db,
            COUNT,
            key.as_str(),
            now,
            now.plus(rate.window),
            unless.map(SecretHash::as_str),
            rate.limit
        );
        Ok(match row {
            None => Count::Spared,
            Some((hits, _)) if hits <= rate.limit => Count::Within,
            Some((_, until)) => Count::Beyond(until),
        })
    }

    pub(super) async fn give_back(&self, key: &SecretHash, rate: Rate, now: Timestamp) -> Result<(), AuthError> {
        db_execute!(&self.db, GIVE_BACK, key.as_str(), now, rate.limit);
        Ok(())
    }

    /// Makes an address known to an account: for [`KNOWN_FOR`], from now on.
    pub(super) async fn remember(&self, known: &SecretHash, now: Timestamp) -> Result<(), AuthError> {
        let until = now.plus(KNOWN_FOR);
        let stale = Timestamp(until.0.saturating_sub(KNOWN_TOUCH_EVERY.0));
        db_execute!(&self.db, REMEMBER, known.as_str(), until, stale);
        Ok(())
    }

    pub(super) fn refuse(&self, key: SecretHash, until: Timestamp, now: Timestamp) -> AuthError {
        self.blocked.insert(key, until, now);
        throttled(until, now)
    }

    pub(super) fn refuse_if_blocked(&self, key: &SecretHash, now: Timestamp) -> Result<(), AuthError> {
        self.blocked.until(key, now).map_or(Ok(()), |until| Err(throttled(until, now)))
    }

    /// Deletes at most `limit` rows that say nothing any more, and tells how many there were.
    pub(crate) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        Ok(db_execute!(&self.db, PRUNE, now, limit))
    }
}

/// How a count stands after one more.
pub(super) enum Count {
    /// It was not counted, because the exception holds.
    Spared,
    Within,
    /// Too many, until then.
    Beyond(Timestamp),
}

pub(super) fn throttled(until: Timestamp, now: Timestamp) -> AuthError {
    AuthError::Throttled { retry_after: until.since(now) }
}
