//! What a request shows: its access token, and its refresh token by cookie or in the body.

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
    sign_in::SignIn,
};

/// `__Host-`: only this origin can set it (RFC 6265bis, 4.1.3.2). A sibling host that could set the refresh cookie for the whole
/// domain could sign its victim in as somebody else. The price is that it travels with every request; a test walks the routes
/// and proves that no other than those of this mode reads it.
pub(super) const COOKIE: &str = "__Host-refresh";
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

/// The tokens that the request shows for this purpose.
fn presented(req: &Parts, purpose: Purpose) -> Result<Vec<SecretString>, Refusal> {
    let access = bearer_token(&req.headers).map(|text| text.map(|text| SecretString::new(text.to_owned())));
    let refresh = match purpose {
        Purpose::Recognise => Ok(None),
        Purpose::RenewOrEnd => presented_refresh(req),
    };
    // What cannot be read beside something that can is no reason to ignore the latter.
    match (refresh, access) {
        (Err(refusal), Ok(None) | Err(_)) | (Ok(None), Err(refusal)) => Err(refusal),
        (refresh, access) => {
            let refresh = refresh.ok().flatten().map(|refresh| refresh.texts).unwrap_or_default();
            Ok(refresh.into_iter().chain(access.ok().flatten()).collect())
        }
    }
}

impl Tokens {
    /// What the first of these tokens stands for that works, else the first that is genuine.
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

    /// What the presented refresh token of this sign-in claims. `Err`: none of the tokens is one.
    pub(super) async fn claims_of(
        &self,
        presented: &PresentedRefresh,
        sign_in: &SignIn,
        now: Timestamp,
    ) -> Result<Result<Claims, Refusal>, AuthError> {
        let mut refusal = Refusal::Malformed;
        for text in &presented.texts {
            match self.verify(text.expose(), Kind::Refresh, now).await {
                Ok(claims) if claims.sid == sign_in.id => return Ok(Ok(claims)),
                Ok(_) => {}
                Err(AuthError::Refused(why)) => refusal = why,
                Err(error) => return Err(error),
            }
        }
        Ok(Err(refusal))
    }

    /// Whose a token is, and whether its dates let it work.
    pub(super) fn owner(&self, claims: Claims, now: Timestamp) -> Owner {
        Owner {
            verdict: self.check_dates(&claims, now),
            absolute_expires_at: claims.lifetime().absolute_expires_at,
            user_id: claims.sub,
            sign_in: Some(claims.sid),
            name: None,
        }
    }
}
