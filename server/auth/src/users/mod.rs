//! Accounts: one table for all modes.

pub mod change;
mod normal_form;
pub mod password;
pub mod username;

use serde::{Deserialize, Serialize};

use self::username::Username;

use crate::{
    clock::Timestamp,
    db::{
        Db,
        Tx,
        db_execute,
        db_fetch_all,
        db_fetch_optional,
        lookup::Keyed, // mode: jwt
        lookup::{ByKey, by_key},
        tx_execute,
        tx_fetch_optional,
    },
    error::{AuthError, Refusal},
    random,
};

/// The columns of [`User`] for a select that joins `users u`.
macro_rules! user_columns {
    () => {
        "u.id, u.username, u.role, u.epoch, u.epoch_before, u.epoch_reason, u.disabled_at"
    };
}
pub(crate) use user_columns;

const INSERT: &str = "insert into users (id, username, password_hash, role, created_at, disabled_at)
    values ($1, $2, $3, $4, $5, $6) on conflict (username) do nothing";
pub(crate) const BY_ID: ByKey = by_key!(BY_ID, "select ", user_columns!(), " from users u where u.id");
const FIND_WITH_HASH: &str = concat!("select ", user_columns!(), ", u.password_hash from users u where u.id = $1");
const FIND_BY_NAME: &str = concat!("select ", user_columns!(), ", u.password_hash from users u where u.username = $1");
const PAGE: &str = "select id, username, role, created_at, last_login_at, disabled_at from users
    where username > $1 order by username limit $2";

const LOCK: &str = "update users set epoch = epoch where id = $1";
// Locks the row until the transaction ends. $2 is null where the date of logins is not stored.
const RECORD_LOGIN: &str = "update users set last_login_at = coalesce($2, last_login_at) where id = $1";
// Stores the same password under a better hash. If the user has changed the password in the meantime, the old hash is
// no longer stored, and the new password stays.
const RENEW_HASH: &str = "update users set password_hash = $3 where id = $1 and password_hash = $2";

/// The permanent id of an account: a UUIDv7.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct UserId(String);

impl UserId {
    /// Parses an untrusted id. `None`: it is malformed. The database decides whether it exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        random::is_id(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The permissions of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Manages the own account only.
    User,
    /// Manages every account.
    Admin,
}

impl Role {
    /// The stored spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl TryFrom<String> for Role {
    type Error = AuthError;

    fn try_from(text: String) -> Result<Self, AuthError> {
        match text.as_str() {
            "user" => Ok(Self::User),
            "admin" => Ok(Self::Admin),
            _ => Err(AuthError::Internal("the database contains an unknown role")),
        }
    }
}

/// An account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The user name, in its canonical form.
    pub username: String,
    /// The permissions.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// The epoch that a live sign-in must carry.
    pub epoch: i64,
    /// The epoch before the last raise.
    pub epoch_before: Option<i64>,
    /// Why the epoch was raised: the stored spelling of an [`EndReason`].
    pub epoch_reason: Option<String>,
    /// When the account was disabled. `None`: it is enabled.
    pub disabled_at: Option<Timestamp>,
}

// mode: jwt, begin
impl Keyed for User {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
// mode: jwt, end

impl User {
    // mode: cookie or jwt, begin
    /// The account as a credential describes it. Only the database knows whether it is enabled, and why its epoch rose.
    pub(crate) fn claimed(id: UserId, username: String, role: Role, epoch: i64) -> Self {
        Self { id, username, role, epoch, epoch_before: None, epoch_reason: None, disabled_at: None }
    }
    // mode: cookie or jwt, end

    /// Is the account enabled?
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// May a credential of this epoch act for the account?
    ///
    /// # Errors
    /// [`Refusal::UserInactive`], [`Refusal::Ended`], [`Refusal::Revoked`]
    pub fn verdict(&self, epoch: i64) -> Result<(), Refusal> {
        if !self.is_active() {
            return Err(Refusal::UserInactive);
        }
        if epoch == self.epoch {
            return Ok(());
        }
        // Only the last raise is stored. An earlier one ended the credentials of older epochs, for a reason of its own.
        let reason = self.epoch_reason.as_deref().filter(|_| self.epoch_before == Some(epoch));
        Err(Refusal::ended(reason))
    }
}

/// An account in a list of accounts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserSummary {
    /// Its id.
    pub id: UserId,
    /// The user name.
    pub username: Username,
    /// The permissions.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// When it was registered or imported.
    pub created_at: Timestamp,
    /// The last login. Not updated while `UPDATE_LAST_LOGIN` is off.
    pub last_login_at: Option<Timestamp>,
    /// When the account was disabled. `None`: it is enabled.
    pub disabled_at: Option<Timestamp>,
}

/// An account with its password hash. Only the check of a password uses it.
#[derive(sqlx::FromRow)]
pub(crate) struct UserWithHash {
    #[sqlx(flatten)]
    pub user: User,
    pub password_hash: String,
}

/// An account to insert.
pub(crate) struct NewUser {
    pub username: Username,
    pub password_hash: String,
    pub role: Role,
    pub disabled_at: Option<Timestamp>,
}

/// Creates an account. `None`: the name is taken.
pub(crate) async fn insert(tx: &mut Tx, user: &NewUser, now: Timestamp) -> Result<Option<UserId>, AuthError> {
    let id = UserId(random::new_id(now)?);
    let NewUser { username, password_hash, role, disabled_at } = user;
    let rows = tx_execute!(tx, INSERT, &id, username.as_str(), password_hash, role.as_str(), now, *disabled_at);
    Ok((rows == 1).then_some(id))
}

/// The id in the response to a registration with a taken name. It looks like any other id, and no account has it.
pub(crate) fn decoy_id(now: Timestamp) -> Result<UserId, AuthError> {
    Ok(UserId(random::new_id(now)?))
}

pub(crate) async fn find_by_name(db: &Db, username: &Username) -> Result<Option<UserWithHash>, AuthError> {
    Ok(db_fetch_optional!(db, FIND_BY_NAME, username.as_str()))
}

pub(crate) async fn find_by_id(db: &Db, id: &UserId) -> Result<Option<User>, AuthError> {
    Ok(db_fetch_optional!(db, BY_ID.one, id))
}

pub(crate) async fn find_with_hash(db: &Db, id: &UserId) -> Result<Option<UserWithHash>, AuthError> {
    Ok(db_fetch_optional!(db, FIND_WITH_HASH, id))
}

/// Reads the account within this transaction.
pub(crate) async fn find_in(tx: &mut Tx, id: &UserId) -> Result<Option<User>, AuthError> {
    Ok(tx_fetch_optional!(tx, BY_ID.one, id))
}

/// Locks the account's row until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: &UserId) -> Result<(), AuthError> {
    tx_execute!(tx, LOCK, id);
    Ok(())
}

/// Locks the account's row until the transaction ends, and writes the date of the login if `at` is given.
pub(crate) async fn record_login(tx: &mut Tx, id: &UserId, at: Option<Timestamp>) -> Result<(), AuthError> {
    tx_execute!(tx, RECORD_LOGIN, id, at);
    Ok(())
}

/// Stores a better hash of the same password, unless the stored one is no longer `old`.
pub(crate) async fn renew_hash(db: &Db, id: &UserId, old: &str, new: &str) -> Result<(), AuthError> {
    db_execute!(db, RENEW_HASH, id, old, new);
    Ok(())
}

/// At most `limit` accounts ordered by user name, starting after `after`.
pub(crate) async fn page(db: &Db, after: Option<&Username>, limit: u32) -> Result<Vec<UserSummary>, AuthError> {
    // No user name is empty, so all names sort after "".
    let after = after.map_or("", Username::as_str);
    Ok(db_fetch_all!(db, PAGE, after, i64::from(limit)))
}
