//! Refresh rotation (RFC 9700, 4.14.2): each refresh token is valid for one use. A second use ends the sign-in.
//!
//! One row per sign-in contains the *head*, which is the current refresh token, and the `jti` of its predecessor. The
//! row of the sign-in is locked while this row is read and changed.

use http::request::Parts;

use super::claims::{Claims, new_jti};
use crate::{
    clock::{Seconds, Timestamp},
    db::{Db, Tx, db_fetch_optional, tx_execute, tx_fetch_optional},
    error::{AuthError, Replay},
    keys::Keys,
    mode::{
        client::{Client, ClientAddress},
        principal::Lifetime,
    },
    secret::SecretHash,
    sign_in::{SignIn, SignInId},
};

/// Length of an `Idempotency-Key`. A shorter one could be guessed, a longer one is unbounded work: both are ignored.
const IDEMPOTENCY_KEY_CHARS: std::ops::RangeInclusive<usize> = 16..=128;
/// The network that one customer controls: a /64.
const IPV6_PREFIX_BYTES: usize = 8;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

const INSERT: &str = "insert into refresh_tokens (sign_in_id, jti, generation, issued_at, expires_at)
    values ($1, $2, 1, $3, $4)";
const FIND: &str = "select jti, generation, issued_at, expires_at, previous_jti, previous_used_at, previous_used_by
    from refresh_tokens where sign_in_id = $1";
const ROTATE: &str = "update refresh_tokens set jti = $2, generation = generation + 1, issued_at = $3, expires_at = $4,
        previous_jti = jti, previous_used_at = $3, previous_used_by = $5 where sign_in_id = $1";
const DELETE: &str = "delete from refresh_tokens where sign_in_id = $1";

/// The row of `refresh_tokens`: the head and its predecessor.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RefreshRow {
    pub jti: String,
    pub generation: i64,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub previous_jti: Option<String>,
    previous_used_at: Option<Timestamp>,
    previous_used_by: Option<String>,
}

/// The state of a genuine refresh token of a live sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenState {
    /// It is the head.
    Head,
    /// It is the predecessor of an unused head, within the grace, and the same client presents it again: a lost
    /// response, or a second tab.
    Retry,
    /// It was used before. Two parties hold it, and one of them stole it. The server cannot tell which.
    Replay(Replay),
    /// It is newer than the head: the database was restored from a backup.
    Ahead,
}

/// The client that uses a refresh token, to distinguish a retry from a theft. `None` never equals `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The hash of an `Idempotency-Key`, which only this client knows.
    pub key: Option<String>,
    /// A keyed hash of address and user agent.
    pub client: Option<String>,
}

impl Caller {
    /// The caller of this request.
    pub(super) fn of(req: &Parts, keys: &Keys) -> Result<Self, AuthError> {
        let key = idempotency_key(req).map(|key| format!("key:{}", SecretHash::of(key.as_bytes()).as_str()));
        let client = match req.extensions.get::<ClientAddress>() {
            None => None,
            Some(address) => {
                let mut client = address.network(IPV6_PREFIX_BYTES);
                client.extend(Client::of(req).user_agent.as_bytes());
                Some(format!("client:{}", keys.blind("refresh caller", &client)?.as_str()))
            }
        };
        Ok(Self { key, client })
    }

    /// The stored form: the key where there is one.
    fn stored(&self) -> Option<&str> {
        self.key.as_deref().or(self.client.as_deref())
    }

    /// Did this client use the previous token? If that use had a key, only the key counts.
    fn is(&self, used_by: Option<&str>) -> bool {
        used_by.is_some() && (self.key.as_deref() == used_by || self.client.as_deref() == used_by)
    }
}

/// The `Idempotency-Key` of a request, if its length is valid. It is a secret of the client and must not be logged.
fn idempotency_key(req: &Parts) -> Option<&str> {
    let key = req.headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?;
    IDEMPOTENCY_KEY_CHARS.contains(&key.len()).then_some(key)
}

impl RefreshRow {
    /// The state of this token for a client that uses it.
    pub(super) fn state(&self, shown: &Claims, caller: &Caller, grace: Seconds, now: Timestamp) -> TokenState {
        self.state_if(shown, |row| caller.is(row.previous_used_by.as_deref()), grace, now)
    }

    /// The state of this token for introspection. Within the grace it counts as unused for every client, so the result
    /// does not reveal a use.
    pub(super) fn state_without_use(&self, shown: &Claims, grace: Seconds, now: Timestamp) -> TokenState {
        self.state_if(shown, |_| true, grace, now)
    }

    fn state_if(&self, shown: &Claims, is_same: impl Fn(&Self) -> bool, grace: Seconds, now: Timestamp) -> TokenState {
        if shown.jti == self.jti {
            return TokenState::Head;
        }
        if shown.generation > self.generation {
            return TokenState::Ahead;
        }
        if self.previous_jti.as_ref() != Some(&shown.jti) {
            return TokenState::Replay(Replay::Older);
        }
        let in_grace = grace.0 > 0 && self.previous_used_at.is_some_and(|used_at| now <= used_at.plus(grace));
        if in_grace && is_same(self) { TokenState::Retry } else { TokenState::Replay(Replay::Parent) }
    }

    pub(super) fn lifetime(&self, sign_in: &SignIn) -> Lifetime {
        Lifetime {
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            absolute_expires_at: sign_in.absolute_expires_at,
            generation: self.generation,
        }
    }

    /// Inserts the first refresh token of a new sign-in.
    pub(super) async fn begin(tx: &mut Tx, new: &SignIn, now: Timestamp) -> Result<Self, AuthError> {
        let jti = new_jti()?;
        tx_execute!(tx, INSERT, &new.id, &jti, now, new.idle_expires_at);
        Ok(Self {
            jti,
            generation: 1,
            issued_at: now,
            expires_at: new.idle_expires_at,
            previous_jti: None,
            previous_used_at: None,
            previous_used_by: None,
        })
    }

    pub(super) async fn find(tx: &mut Tx, sign_in: &SignInId) -> Result<Option<Self>, AuthError> {
        Ok(tx_fetch_optional!(tx, FIND, sign_in))
    }

    /// Reads the row without a lock, for introspection.
    pub(super) async fn read(db: &Db, sign_in: &SignInId) -> Result<Option<Self>, AuthError> {
        Ok(db_fetch_optional!(db, FIND, sign_in))
    }

    /// Replaces the head, which this client uses, by a successor.
    pub(super) async fn rotate(
        self,
        tx: &mut Tx,
        sign_in: &SignIn,
        used_by: &Caller,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, AuthError> {
        let jti = new_jti()?;
        tx_execute!(tx, ROTATE, &sign_in.id, &jti, now, expires_at, used_by.stored());
        Ok(Self {
            generation: self.generation + 1,
            issued_at: now,
            expires_at,
            previous_jti: Some(self.jti),
            previous_used_at: Some(now),
            previous_used_by: used_by.stored().map(str::to_owned),
            jti,
        })
    }

    pub(super) async fn delete(tx: &mut Tx, ended: &SignInId) -> Result<u64, AuthError> {
        Ok(tx_execute!(tx, DELETE, ended))
    }
}
