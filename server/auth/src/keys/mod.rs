//! Keys: derived from one application secret, one for each purpose, so that no key is ever stored and none serves two ends.
//!
//! Which keys there are is the *ring*: names and dates in the database, so that every instance agrees, and a copy of the
//! database holds none.

mod app_secret;
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
    ring::{Key, Kid, NewKey, Ring, SigningAlgorithm},
};
use crate::{
    clock::{CLOCK_TOLERANCE, Seconds, Timestamp},
    db::{Db, db_execute, db_fetch_all, transaction, tx_execute},
    error::AuthError,
    random::random_bytes,
    secret::SecretHash,
    settings::SettingsError,
};

/// How long an instance goes by what it has read. A retired key is refused everywhere after so long, at the latest.
pub const RING_REFRESH: Seconds = Seconds(5);
/// How long other services may cache the key set (`Cache-Control: max-age`).
pub const KEY_SET_MAX_AGE: Seconds = Seconds::minutes(5);
/// How long a new key is published before it signs. A cache may hold the key set of before for [`KEY_SET_MAX_AGE`], and the
/// instance that served it may have been out of date by [`RING_REFRESH`]. The rest of the minute is for clocks that differ.
pub const LEAD: Seconds = Seconds(KEY_SET_MAX_AGE.0 + 60);
/// How long the predecessor of a new key is still accepted, at the least: as long as the longest-lived credential that it has
/// made, a refresh token, may lie unused, unless it was set to longer.
pub const OVERLAP: Seconds = Seconds::days(14);

const LIST: &str = "select kid, algorithm, created_at, active_from, retired_at, secret_fingerprint from signing_keys
    order by active_from desc, kid desc";
// Before every other statement of a change: without it, two that retire one key each would both see the other one sign.
const LOCK: &str = "update key_ring set changed_at = $1 where id = 'ring'";
const INSERT: &str = "insert into signing_keys (kid, algorithm, created_at, active_from, secret_fingerprint)
    values ($1, $2, $3, $4, $5)";
const CLAIM: &str = "update signing_keys set secret_fingerprint = $1 where secret_fingerprint is null";
const RETIRE_OTHERS: &str =
    "update signing_keys set retired_at = $2 where kid <> $1 and (retired_at is null or retired_at > $2)";
// What would take over after the new key has, and has signed nothing yet.
const WITHDRAW: &str =
    "update signing_keys set retired_at = $3 where kid <> $1 and active_from > $3 and active_from >= $2
    and (retired_at is null or retired_at > $3)";
// Never the last one that signs: nobody could log in.
const RETIRE: &str =
    "update signing_keys set retired_at = $2 where kid = $1 and exists (select 1 from signing_keys other
        where other.kid <> $1 and other.active_from <= $2 and (other.retired_at is null or other.retired_at > $2))";
// The latest that is left has no successor any more, so it does not end either.
const KEEP_LATEST: &str = "update signing_keys set retired_at = null
    where not exists (select 1 from signing_keys where retired_at is null)
    and kid = (select kid from signing_keys where retired_at > $1 order by active_from desc, kid desc limit 1)";

/// The keys that this server signs and seals with.
#[derive(Clone)]
pub struct Keys {
    db: Db,
    secrets: Arc<Secrets>,
    known: Arc<Mutex<Option<Known>>>,
}

/// The ring, as it was read at some time.
struct Known {
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

    /// The same after a change of the secret: keys that derive from the previous one are still accepted.
    ///
    /// # Errors
    /// [`AuthError::Settings`]
    pub fn with_previous(secret: &[u8], previous: Option<&[u8]>, db: Db) -> Result<Self, AuthError> {
        Ok(Self { db, secrets: Arc::new(Secrets::new(secret, previous)?), known: Arc::default() })
    }

    /// Can it be an application secret?
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn check_secret(secret: &[u8]) -> Result<(), SettingsError> {
        app_secret::AppSecret::new(secret).map(drop)
    }

    /// What stands in the database for something that a bare hash would not hide, because all of it can be tried: an
    /// address, a name. No `kid` goes into it: instances that disagree about the current key agree about this. It derives from
    /// the current secret: after a change of the secret, the counts begin again.
    ///
    /// # Errors
    /// [`AuthError::Internal`] if HKDF fails.
    pub fn blind(&self, purpose: &'static str, subject: &[u8]) -> Result<SecretHash, AuthError> {
        Ok(SecretHash::of(self.secrets.current().expand::<32>(purpose, subject)?.as_slice()))
    }

    /// The keys as of at most [`RING_REFRESH`] ago.
    ///
    /// # Errors
    /// [`AuthError::Database`]: who cannot find out which keys are retired accepts none.
    pub async fn ring(&self, now: Timestamp) -> Result<Arc<Ring>, AuthError> {
        if let Some(ring) = self.known(now) {
            return Ok(ring);
        }
        let ring = Arc::new(Ring::new(self.list().await?, Arc::clone(&self.secrets)));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Known { read_at: now, ring: Arc::clone(&ring) });
        Ok(ring)
    }

    fn known(&self, now: Timestamp) -> Option<Arc<Ring>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes it stale as well. A request that began a moment before another one has read the ring uses
        // it, too: inside a transaction, nothing may ask the pool.
        let age = -CLOCK_TOLERANCE.0..RING_REFRESH.0;
        let fresh = known.as_ref().filter(|known| age.contains(&now.since(known.read_at).0));
        fresh.map(|known| Arc::clone(&known.ring))
    }

    /// Every key there ever was, newest first.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn list(&self) -> Result<Vec<Key>, AuthError> {
        Ok(db_fetch_all!(&self.db, LIST))
    }

    /// Adds a key that takes over at `new.active_from`, and lets all others go after an `overlap`. One that was to take over later is
    /// withdrawn.
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

    /// Ends a key, and everything that was made with it, here at once and elsewhere within [`RING_REFRESH`].
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::LastKey`], [`AuthError::Database`]
    pub async fn retire(&self, kid: &str, now: Timestamp) -> Result<(), AuthError> {
        if !self.list().await?.iter().any(|key| key.kid.as_str() == kid) {
            return Err(AuthError::UnknownKey);
        }
        let rows = transaction!(&self.db, |tx| {
            tx_execute!(tx, LOCK, now);
            let rows = tx_execute!(tx, RETIRE, kid, now);
            tx_execute!(tx, KEEP_LATEST, now);
            Ok(rows)
        })?;
        self.forget();
        if rows == 1 { Ok(()) } else { Err(AuthError::LastKey) }
    }

    /// Assigns the first key of a new database to our secret. Of two processes with different secrets, one wins.
    async fn claim(&self) -> Result<(), AuthError> {
        db_execute!(&self.db, CLAIM, self.secrets.fingerprint().as_str());
        self.forget();
        Ok(())
    }

    fn forget(&self) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
