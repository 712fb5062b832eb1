//! Finding the row of a token, and refusing one that is no longer good.

use http::request::Parts;

use super::{OpaqueToken, token::presented_hash};
use crate::{
    clock::Timestamp,
    db::read,
    error::{AuthError, Refusal},
    principal::Lifetime,
    secret::SecretHash,
    user::User,
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

impl OpaqueToken {
    /// The live row of the token that the request shows, and its hash.
    pub(super) async fn find(&self, req: &Parts, now: Timestamp) -> Result<Option<(SecretHash, Row)>, AuthError> {
        let Some(hash) = presented_hash(req)? else { return Ok(None) };
        let row = self.find_live(&hash, now).await?;
        Ok(Some((hash, row)))
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
