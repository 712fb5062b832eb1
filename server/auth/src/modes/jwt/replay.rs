//! Restores the predecessor of a refresh token, to demonstrate a replay.

use async_trait::async_trait;
use http::request::Parts;

use super::{JwtPair, Renewal, claims::Claims, presented::presented_refresh, rotation::RefreshRow};
use crate::{
    clock::{Seconds, Timestamp},
    error::AuthError,
    mode::{
        replay::{Previous, Replayable},
        shown::{BodyCredential, Owner},
    },
};

#[async_trait]
impl Replayable for JwtPair {
    fn grace(&self) -> Option<Seconds> {
        (self.renewal == Renewal::Rotates).then_some(self.grace)
    }

    // The row has the `jti` of the predecessor, and a use is checked by its `jti` and its generation. So the
    // predecessor is minted again with the dates of the head.
    async fn previous(&self, req: &Parts, owner: &Owner, now: Timestamp) -> Result<Option<Previous>, AuthError> {
        let presented = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        let Some(sign_in) = &owner.sign_in else { return Ok(None) };
        let claims = self.tokens.claims_of(&presented, sign_in, now).await??;
        let Some(row) = RefreshRow::read(&self.db, sign_in).await? else { return Ok(None) };
        if claims.jti != row.jti {
            return Ok(Some(Previous { req: req.clone(), generation: claims.generation }));
        }
        let Some(jti) = row.previous_jti else { return Ok(None) };
        let generation = claims.generation - 1;
        let mut req = req.clone();
        req.extensions.insert(BodyCredential(self.tokens.mint(Claims { jti, generation, ..claims }, now).await?));
        Ok(Some(Previous { req, generation }))
    }
}
