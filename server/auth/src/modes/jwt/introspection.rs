//! Introspection of a token by another service (RFC 7662).

use async_trait::async_trait;

use super::{
    INFO, JwtPair,
    claims::Kind,
    rotation::{RefreshRow, TokenState},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::{
        BearerToken,
        shown::{Introspected, Introspection, Owner},
    },
    sign_in,
};

#[async_trait]
impl BearerToken for JwtPair {
    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspected>, AuthError> {
        let claims = match self.tokens.genuine(token, now).await {
            Ok(claims) => claims,
            Err(AuthError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let claimed = match claims.token_type {
            Kind::Refresh => None,
            Kind::Access | Kind::Sliding => match claims.user() {
                Ok(claimed) => Some(claimed),
                // An access token without these claims was not issued by this server.
                Err(_) => return Ok(None),
            },
        };
        let Some(found) = sign_in::find(&self.db, &claims.sid).await? else { return Ok(None) };
        let carried = claimed.map_or(Ok(()), |claimed| found.user.verdict(claimed.epoch));
        let mut verdict =
            self.tokens.check_dates(&claims, now).and(found.sign_in.verdict(&found.user, now)).and(carried);
        let mut replay = None;
        if claims.token_type == Kind::Refresh && verdict.is_ok() {
            let row = RefreshRow::read(&self.db, &claims.sid).await?;
            match row.map(|row| row.state_without_use(&claims, self.grace, now)) {
                Some(TokenState::Head | TokenState::Retry) => {}
                Some(TokenState::Replay(which)) => (replay, verdict) = (Some(which), Err(Refusal::Replayed(which))),
                Some(TokenState::Ahead) | None => verdict = Err(Refusal::Unknown),
            }
        }
        let claimed = Introspection {
            mode: INFO.id,
            token_use: claims.token_type.as_str(),
            sub: found.user.id,
            username: found.user.username,
            iat: claims.iat,
            exp: claims.exp,
            jti: Some(claims.jti.clone()),
            iss: claims.iss.clone(),
        };
        Ok(Some(Introspected { owner: Owner { verdict, ..self.tokens.owner(claims, now) }, claims: claimed, replay }))
    }
}
