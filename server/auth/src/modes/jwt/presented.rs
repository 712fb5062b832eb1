//! The tokens in a request: the access token, and the refresh token in a cookie or in the body.

use http::{header, request::Parts};

use super::{
    claims::{Claims, Kind},
    token::Tokens,
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::{
        carrier::{bearer_token, cookie_values},
        shown::{BodyCredential, Owner, Purpose, Shown},
    },
    secret::SecretString,
    sign_in::SignInId,
};

/// `__Host-`: only this host can set the cookie (RFC 6265bis, 4.1.3.2). If a sibling host could set the refresh cookie
/// for the whole domain, it could sign its victim in as another user. The cost: the cookie is sent with every request.
/// A test walks the routes and proves that only those of this mode read it.
pub(super) const COOKIE: &str = "__Host-refresh";
/// The form of tokens that a client of SimpleJWT's endpoints requests. The transport layer puts it into the request's
/// extensions. Without it, the request belongs to this mode's own routes.
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

/// The refresh tokens in a request, and their transport. The successor is returned by the same transport.
pub(super) struct PresentedRefresh {
    pub texts: Vec<SecretString>,
    /// `true`: by cookie, which no script can read. `false`: in the body, by a program without cookies.
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

/// Is the client a browser? Every current browser sends Fetch Metadata, and no script can add, change or remove a
/// `Sec-` header.
pub(super) fn is_browser(req: &Parts) -> bool {
    req.headers.contains_key("sec-fetch-site") || req.headers.contains_key(header::ORIGIN)
}

/// The tokens in the request for this purpose.
fn presented(req: &Parts, purpose: Purpose) -> Result<Vec<SecretString>, Refusal> {
    let access = bearer_token(&req.headers).map(|text| text.map(|text| SecretString::new(text.to_owned())));
    let refresh = match purpose {
        Purpose::Recognise => Ok(None),
        Purpose::RenewOrEnd => presented_refresh(req),
    };
    // An unreadable token is ignored if the other one is readable.
    match (refresh, access) {
        (Err(refusal), Ok(None) | Err(_)) | (Ok(None), Err(refusal)) => Err(refusal),
        (refresh, access) => {
            let refresh = refresh.ok().flatten().map(|refresh| refresh.texts).unwrap_or_default();
            Ok(refresh.into_iter().chain(access.ok().flatten()).collect())
        }
    }
}

impl Tokens {
    /// The owner of the first of these tokens that is valid, else of the first that is genuine.
    pub(super) async fn shown(&self, req: &Parts, purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError> {
        let texts = match presented(req, purpose) {
            Ok(texts) => texts,
            Err(refusal) => return Ok(Shown::Unreadable(refusal)),
        };
        let mut shown = Shown::Absent;
        for text in texts {
            match self.genuine(text.expose(), now).await {
                Ok(claims) => {
                    let owner = self.owner(claims, now);
                    if owner.verdict.is_ok() {
                        return Ok(Shown::Genuine(owner));
                    }
                    if shown.owner().is_none() {
                        shown = Shown::Genuine(owner);
                    }
                }
                Err(AuthError::Refused(why)) => {
                    if shown.owner().is_none() {
                        shown = Shown::Unreadable(why);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(shown)
    }

    /// The claims of the refresh token that belongs to this sign-in. `Err`: none of the tokens does.
    pub(super) async fn claims_of(
        &self,
        presented: &PresentedRefresh,
        sign_in: &SignInId,
        now: Timestamp,
    ) -> Result<Result<Claims, Refusal>, AuthError> {
        let mut refusal = Refusal::Malformed;
        for text in &presented.texts {
            match self.verify(text.expose(), Kind::Refresh, now).await {
                Ok(claims) if claims.sid == *sign_in => return Ok(Ok(claims)),
                Ok(_) => {}
                Err(AuthError::Refused(why)) => refusal = why,
                Err(error) => return Err(error),
            }
        }
        Ok(Err(refusal))
    }

    /// The owner of a token, and whether its dates are valid.
    pub(super) fn owner(&self, claims: Claims, now: Timestamp) -> Owner {
        Owner {
            verdict: self.check_dates(&claims, now),
            absolute_expires_at: claims.lifetime().absolute_expires_at,
            user_id: claims.sub,
            sign_in: Some(claims.sid),
            rowless_id: None,
        }
    }
}
