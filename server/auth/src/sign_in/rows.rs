//! The statements on `sign_ins`.

use super::{EndReason, SIGN_INS_PER_PAGE, SignIn, SignInId};
use crate::{
    clock::{Seconds, Timestamp},
    db::{
        Db, Tx, db_execute, db_fetch_all, db_fetch_optional,
        lookup::{ByKey, Keyed, by_key},
        tx_execute, tx_fetch_all, tx_fetch_optional,
    },
    error::{AuthError, Refusal},
    mode::info::ModeId,
    random::AFTER_EVERY_ID,
    users::{self, User, UserId, user_columns},
};

/// How long an ended sign-in is kept. Until then, the response to its credential contains the reason of the end.
const KEEP_ENDED: Seconds = Seconds::days(1);

/// The columns of [`SignIn`] for a select that joins `sign_ins s`.
macro_rules! sign_in_columns {
    () => {
        "s.id as sign_in_id, s.user_id, s.mode, s.epoch as sign_in_epoch, s.created_at as signed_in_at, s.last_seen_at,
        s.idle_expires_at, s.absolute_expires_at, s.ended_at, s.end_reason, s.user_agent, s.address"
    };
}
pub(crate) use sign_in_columns; // mode: session or opaque

/// The columns of a statement that changes `sign_ins` and returns the row.
macro_rules! returning {
    () => {
        " returning id as sign_in_id, user_id, mode, epoch as sign_in_epoch, created_at as signed_in_at, last_seen_at,
        idle_expires_at, absolute_expires_at, ended_at, end_reason, user_agent, address"
    };
}

const INSERT: &str = "insert into sign_ins (id, user_id, mode, epoch, created_at, last_seen_at, idle_expires_at,
    absolute_expires_at, user_agent, address) values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)";
// An update without a change locks the row on both databases.
const LOCK: &str = concat!("update sign_ins set epoch = epoch where id = $1", returning!());
// A sign-in that the account's epoch has ended does not end again: the reason of the first end stays.
macro_rules! is_not_ended {
    () => {
        "ended_at is null and epoch = (select u.epoch from users u where u.id = user_id)"
    };
}
/// [`SignIn::verdict`] as a condition: of an epoch, at an instant. The numbers of their parameters are the arguments.
/// It omits one case: after the clock was set back, a sign-in of the future is listed, and can be ended.
macro_rules! is_live {
    ($epoch:literal, $now:literal) => {
        concat!(
            "epoch = ",
            $epoch,
            " and ended_at is null and idle_expires_at > ",
            $now,
            " and absolute_expires_at > ",
            $now
        )
    };
}
const END: &str = concat!("update sign_ins set ended_at = $2, end_reason = $3 where id = $1 and ", is_not_ended!());
const END_ALL_OF_MODE: &str = concat!(
    "update sign_ins set ended_at = $3, end_reason = $4 where user_id = $1 and mode = $2 and ",
    is_not_ended!()
);
// The same transaction has raised the account's epoch from $2 to $3.
const CARRY: &str = concat!("update sign_ins set epoch = $3 where id = $1 and ", is_live!("$2", "$4"), returning!());
// Runs under the lock of the user's row. `limit` bounds the work of one login.
const END_BEYOND_LIMIT: &str = concat!(
    "update sign_ins set ended_at = $5, end_reason = $6 where id in
        (select id from sign_ins where user_id = $1 and id <> $3 and ",
    is_live!("$2", "$5"),
    " order by last_seen_at desc, id desc limit 1000 offset $4)"
);
const TOUCH: &str = "update sign_ins set last_seen_at = $2, idle_expires_at = $3
    where id = $1 and ended_at is null and last_seen_at < $2";
// mode: session or opaque or jwt, begin
// A clock that lags moves no date back.
const TOUCH_LOCKED: &str = "update sign_ins set
        last_seen_at = case when last_seen_at < $2 then $2 else last_seen_at end,
        idle_expires_at = case when idle_expires_at < $3 then $3 else idle_expires_at end
    where id = $1";
// mode: session or opaque or jwt, end
const PAGE: &str = concat!(
    "select ",
    sign_in_columns!(),
    " from sign_ins s where s.user_id = $1 and s.id < $4 and ",
    is_live!("$2", "$3"),
    " order by s.id desc limit $5"
);
/// Selects sign-ins, alive or dead, with their accounts.
pub(crate) const FIND: ByKey = by_key!(
    FIND,
    "select ",
    sign_in_columns!(),
    ", ",
    user_columns!(),
    " from sign_ins s join users u on u.id = s.user_id where s.id",
);
const FIND_OF_USER: &str =
    concat!("select ", sign_in_columns!(), " from sign_ins s where s.id = $1 and s.user_id = $2");
const ENDED: &str = "select id from sign_ins where ended_at is not null and ended_at <= $1 order by ended_at limit $2";
const PAST_ABSOLUTE_END: &str =
    "select id from sign_ins where absolute_expires_at <= $1 order by absolute_expires_at limit $2";
const DELETE: &str = "delete from sign_ins where id = $1";

impl SignIn {
    /// Inserts it.
    pub(crate) async fn insert(&self, tx: &mut Tx) -> Result<(), AuthError> {
        tx_execute!(
            tx,
            INSERT,
            &self.id,
            &self.user_id,
            &self.mode,
            self.epoch,
            self.created_at,
            self.idle_expires_at,
            self.absolute_expires_at,
            &self.user_agent,
            &self.address,
        );
        Ok(())
    }
}

/// Locks the row until the transaction ends, and reads it.
pub(crate) async fn lock(tx: &mut Tx, id: &SignInId) -> Result<Option<SignIn>, AuthError> {
    Ok(tx_fetch_optional!(tx, LOCK, id))
}

/// Ends a sign-in. `false`: it had ended before.
///
/// Locks the row first. On PostgreSQL, an update that waits for a concurrent transaction compares the new row with the
/// account's epoch as it was before the wait: it would miss a sign-in that this transaction carried along.
pub(crate) async fn end(tx: &mut Tx, id: &SignInId, reason: EndReason, now: Timestamp) -> Result<bool, AuthError> {
    lock(tx, id).await?;
    end_locked(tx, id, reason, now).await
}

/// The same for a sign-in whose row this transaction has locked.
pub(crate) async fn end_locked(
    tx: &mut Tx,
    id: &SignInId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, AuthError> {
    Ok(tx_execute!(tx, END, id, now, reason.as_str()) == 1)
}

/// Ends every sign-in of the user in one mode, and returns their number. Locks the account first, as [`end`] locks its
/// row.
pub(crate) async fn end_all_of_mode(
    tx: &mut Tx,
    user: &UserId,
    mode: ModeId,
    now: Timestamp,
) -> Result<u64, AuthError> {
    users::lock(tx, user).await?;
    Ok(tx_execute!(tx, END_ALL_OF_MODE, user, mode.0, now, EndReason::LogoutAll.as_str()))
}

/// Ends the live sign-ins of the user beyond `limit`, the least recently seen first, and never `new`.
pub(crate) async fn end_beyond_limit(tx: &mut Tx, new: &SignIn, limit: i64, now: Timestamp) -> Result<u64, AuthError> {
    let reason = EndReason::Limit.as_str();
    Ok(tx_execute!(tx, END_BEYOND_LIMIT, &new.user_id, new.epoch, &new.id, limit - 1, now, reason))
}

/// Writes the account's new epoch into the caller's row. `None`: the row is not live with the old epoch.
pub(crate) async fn carry_to_epoch(
    tx: &mut Tx,
    id: &SignInId,
    old_epoch: i64,
    new_epoch: i64,
    now: Timestamp,
) -> Result<Option<SignIn>, AuthError> {
    Ok(tx_fetch_optional!(tx, CARRY, id, old_epoch, new_epoch, now))
}

/// Writes a use of the sign-in.
pub(crate) async fn touch(db: &Db, id: &SignInId, idle_expires_at: Timestamp, now: Timestamp) -> Result<(), AuthError> {
    db_execute!(db, TOUCH, id, now, idle_expires_at);
    Ok(())
}

// mode: session or opaque or jwt, begin
/// Writes a use of the sign-in, whose row is locked.
pub(crate) async fn touch_locked(
    tx: &mut Tx,
    id: &SignInId,
    idle_expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), AuthError> {
    tx_execute!(tx, TOUCH_LOCKED, id, now, idle_expires_at);
    Ok(())
}
// mode: session or opaque or jwt, end

/// A sign-in with its account.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct WithAccount {
    #[sqlx(flatten)]
    pub sign_in: SignIn,
    #[sqlx(flatten)]
    pub user: User,
}

impl Keyed for WithAccount {
    fn key(&self) -> &str {
        self.sign_in.id.as_str()
    }
}

impl WithAccount {
    pub(crate) fn verdict(&self, now: Timestamp) -> Result<(), Refusal> {
        self.sign_in.verdict(&self.user, now)
    }
}

/// Reads a sign-in, alive or dead, and its account by one select.
pub(crate) async fn find(db: &Db, id: &SignInId) -> Result<Option<WithAccount>, AuthError> {
    Ok(db_fetch_optional!(db, FIND.one, id))
}

/// Reads a sign-in of this user, alive or dead.
pub(crate) async fn find_of_user(db: &Db, user: &UserId, id: &SignInId) -> Result<Option<SignIn>, AuthError> {
    Ok(db_fetch_optional!(db, FIND_OF_USER, id, user))
}

/// The user's live sign-ins, newest first: the first page, or the page after an id.
pub(crate) async fn page(
    db: &Db,
    user: &User,
    after: Option<&SignInId>,
    now: Timestamp,
) -> Result<Vec<SignIn>, AuthError> {
    let before = after.map_or(AFTER_EVERY_ID, SignInId::as_str);
    Ok(db_fetch_all!(db, PAGE, &user.id, user.epoch, now, before, i64::from(SIGN_INS_PER_PAGE)))
}

/// At most `limit` sign-ins that can be deleted.
pub(crate) async fn deletable(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<SignInId>, AuthError> {
    let ended_until = Timestamp(now.0.saturating_sub(KEEP_ENDED.0));
    let mut ids: Vec<(SignInId,)> = tx_fetch_all!(tx, ENDED, ended_until, limit);
    if ids.is_empty() {
        ids = tx_fetch_all!(tx, PAST_ABSOLUTE_END, now, limit);
    }
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Deletes the row. The mode's rows of it must be deleted before.
pub(crate) async fn delete(tx: &mut Tx, id: &SignInId) -> Result<u64, AuthError> {
    Ok(tx_execute!(tx, DELETE, id))
}

#[cfg(test)]
mod tests;
