//! Finding the row of a token, and refusing one that is no longer good.

use http::request::Parts;

use super::{OpaqueToken, token::presented_hash};
use crate::{
    clock::Timestamp,
    db::read,
    error::{AuthError, Refusal},
    mode::Owner,
    mode::principal::Lifetime,
    secret::SecretHash,
    users::{User, UserId},
};

const FIND: &str =
    "select t.generation, t.issued_at, t.last_seen_at, t.expires_at, t.absolute_expires_at, t.revoked_at, u.id, u.username, u.role, u.epoch, u.disabled_at
    from opaque_tokens t join users u on u.id = t.user_id where t.token_hash = $1";

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub last_seen_at: Timestamp,
    revoked_at: Option<Timestamp>,
    #[sqlx(flatten)]
    pub lifetime: Lifetime,
    #[sqlx(flatten)]
    pub user: User,
}

const OWNER: &str = "select user_id from opaque_tokens where token_hash = $1";

impl OpaqueToken {
    /// The live row of the token that the request shows, and its hash.
    pub(super) async fn find(&self, req: &Parts, now: Timestamp) -> Result<Option<(SecretHash, Row)>, AuthError> {
        let Some(hash) = presented_hash(req)? else { return Ok(None) };
        let row = self.find_live(&hash, now).await?;
        Ok(Some((hash, row)))
    }

    /// Whose token it is, alive or dead.
    pub(super) async fn owner_of(&self, hash: SecretHash) -> Result<Option<Owner>, AuthError> {
        let user_id: Option<UserId> =
            read!(&self.db, |db| sqlx::query_scalar(OWNER).bind(hash.as_str()).fetch_optional(db).await?);
        Ok(user_id.map(|user_id| Owner { user_id, credential: Some(hash.into()) }))
    }

    pub(super) async fn find_live(&self, hash: &SecretHash, now: Timestamp) -> Result<Row, AuthError> {
        let row: Option<Row> =
            read!(&self.db, |db| sqlx::query_as(FIND).bind(hash.as_str()).fetch_optional(db).await?);
        let row = row.ok_or(Refusal::Unknown)?;
        if row.revoked_at.is_some() {
            return Err(Refusal::Revoked.into());
        }
        if row.lifetime.is_over(now) {
            return Err(Refusal::Expired.into());
        }
        if !row.user.is_active() {
            return Err(Refusal::UserInactive.into());
        }
        Ok(row)
    }
}
