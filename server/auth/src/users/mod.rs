//! Accounts: one table, whatever the mode.

pub mod password;
pub mod username;

use serde::{Deserialize, Serialize};

use self::username::Username;

use crate::{
    clock::Timestamp,
    db::{Db, read, write},
    error::{AuthError, Refusal},
    secret,
};

const INSERT: &str = "insert into users (id, username, password_hash, role, created_at, disabled_at)
    values ($1, $2, $3, $4, $5, $6) on conflict (username) do nothing";
const FIND_BY_ID: &str = "select id, username, role, epoch, disabled_at, password_hash from users where id = $1";
const FIND_BY_NAME: &str =
    "select id, username, role, epoch, disabled_at, password_hash from users where username = $1";
const PAGE: &str = "select id, username, role, created_at, last_login_at, disabled_at from users
    where username > $1 order by username limit $2";
// Only over the hash that was checked: of two changes at once, one finds that its `current` is out of date.
const REPLACE_PASSWORD: &str =
    "update users set password_hash = $3, password_changed_at = $4, epoch = epoch + 1 where id = $1 and password_hash = $2
        returning epoch";
const BUMP_EPOCH: &str = "update users set epoch = epoch + 1 where id = $1";
const BUMP_EPOCH_FROM: &str =
    "update users set epoch = epoch + 1 where id = $1 and epoch = $2 and disabled_at is null returning epoch";
const DISABLE: &str = "update users set disabled_at = $2, epoch = epoch + 1 where id = $1 and disabled_at is null";
const ENABLE: &str = "update users set disabled_at = null where id = $1";
const SET_PASSWORD: &str =
    "update users set password_hash = $2, password_changed_at = $3, epoch = epoch + 1 where id = $1";
// The same password under a better hash. If the user has changed the password meanwhile, the old hash is gone, and the new
// password stays.
const RENEW_HASH: &str = "update users set password_hash = $3 where id = $1 and password_hash = $2";
const RECORD_LOGIN: &str = "update users set last_login_at = $3 where id = $1 and epoch = $2 and disabled_at is null";

/// Names an account for ever: a UUIDv7.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct UserId(String);

impl UserId {
    /// Takes an id from outside. Whether it is anybody's is for the database to say.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Their own account.
    User,
    /// Everybody's.
    Admin,
}

impl Role {
    /// As it is stored.
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
            _ => Err(AuthError::Internal("a stored role is unknown")),
        }
    }
}

/// An account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub username: String,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// The generation of its stateless credentials.
    pub epoch: i64,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// May it sign in?
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }
}

/// An account in a list of accounts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserSummary {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub username: Username,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub role: Role,
    /// When it was made or imported.
    pub created_at: Timestamp,
    /// When somebody last signed in to it by its password. Not kept where `UPDATE_LAST_LOGIN` is off.
    pub last_login_at: Option<Timestamp>,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
}

/// An account with its password hash, which leaves this crate's login and nothing else.
#[derive(sqlx::FromRow)]
pub(crate) struct UserWithHash {
    #[sqlx(flatten)]
    pub user: User,
    pub password_hash: String,
}

/// An account that is about to be made.
pub(crate) struct NewUser<'a> {
    pub username: &'a Username,
    pub password_hash: &'a str,
    pub role: Role,
    pub disabled_at: Option<Timestamp>,
}

/// Creates an account. `None` if the name is taken.
pub(crate) async fn insert(db: &Db, user: NewUser<'_>, now: Timestamp) -> Result<Option<UserId>, AuthError> {
    let id = UserId(secret::new_id(now)?);
    let rows = write!(db, |db| {
        sqlx::query(INSERT)
            .bind(id.as_str())
            .bind(user.username.as_str())
            .bind(user.password_hash)
            .bind(user.role.as_str())
            .bind(now)
            .bind(user.disabled_at)
            .execute(db)
            .await?
            .rows_affected()
    });
    Ok((rows == 1).then_some(id))
}

/// What a registration under a taken name answers with: an id like any other, of nobody.
pub(crate) fn id_of_nobody(now: Timestamp) -> Result<UserId, AuthError> {
    Ok(UserId(secret::new_id(now)?))
}

pub(crate) async fn find_by_name(db: &Db, username: &Username) -> Result<Option<UserWithHash>, AuthError> {
    Ok(read!(db, |db| sqlx::query_as(FIND_BY_NAME).bind(username.as_str()).fetch_optional(db).await?))
}

pub(crate) async fn find_by_id(db: &Db, id: &UserId) -> Result<Option<User>, AuthError> {
    Ok(read!(db, |db| sqlx::query_as(FIND_BY_ID).bind(id.as_str()).fetch_optional(db).await?))
}

pub(crate) async fn find_with_hash(db: &Db, id: &UserId) -> Result<Option<UserWithHash>, AuthError> {
    Ok(read!(db, |db| sqlx::query_as(FIND_BY_ID).bind(id.as_str()).fetch_optional(db).await?))
}

/// Stores a new hash in place of the one that was read, and raises the epoch, which it answers. `None`: that hash is not there
/// any more.
pub(crate) async fn replace_password(
    db: &Db,
    id: &UserId,
    old: &str,
    new: &str,
    now: Timestamp,
) -> Result<Option<i64>, AuthError> {
    Ok(write!(db, |db| {
        sqlx::query_scalar(REPLACE_PASSWORD).bind(id.as_str()).bind(old).bind(new).bind(now).fetch_optional(db).await?
    }))
}

/// Ends every credential that carries the present epoch: every sealed cookie and access token of the user.
pub(crate) async fn bump_epoch(db: &Db, id: &UserId) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(BUMP_EPOCH).bind(id.as_str()).execute(db).await?.rows_affected());
    Ok(())
}

/// The same, if the account is open and still in the epoch of `user`: the account as it is then. Else somebody else was faster,
/// which is a [`Refusal::Revoked`].
pub(crate) async fn bump_epoch_from(db: &Db, user: User) -> Result<User, AuthError> {
    let epoch: Option<i64> = write!(db, |db| {
        sqlx::query_scalar(BUMP_EPOCH_FROM).bind(user.id.as_str()).bind(user.epoch).fetch_optional(db).await?
    });
    Ok(User { epoch: epoch.ok_or(Refusal::Revoked)?, ..user })
}

/// Is the account open, and still in the epoch of `user`?
pub(crate) async fn is_current(db: &Db, user: &User) -> Result<bool, AuthError> {
    Ok(find_by_id(db, &user.id).await?.is_some_and(|now| now.is_active() && now.epoch == user.epoch))
}

/// Closes an account.
pub(crate) async fn disable(db: &Db, id: &UserId, now: Timestamp) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(DISABLE).bind(id.as_str()).bind(now).execute(db).await?.rows_affected());
    Ok(())
}

/// Opens it again.
pub(crate) async fn enable(db: &Db, id: &UserId) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(ENABLE).bind(id.as_str()).execute(db).await?.rows_affected());
    Ok(())
}

/// Stores the hash of a new password, and ends every credential that carries the present epoch.
pub(crate) async fn set_password(db: &Db, id: &UserId, hash: &str, now: Timestamp) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(SET_PASSWORD)
        .bind(id.as_str())
        .bind(hash)
        .bind(now)
        .execute(db)
        .await?
        .rows_affected());
    Ok(())
}

/// Stores a better hash of the same password, unless the stored one is no longer `old`.
pub(crate) async fn renew_hash(db: &Db, id: &UserId, old: &str, new: &str) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(RENEW_HASH).bind(id.as_str()).bind(old).bind(new).execute(db).await?.rows_affected());
    Ok(())
}

/// Dates the last login of the account. `false`, and nothing dated: it is no longer open, or no longer in the epoch of `user`.
pub(crate) async fn record_login(db: &Db, user: &User, now: Timestamp) -> Result<bool, AuthError> {
    let rows = write!(db, |db| {
        sqlx::query(RECORD_LOGIN).bind(user.id.as_str()).bind(user.epoch).bind(now).execute(db).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// At most `limit` accounts in the order of their names, from the one after `after`.
pub(crate) async fn page(db: &Db, after: Option<&Username>, limit: u32) -> Result<Vec<UserSummary>, AuthError> {
    // No name is empty, so all of them come after "".
    let after = after.map_or("", Username::as_str);
    Ok(read!(db, |db| sqlx::query_as(PAGE).bind(after).bind(i64::from(limit)).fetch_all(db).await?))
}
