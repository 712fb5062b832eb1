// mode: session or opaque
//! Random credentials that reference a sign-in and are replaced by rotation.
//!
//! The table contains the SHA-256 of the current credential and of the last few that it replaced. Each row references
//! its sign-in. So a replaced credential is refused as replaced, and still ends its sign-in on logout. Each mode
//! creates the statements for its own table.

use http::request::Parts;

use super::{
    lifetimes::Lifetimes,
    principal::{Lifetime, Recognised},
    replay::Previous,
    shown::{Owner, Shown},
};
use crate::{
    clock::Timestamp,
    db::{
        Db, Tx, db_fetch_optional,
        lookup::{ByKey, Keyed, Lookup},
        tx_execute, tx_fetch_optional,
    },
    error::{AuthError, Refusal},
    secret::SecretHash,
    sign_in::{self, SignIn, SignInId},
    users::User,
};

/// Replaced credentials that are kept per sign-in. An older one is unknown.
const KEEP_REPLACED: i64 = 20;

/// The statements of one mode, for its own table `t`.
pub(crate) struct Statements {
    /// Selects rows by their hash, each with its sign-in and its account.
    pub find: ByKey,
    /// Inserts hash, sign-in, generation, instant.
    pub insert: &'static str,
    /// Marks the row with hash `$1` and sign-in `$2` as replaced at `$3`, unless it is marked already, and returns its
    /// generation.
    pub replace: &'static str,
    /// Selects hash and generation of the latest replaced row of sign-in `$1`.
    pub previous: &'static str,
    /// Deletes the replaced rows of sign-in `$1` up to generation `$2`.
    pub delete_old: &'static str,
    /// Deletes all rows of sign-in `$1`.
    pub delete_all: &'static str,
}

/// Creates the [`Statements`] for a table and its column of hashes.
macro_rules! replaceable_statements {
    ($table:literal, $hash:literal) => {
        $crate::mode::replaceable::Statements {
            find: $crate::db::lookup::by_key!(
                find,
                "select t.",
                $hash,
                " as hash, t.generation, t.issued_at, t.replaced_at, ",
                $crate::sign_in::sign_in_columns!(),
                ", ",
                $crate::users::user_columns!(),
                " from ",
                $table,
                " t join sign_ins s on s.id = t.sign_in_id join users u on u.id = s.user_id where t.",
                $hash,
            ),
            insert: concat!(
                "insert into ",
                $table,
                " (",
                $hash,
                ", sign_in_id, generation, issued_at) values ($1, $2, $3, $4)"
            ),
            replace: concat!(
                "update ",
                $table,
                " set replaced_at = $3 where ",
                $hash,
                " = $1 and sign_in_id = $2 and replaced_at is null returning generation"
            ),
            previous: concat!(
                "select ",
                $hash,
                ", generation from ",
                $table,
                " where sign_in_id = $1 and replaced_at is not null order by generation desc limit 1"
            ),
            delete_old: concat!(
                "delete from ",
                $table,
                " where sign_in_id = $1 and replaced_at is not null and generation <= $2"
            ),
            delete_all: concat!("delete from ", $table, " where sign_in_id = $1"),
        }
    };
}
pub(crate) use replaceable_statements;

/// A stored credential with its sign-in and account, read by one select.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Found {
    hash: SecretHash,
    generation: i64,
    issued_at: Timestamp,
    replaced_at: Option<Timestamp>,
    #[sqlx(flatten)]
    pub sign_in: SignIn,
    #[sqlx(flatten)]
    user: User,
}

impl Keyed for Found {
    fn key(&self) -> &str {
        self.hash.as_str()
    }
}

impl Found {
    /// Is the credential valid?
    fn verdict(&self, now: Timestamp) -> Result<(), Refusal> {
        self.sign_in.verdict(&self.user, now)?;
        self.replaced_at.map_or(Ok(()), |at| Err(Refusal::Replaced(at)))
    }

    fn owner(self, now: Timestamp) -> Owner {
        let verdict = self.verdict(now);
        let SignIn { id, user_id, absolute_expires_at, .. } = self.sign_in;
        Owner { user_id, sign_in: Some(id), rowless_id: None, absolute_expires_at, verdict }
    }
}

impl Lookup<Found> {
    /// Recognises the caller by the first of these hashes that is valid.
    pub(crate) async fn authenticate(
        &self,
        hashes: &[SecretHash],
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError> {
        let mut refusal = None;
        for hash in hashes {
            match self.find(hash.as_str()).await? {
                None => _ = refusal.get_or_insert(Refusal::Unknown),
                Some(found) => match found.verdict(now) {
                    Ok(()) => return Ok(Some(found.recognised())),
                    Err(why) => refusal = Some(why),
                },
            }
        }
        refusal.map_or(Ok(None), |refusal| Err(refusal.into()))
    }

    /// Finds the owner of these hashes: of the first that is valid, else of the first that is known.
    pub(crate) async fn shown(&self, hashes: &[SecretHash], now: Timestamp) -> Result<Shown, AuthError> {
        let mut shown = if hashes.is_empty() { Shown::Absent } else { Shown::Unreadable(Refusal::Unknown) };
        for hash in hashes {
            if let Some(found) = self.find(hash.as_str()).await? {
                let owner = found.owner(now);
                let works = owner.verdict.is_ok();
                if works || shown.owner().is_none() {
                    shown = Shown::Genuine(owner);
                }
                if works {
                    break;
                }
            }
        }
        Ok(shown)
    }
}

/// The hash of a replaced credential, in place of the credential of the request. Only [`Statements::previous`] puts it
/// into the extensions of a request.
#[derive(Clone)]
pub(crate) struct Restored(SecretHash);

impl Restored {
    pub(crate) fn of(req: &Parts) -> Option<SecretHash> {
        req.extensions.get().map(|Self(hash)| hash.clone())
    }
}

impl Statements {
    /// Reads stored credentials by their hash.
    pub(crate) fn lookup(&self, db: &Db) -> Lookup<Found> {
        Lookup::new(db, self.find)
    }

    /// The request with the credential that the current one has replaced. The server has its hash, and no mode compares
    /// more than the hash.
    pub(crate) async fn previous(&self, db: &Db, req: &Parts, owner: &Owner) -> Result<Option<Previous>, AuthError> {
        let Some(sign_in) = &owner.sign_in else { return Ok(None) };
        let found: Option<(SecretHash, i64)> = db_fetch_optional!(db, self.previous, sign_in);
        Ok(found.map(|(hash, generation)| {
            let mut req = req.clone();
            req.extensions.insert(Restored(hash));
            Previous { req, generation }
        }))
    }

    /// Stores the first credential of a sign-in.
    pub(crate) async fn insert(
        &self,
        tx: &mut Tx,
        hash: &SecretHash,
        new: &SignIn,
        now: Timestamp,
    ) -> Result<Lifetime, AuthError> {
        tx_execute!(tx, self.insert, hash, &new.id, 1_i64, now);
        Ok(lifetime(new, now, 1))
    }

    /// Replaces the first of the `old` hashes that is the current credential of the locked sign-in. `None`: none of
    /// them is, because a concurrent request has rotated the credential first and holds the successor.
    pub(crate) async fn rotate(
        &self,
        tx: &mut Tx,
        locked: &SignIn,
        (old, new): (&[SecretHash], &SecretHash),
        lifetimes: Lifetimes,
        now: Timestamp,
    ) -> Result<Option<Lifetime>, AuthError> {
        let mut generation: Option<(i64,)> = None;
        for hash in old {
            if generation.is_none() {
                generation = tx_fetch_optional!(tx, self.replace, hash, &locked.id, now);
            }
        }
        let Some((generation,)) = generation else { return Ok(None) };
        let generation = generation + 1;
        tx_execute!(tx, self.insert, new, &locked.id, generation, now);
        tx_execute!(tx, self.delete_old, &locked.id, generation - 1 - KEEP_REPLACED);
        let idle_expires_at = Lifetime::idle_end(now, lifetimes.idle, locked.absolute_expires_at);
        sign_in::touch_locked(tx, &locked.id, idle_expires_at, now).await?;
        Ok(Some(Lifetime { expires_at: idle_expires_at, ..lifetime(locked, now, generation) }))
    }

    /// Deletes all credentials of a sign-in.
    pub(crate) async fn forget(&self, tx: &mut Tx, ended: &SignInId) -> Result<u64, AuthError> {
        Ok(tx_execute!(tx, self.delete_all, ended))
    }
}

impl Found {
    fn recognised(self) -> Recognised {
        Recognised {
            sign_in: Some(self.sign_in.id.clone()),
            lifetime: lifetime(&self.sign_in, self.issued_at, self.generation),
            user: self.user,
            used: Some(self.sign_in),
        }
    }

    // mode: opaque, begin
    /// The owner, the account, and the dates of issue and expiry, for introspection.
    pub(crate) fn introspected(self, now: Timestamp) -> (Owner, User, Timestamp, Timestamp) {
        let (user, iat, exp) = (self.user.clone(), self.issued_at, self.sign_in.idle_expires_at);
        (self.owner(now), user, iat, exp)
    }
    // mode: opaque, end
}

fn lifetime(sign_in: &SignIn, issued_at: Timestamp, generation: i64) -> Lifetime {
    Lifetime {
        issued_at,
        expires_at: sign_in.idle_expires_at,
        absolute_expires_at: sign_in.absolute_expires_at,
        generation,
    }
}
