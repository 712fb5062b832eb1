//! Keys, derived from one application secret. Each purpose has its own key, and no key is stored.
//!
//! The *key ring* lists the keys: names and dates in the database. So all instances agree on it, and a copy of the
//! database contains no key.

mod app_secret;
mod prepared;
mod ring;
mod secrets;
mod start;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use self::secrets::Secrets;
pub use self::{
    app_secret::APP_SECRET_MIN_BYTES,
    prepared::Prepared,
    ring::{Key, Kid, NewKey, Ring, SigningAlgorithm},
};
use crate::{
    clock::{CLOCK_TOLERANCE, Seconds, Timestamp},
    db::{Db, db_execute, db_fetch_all, transaction, tx_execute, tx_fetch_all},
    error::AuthError,
    random::random_bytes,
    secret::SecretHash,
    settings::SettingsError,
};

/// Maximum age of an instance's copy of the ring, and so the maximum delay until every instance that reaches the
/// database refuses a retired key.
pub const RING_REFRESH: Seconds = Seconds(5);
/// How long other services may cache the key set (`Cache-Control: max-age`).
pub const KEY_SET_MAX_AGE: Seconds = Seconds::minutes(5);
/// Maximum age of an instance's copy of the ring while the database does not answer. A service that has the key set
/// cached accepts a retired key for as long. Only `ACCESS_CHECK=signature` accepts a credential then: every other check
/// reads the account.
const RING_IN_OUTAGE: Seconds = KEY_SET_MAX_AGE;
/// How long a new key is published before it signs. A cache may serve the previous key set for [`KEY_SET_MAX_AGE`],
/// from an instance whose ring was out of date by [`RING_REFRESH`]. The rest of the minute covers clocks that differ.
pub const LEAD: Seconds = Seconds(KEY_SET_MAX_AGE.0 + 60);
/// Minimum time that the predecessor of a new key stays accepted. It equals the longest default lifetime of an unused
/// credential, that of a refresh token. A longer configured lifetime extends it.
pub const OVERLAP: Seconds = Seconds::days(14);

const LIST: &str = "select kid, algorithm, created_at, active_from, retired_at, secret_fingerprint from signing_keys
    order by active_from desc, kid desc";
// Runs before every other statement of a change. Without it, two concurrent retirements of one key each would both see
// the other key as the remaining signing key.
const LOCK: &str = "update key_ring set changed_at = $1 where id = 'ring'";
const INSERT: &str = "insert into signing_keys (kid, algorithm, created_at, active_from, secret_fingerprint)
    values ($1, $2, $3, $4, $5)";
const CLAIM: &str = "update signing_keys set secret_fingerprint = $1 where secret_fingerprint is null";
const RETIRE_OTHERS: &str =
    "update signing_keys set retired_at = $2 where kid <> $1 and (retired_at is null or retired_at > $2)";
// Withdraws keys that would take over after the new key. They have signed nothing yet.
const WITHDRAW: &str =
    "update signing_keys set retired_at = $3 where kid <> $1 and active_from > $3 and active_from >= $2
    and (retired_at is null or retired_at > $3)";
// Never retires the last signing key: without one, no login can succeed.
const RETIRE: &str = "update signing_keys set retired_at = $2 where kid = $1
        and (retired_at is null or retired_at > $2) and exists (select 1 from signing_keys other
        where other.kid <> $1 and other.active_from <= $2 and (other.retired_at is null or other.retired_at > $2))";
// The newest remaining key has lost its successor, so its end is removed.
const KEEP_LATEST: &str = "update signing_keys set retired_at = null
    where not exists (select 1 from signing_keys where retired_at is null)
    and kid = (select kid from signing_keys where retired_at > $1 order by active_from desc, kid desc limit 1)";

/// The keys that sign and seal.
#[derive(Clone)]
pub struct Keys {
    db: Db,
    secrets: Arc<Secrets>,
    cached: Arc<Mutex<Option<CachedRing>>>,
}

/// The cached ring, and when it was read.
struct CachedRing {
    read_at: Timestamp,
    ring: Arc<Ring>,
}

impl Keys {
    /// Takes the application secret. [`crate::Auth::adopt_secret`] then compares it with the database.
    ///
    /// # Errors
    /// [`AuthError::Settings`]
    pub fn new(secret: &[u8], db: Db) -> Result<Self, AuthError> {
        Self::with_previous(secret, None, db)
    }

    /// Same as [`Keys::new`], after a change of the secret: keys that derive from the previous secret stay accepted.
    ///
    /// # Errors
    /// [`AuthError::Settings`]
    pub fn with_previous(secret: &[u8], previous: Option<&[u8]>, db: Db) -> Result<Self, AuthError> {
        Ok(Self { db, secrets: Arc::new(Secrets::new(secret, previous)?), cached: Arc::default() })
    }

    /// Checks a candidate for the application secret.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn check_secret(secret: &[u8]) -> Result<(), SettingsError> {
        app_secret::AppSecret::new(secret).map(drop)
    }

    /// A keyed hash of a value that a bare hash would not hide, because all candidates can be tried: an address, a user
    /// name. No `kid` is part of it, so instances that disagree about the signing key agree about the hash. It derives
    /// from the current secret, so a change of the secret resets the counters.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if HKDF fails.
    pub fn blind(&self, purpose: &'static str, subject: &[u8]) -> Result<SecretHash, AuthError> {
        Ok(SecretHash::of(self.secrets.current().expand::<32>(purpose, subject)?.as_slice()))
    }

    /// The ring, at most [`RING_REFRESH`] old; in an outage of the database, at most [`RING_IN_OUTAGE`].
    ///
    /// # Errors
    /// [`AuthError::Database`]: without the list of retired keys, no key is accepted.
    pub async fn ring(&self, now: Timestamp) -> Result<Arc<Ring>, AuthError> {
        if let Some(ring) = self.cached(RING_REFRESH, now) {
            return Ok(ring);
        }
        let listed = match self.list().await {
            Ok(listed) => listed,
            Err(error) if error.is_outage() => return self.cached(RING_IN_OUTAGE, now).ok_or(error),
            Err(error) => return Err(error),
        };
        let ring = Arc::new(Ring::new(listed, Arc::clone(&self.secrets)));
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(CachedRing { read_at: now, ring: Arc::clone(&ring) });
        Ok(ring)
    }

    fn cached(&self, max_age: Seconds, now: Timestamp) -> Option<Arc<Ring>> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back also makes the copy stale. A copy from slightly in the future is used: a concurrent
        // request with a later `now` may have read it, and inside a transaction nothing may ask the pool for a second
        // connection.
        let age = -CLOCK_TOLERANCE.0..max_age.0;
        let fresh = cached.as_ref().filter(|cached| age.contains(&now.since(cached.read_at).0));
        fresh.map(|cached| Arc::clone(&cached.ring))
    }

    /// Every key of the ring, retired keys included, newest first.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn list(&self) -> Result<Vec<Key>, AuthError> {
        Ok(db_fetch_all!(&self.db, LIST))
    }

    /// Adds a key that takes over at `new.active_from`, and retires all others `overlap` later. A key that would take
    /// over later is withdrawn.
    ///
    /// # Errors
    /// [`AuthError::KeyExists`], [`AuthError::Randomness`], [`AuthError::Database`]
    pub async fn rotate(&self, new: NewKey, overlap: Seconds, now: Timestamp) -> Result<Key, AuthError> {
        let kid = match new.kid {
            Some(kid) => kid,
            None => Kid::new(hex::encode(random_bytes::<4>()?.as_slice())),
        };
        let fingerprint = self.secrets.fingerprint().as_str();
        let key = Key {
            kid,
            algorithm: new.algorithm,
            created_at: now,
            active_from: new.active_from,
            retired_at: None,
            secret_fingerprint: Some(self.secrets.fingerprint().clone()),
        };
        let outcome = transaction!(&self.db, |tx| {
            let kid = key.kid.as_str();
            tx_execute!(tx, LOCK, now);
            tx_execute!(tx, INSERT, kid, key.algorithm.as_str(), now, key.active_from, fingerprint);
            tx_execute!(tx, WITHDRAW, kid, key.active_from, now);
            tx_execute!(tx, RETIRE_OTHERS, kid, key.active_from.plus(overlap));
            Ok(())
        });
        self.forget();
        match outcome {
            Err(AuthError::Database(sqlx::Error::Database(error))) if error.is_unique_violation() => {
                Err(AuthError::KeyExists)
            }
            outcome => outcome.map(|()| key),
        }
    }

    /// Retires a key. Its credentials are refused by this instance at once, and by others within [`RING_REFRESH`].
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::LastKey`], [`AuthError::Database`]
    pub async fn retire(&self, kid: &str, now: Timestamp) -> Result<(), AuthError> {
        let (rows, listed): (u64, Vec<Key>) = transaction!(&self.db, |tx| {
            tx_execute!(tx, LOCK, now);
            let rows = tx_execute!(tx, RETIRE, kid, now);
            tx_execute!(tx, KEEP_LATEST, now);
            Ok((rows, tx_fetch_all!(tx, LIST)))
        })?;
        self.forget();
        let key = listed.iter().find(|key| key.kid.as_str() == kid).ok_or(AuthError::UnknownKey)?;
        // A key that is retired keeps its date: a later one would make an instance whose clock lags accept it again.
        if rows == 1 || !key.is_accepted(now) { Ok(()) } else { Err(AuthError::LastKey) }
    }

    /// Binds the first key of a new database to this process's secret. Of two processes with different secrets, one
    /// wins.
    async fn claim(&self) -> Result<(), AuthError> {
        db_execute!(&self.db, CLAIM, self.secrets.fingerprint().as_str());
        self.forget();
        Ok(())
    }

    fn forget(&self) {
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
