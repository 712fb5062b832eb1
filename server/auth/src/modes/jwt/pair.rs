//! The pair of tokens: how it is minted, and how its refresh token travels.

use http::{header, request::Parts};

use super::{
    COOKIE, JwtPair,
    claims::{Claims, Kind},
    rotation::Line,
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::{
        carrier::{cookie_values, set_cookie},
        issued::{Delivery, Issued, IssuedBy},
        principal::Lifetime,
        shown::BodyCredential,
    },
    secret::SecretString,
    sign_in::SignIn,
    users::User,
};

/// What a caller of SimpleJWT's endpoints asks for. It goes into the request's extensions. Without it, the request is one of this
/// mode's own routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenForm {
    /// Access and refresh token, both in the body.
    Pair,
    /// One sliding token.
    Sliding,
}

impl TokenForm {
    pub(super) fn of(req: &Parts) -> Option<Self> {
        req.extensions.get().copied()
    }
}

/// The refresh tokens that a request shows, and how they travelled. The successor goes back the same way.
pub(super) struct PresentedRefresh {
    pub texts: Vec<SecretString>,
    /// To a browser: no script may ever read it. Else to a program, which has no cookies.
    pub by_cookie: bool,
}

pub(super) fn presented_refresh(req: &Parts) -> Result<Option<PresentedRefresh>, Refusal> {
    if let Some(text) = BodyCredential::of(req) {
        return Ok(Some(PresentedRefresh { texts: vec![text.clone()], by_cookie: false }));
    }
    let values = cookie_values(&req.headers, COOKIE)?;
    let texts: Vec<_> = values.into_iter().map(|text| SecretString::new(text.to_owned())).collect();
    Ok((!texts.is_empty()).then_some(PresentedRefresh { texts, by_cookie: true }))
}

/// Does a browser ask? Every current one sends Fetch Metadata, and no script can add, change or remove a `Sec-` header.
pub(super) fn is_browser(req: &Parts) -> bool {
    req.headers.contains_key("sec-fetch-site") || req.headers.contains_key(header::ORIGIN)
}

impl JwtPair {
    /// What the presented refresh token of this sign-in claims. `Err`: none of the tokens is one.
    pub(super) async fn claims_of(
        &self,
        presented: &PresentedRefresh,
        sign_in: &SignIn,
        now: Timestamp,
    ) -> Result<Result<Claims, Refusal>, AuthError> {
        let mut refusal = Refusal::Malformed;
        for text in &presented.texts {
            match self.tokens.verify(text.expose(), Kind::Refresh, now).await {
                Ok(claims) if claims.sid == sign_in.id => return Ok(Ok(claims)),
                Ok(_) => {}
                Err(AuthError::Refused(why)) => refusal = why,
                Err(error) => return Err(error),
            }
        }
        Ok(Err(refusal))
    }

    /// Both tokens. The refresh token is minted from stored values alone, so that a retry gets it again.
    pub(super) async fn pair(
        &self,
        user: &User,
        sign_in: &SignIn,
        line: &Line,
        by: IssuedBy,
        by_cookie: bool,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        // An access token must not outlive its sign-in.
        let expires_at = Lifetime::idle_end(now, self.access, sign_in.absolute_expires_at);
        let lifetime = Lifetime { issued_at: now, expires_at, ..line.lifetime(sign_in) };
        let access = self.tokens.mint(Claims::access(user, sign_in, lifetime)?, now).await?;
        let claims = Claims::refresh(sign_in, line.jti.clone(), line.lifetime(sign_in));
        let refresh = self.tokens.mint(claims, now).await?;
        let refresh_expires_in = line.expires_at.since(now);
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
