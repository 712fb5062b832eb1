//! The denylist of access tokens, behind the setting `ACCESS_TOKEN_DENYLIST`: what makes a logout immediate, for one more read
//! with each request and one more row with each token. A stateless token, with state.

use super::claims::Claims;
use crate::{
    clock::Timestamp,
    db::{Db, read, write},
    error::{AuthError, Refusal},
    users::UserId,
};

// A sliding token that is renewed keeps its name, and its denial.
const INSERT: &str = "insert into jwt_access_tokens (jti, family_id, user_id, expires_at) values ($1, $2, $3, $4)
    on conflict (jti) do update set expires_at = excluded.expires_at";
const IS_DENIED: &str = "select denied_at from jwt_access_tokens where jti = $1 and denied_at is not null";
// Also one that was made while the setting was off.
const DENY: &str = "insert into jwt_access_tokens (jti, user_id, expires_at, denied_at) values ($1, $2, $3, $4)
    on conflict (jti) do update set expires_at = excluded.expires_at,
        denied_at = coalesce(jwt_access_tokens.denied_at, excluded.denied_at)";
const DENY_FAMILY: &str = "update jwt_access_tokens set denied_at = $2 where family_id = $1 and denied_at is null";
const DENY_USER: &str = "update jwt_access_tokens set denied_at = $2 where user_id = $1 and denied_at is null";
const PRUNE: &str = "delete from jwt_access_tokens where jti in
    (select jti from jwt_access_tokens where expires_at <= $1 order by expires_at limit $2)";

/// Every access token that is alive, so that those of a sign-in can be denied with it.
pub(super) struct Denylist {
    pub db: Db,
}

impl Denylist {
    /// Takes note of a new one. `family`: its sign-in, if it has one. `until`: from when on it is refused anyway.
    pub(super) async fn note(&self, claims: &Claims, family: Option<&str>, until: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| {
            sqlx::query(INSERT)
                .bind(&claims.jti)
                .bind(family)
                .bind(claims.sub.as_str())
                .bind(until)
                .execute(db)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    /// Refuses one that is denied. One that was made while the setting was off is not known, and passes.
    pub(super) async fn check(&self, jti: &str) -> Result<(), AuthError> {
        let denied: Option<Timestamp> =
            read!(&self.db, |db| sqlx::query_scalar(IS_DENIED).bind(jti).fetch_optional(db).await?);
        if denied.is_some() { Err(Refusal::Revoked.into()) } else { Ok(()) }
    }

    /// Refuses this one from now on. `until`: from when on it is refused anyway, and whatever it can be renewed to.
    pub(super) async fn deny(&self, claims: &Claims, until: Timestamp, now: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| {
            sqlx::query(DENY)
                .bind(&claims.jti)
                .bind(claims.sub.as_str())
                .bind(until)
                .bind(now)
                .execute(db)
                .await?
                .rows_affected()
        });
        Ok(())
    }

    pub(super) async fn deny_family(&self, family: &str, now: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| sqlx::query(DENY_FAMILY).bind(family).bind(now).execute(db).await?.rows_affected());
        Ok(())
    }

    pub(super) async fn deny_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| sqlx::query(DENY_USER).bind(user.as_str()).bind(now).execute(db).await?.rows_affected());
        Ok(())
    }

    pub(super) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        Ok(write!(&self.db, |db| sqlx::query(PRUNE).bind(now).bind(limit).execute(db).await?.rows_affected()))
    }
}
