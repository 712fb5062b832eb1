//! The counters: one row per key, one statement per change, and the error of a caller over the limit.

use std::sync::Arc;

use super::known::KnownAddress;
use crate::{
    cache::Cache,
    clock::Timestamp,
    db::{Db, Tx, db_execute, db_returning, tx_execute, tx_fetch_optional},
    error::AuthError,
    secret::SecretHash,
    settings::Rate,
};

// One statement, so that two concurrent requests cannot both take the last slot. It returns no row if the account $6
// knows the address $4 in its current epoch: nothing is counted then. It reads the epoch itself, so that a user name
// without an account takes the same time. Of the attempts over the limit $5 one is counted, as the mark of a refusal,
// and none of them is given back.
const COUNT: &str = "insert into throttle (key_hash, hits, expires_at)
    select $1, 1, $3 where not exists (
        select 1 from known_addresses known join users on users.epoch = known.epoch
        where known.key_hash = $4 and known.expires_at > $2 and users.username = $6
    )
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

/// A row of the table, and its limit.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    pub key: SecretHash,
    pub rate: Rate,
}

/// The result of counting an attempt.
pub(super) enum Count {
    /// Not counted, because the account knows the address.
    Exempt,
    WithinLimit,
    /// Over the limit until this instant.
    OverLimit(Timestamp),
}

impl Count {
    /// Reads the row that [`COUNT`] returns.
    fn of(row: Option<(i64, Timestamp)>, rate: Rate) -> Self {
        match row {
            None => Self::Exempt,
            Some((hits, _)) if hits <= rate.limit => Self::WithinLimit,
            Some((_, until)) => Self::OverLimit(until),
        }
    }
}

/// The counters. They are in the database, which all instances share. Each instance also caches its own refusals.
#[derive(Clone)]
pub(super) struct Counts {
    pub db: Db,
    /// Keys that this process refuses, and until when.
    blocked: Arc<Cache>,
}

impl Counts {
    pub(super) fn new(db: Db) -> Self {
        Self { db, blocked: Arc::default() }
    }

    /// Applies cached refusals. A flood of refused requests then runs no statement.
    pub(super) fn refuse_if_any_blocked(&self, counters: &[Counter], now: Timestamp) -> Result<(), AuthError> {
        counters.iter().try_for_each(|counter| self.refuse_if_blocked(&counter.key, now))
    }

    /// Counts an attempt on each of these, and refuses it at the first one that is over its limit.
    pub(super) async fn admit(&self, tx: &mut Tx, counters: &[Counter], now: Timestamp) -> Result<(), AuthError> {
        for counter in counters {
            if let Count::OverLimit(until) = Self::count(tx, counter, None, now).await? {
                return Err(self.refuse(counter.key.clone(), until, now));
            }
        }
        Ok(())
    }

    /// The same for one counter, without a transaction.
    pub(super) async fn admit_one(&self, counter: &Counter, now: Timestamp) -> Result<(), AuthError> {
        self.refuse_if_blocked(&counter.key, now)?;
        let Counter { key, rate } = counter;
        let (known, account) = (None::<&str>, None::<&str>);
        let row: Option<(i64, Timestamp)> =
            db_returning!(&self.db, COUNT, key.as_str(), now, now.plus(rate.window), known, rate.limit, account);
        match Count::of(row, *rate) {
            Count::OverLimit(until) => Err(self.refuse(key.clone(), until, now)),
            Count::Exempt | Count::WithinLimit => Ok(()),
        }
    }

    pub(super) async fn count(
        tx: &mut Tx,
        Counter { key, rate }: &Counter,
        unless: Option<&KnownAddress>,
        now: Timestamp,
    ) -> Result<Count, AuthError> {
        let (known, account) = unless.map(|known| (known.key.as_str(), known.account.as_str())).unzip();
        let row: Option<(i64, Timestamp)> =
            tx_fetch_optional!(tx, COUNT, key.as_str(), now, now.plus(rate.window), known, rate.limit, account);
        Ok(Count::of(row, *rate))
    }

    pub(super) async fn give_back(tx: &mut Tx, counter: &Counter, now: Timestamp) -> Result<(), AuthError> {
        tx_execute!(tx, GIVE_BACK, counter.key.as_str(), now, counter.rate.limit);
        Ok(())
    }

    /// The same without a transaction.
    pub(super) async fn give_back_one(&self, counter: &Counter, now: Timestamp) -> Result<(), AuthError> {
        db_execute!(&self.db, GIVE_BACK, counter.key.as_str(), now, counter.rate.limit);
        Ok(())
    }

    pub(super) fn refuse(&self, key: SecretHash, until: Timestamp, now: Timestamp) -> AuthError {
        self.blocked.insert(key, until, now);
        throttled(until, now)
    }

    pub(super) fn refuse_if_blocked(&self, key: &SecretHash, now: Timestamp) -> Result<(), AuthError> {
        self.blocked.until(key, now).map_or(Ok(()), |until| Err(throttled(until, now)))
    }

    /// Removes a key from the cached refusals.
    pub(super) fn unblock(&self, key: &SecretHash) {
        self.blocked.remove(key);
    }
}

pub(super) fn throttled(until: Timestamp, now: Timestamp) -> AuthError {
    AuthError::Throttled { retry_after: until.since(now) }
}
