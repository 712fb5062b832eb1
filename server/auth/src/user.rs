//! Accounts: one table, whatever the mode.

use precis_profiles::{UsernameCaseMapped, precis_core::profile::PrecisFastInvocation};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    db::{Db, read, write},
    error::AuthError,
    secret,
};

/// Code points. 64 hold any name that people use, and leave a sealed cookie far below the browser's 4096 bytes.
pub const USERNAME_MAX_CHARS: usize = 64;

const INSERT: &str = "insert into users (id, username, password_hash, role, created_at)
    values ($1, $2, $3, $4, $5) on conflict (username) do nothing";
const FIND_BY_ID: &str = "select id, username, role, epoch, disabled_at, password_hash from users where id = $1";
const FIND_BY_NAME: &str =
    "select id, username, role, epoch, disabled_at, password_hash from users where username = $1";
// Only over the hash that was checked: of two changes at once, one finds that its `current` is out of date.
const REPLACE_PASSWORD: &str = "update users set password_hash = $3 where id = $1 and password_hash = $2";
const BUMP_EPOCH: &str = "update users set epoch = epoch + 1 where id = $1";
const DISABLE: &str = "update users set disabled_at = $2, epoch = epoch + 1 where id = $1 and disabled_at is null";

/// Names an account for ever: a UUIDv7.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct UserId(String);

impl UserId {
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

/// A user name in its one canonical form: RFC 8265, UsernameCaseMapped. Width, case and composition are folded, so that
/// `Ａlice`, `ALICE` and `alice` are one account and not three that look alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

/// What is wrong with a user name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsernameProblem {
    /// Empty, or over [`USERNAME_MAX_CHARS`].
    Length,
    /// A character that RFC 8265 forbids, or ASCII punctuation other than `. _ - @ +`.
    Characters,
}

impl Username {
    /// Reads a name as a person typed it.
    ///
    /// # Errors
    /// [`UsernameProblem`]
    pub fn parse(text: &str) -> Result<Self, UsernameProblem> {
        // Counted before the folding, which costs time: a megabyte is refused for its length.
        if text.is_empty() || text.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        let folded = UsernameCaseMapped::enforce(text).map_err(|_| UsernameProblem::Characters)?;
        if folded.chars().count() > USERNAME_MAX_CHARS {
            return Err(UsernameProblem::Length);
        }
        if folded.chars().any(|c| c.is_ascii_punctuation() && !"._-@+".contains(c)) {
            return Err(UsernameProblem::Characters);
        }
        Ok(Self(folded.into_owned()))
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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

/// An account with its password hash, which leaves this crate's login and nothing else.
#[derive(sqlx::FromRow)]
pub(crate) struct UserWithHash {
    #[sqlx(flatten)]
    pub user: User,
    pub password_hash: String,
}

/// Creates an account. `None` if the name is taken.
pub(crate) async fn insert(
    db: &Db,
    username: &Username,
    password_hash: &str,
    role: Role,
    now: Timestamp,
) -> Result<Option<UserId>, AuthError> {
    let id = UserId(secret::new_id(now)?);
    let rows = write!(db, |db| {
        sqlx::query(INSERT)
            .bind(id.as_str())
            .bind(username.as_str())
            .bind(password_hash)
            .bind(role.as_str())
            .bind(now)
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

/// Stores a new hash in place of the one that was read. `false`: it is not there any more.
pub(crate) async fn replace_password(db: &Db, id: &UserId, old: &str, new: &str) -> Result<bool, AuthError> {
    Ok(write!(db, |db| {
        sqlx::query(REPLACE_PASSWORD).bind(id.as_str()).bind(old).bind(new).execute(db).await?.rows_affected()
    }) == 1)
}

/// Ends every credential that carries the present epoch: every sealed cookie and access token of the user.
pub(crate) async fn bump_epoch(db: &Db, id: &UserId) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(BUMP_EPOCH).bind(id.as_str()).execute(db).await?.rows_affected());
    Ok(())
}

/// Closes an account.
pub(crate) async fn disable(db: &Db, id: &UserId, now: Timestamp) -> Result<(), AuthError> {
    write!(db, |db| sqlx::query(DISABLE).bind(id.as_str()).bind(now).execute(db).await?.rows_affected());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_by_case_or_width_are_one_account() {
        assert_eq!(Username::parse("ＡLICE").unwrap(), Username::parse("alice").unwrap());
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_account() {
        assert_eq!(Username::parse("Zoe\u{308}").unwrap(), Username::parse("zo\u{eb}").unwrap());
    }

    #[test]
    fn a_name_may_be_written_in_any_script() {
        assert_eq!(Username::parse("민준").unwrap().as_str(), "민준");
    }

    #[test]
    fn a_mail_address_is_a_name() {
        assert!(Username::parse("alice+test@example.org").is_ok());
    }

    #[test]
    fn spaces_controls_and_markup_are_refused() {
        for text in ["al ice", "al\u{0}ice", "al\u{200b}ice", "<alice>", "\"alice\""] {
            assert_eq!(Username::parse(text), Err(UsernameProblem::Characters), "{text:?}");
        }
    }

    #[test]
    fn the_length_is_counted_in_code_points() {
        assert!(Username::parse(&"민".repeat(64)).is_ok());
        assert_eq!(Username::parse(&"민".repeat(65)), Err(UsernameProblem::Length));
        assert_eq!(Username::parse(""), Err(UsernameProblem::Length));
    }
}
