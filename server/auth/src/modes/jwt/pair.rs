//! Minting of the access token and the refresh token.

use super::{JwtPair, claims::Claims, presented::COOKIE, rotation::RefreshRow};
use crate::{
    clock::Timestamp,
    error::AuthError,
    mode::{
        carrier::set_cookie,
        issued::{Delivery, Issued, IssuedBy},
        principal::Lifetime,
    },
    sign_in::SignIn,
    users::User,
};

impl JwtPair {
    /// Mints both tokens. The refresh token depends on stored values only, so that a retry gets the same one.
    pub(super) async fn pair(
        &self,
        user: &User,
        sign_in: &SignIn,
        row: &RefreshRow,
        by: IssuedBy,
        by_cookie: bool,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        // An access token must not outlive its sign-in.
        let expires_at = Lifetime::idle_end(now, self.access, sign_in.absolute_expires_at);
        let lifetime = Lifetime { issued_at: now, expires_at, ..row.lifetime(sign_in) };
        let access = self.tokens.mint(Claims::access(user, sign_in, lifetime)?, now).await?;
        let claims = Claims::refresh(sign_in, row.jti.clone(), row.lifetime(sign_in));
        let refresh = self.tokens.mint(claims, now).await?;
        let refresh_expires_in = row.expires_at.since(now);
        let (set_cookies, refresh) = if by_cookie {
            (vec![set_cookie(COOKIE, refresh.expose().to_owned(), refresh_expires_in)], None)
        } else {
            (Vec::new(), Some(refresh))
        };
        Ok(Issued {
            by,
            sign_in: Some(sign_in.id.clone()),
            lifetime,
            set_cookies,
            delivery: Delivery::Pair { access, access_expires_in: expires_at.since(now), refresh, refresh_expires_in },
        })
    }
}
