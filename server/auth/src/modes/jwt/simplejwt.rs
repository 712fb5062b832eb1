//! SimpleJWT's endpoints without the HTTP: the only module that implements the behaviour of
//! djangorestframework-simplejwt.
//!
//! A client from a tutorial gets the same responses. Each token pair belongs to an ordinary sign-in. SimpleJWT stores a
//! list of used refresh tokens; this module stores the current one.

use http::request::Parts;

pub use super::presented::TokenForm;
use super::{
    INFO, JwtPair,
    claims::Kind,
    rotation::{RefreshRow, TokenState},
};
use crate::{
    Auth,
    base::AccessCheck,
    clock::Seconds,
    error::{AuthError, Refusal},
    mode::{
        BearerToken as _,
        issued::{Delivery, Issued},
        principal::Recognised,
        shown::{BodyCredential, Introspected},
    },
    secret::SecretString,
    sign_in::EndReason,
};

fn jwt(auth: &Auth) -> Result<&JwtPair, AuthError> {
    auth.mode_of_type::<JwtPair>(INFO.id)
}

/// The mode, if it offers tokens of this form. Sliding tokens are off unless `AUTH_TOKEN_CLASSES` contains them.
fn offering(auth: &Auth, form: TokenForm) -> Result<&JwtPair, AuthError> {
    let jwt = jwt(auth)?;
    let is_offered = form == TokenForm::Pair || jwt.sliding.accepts(Kind::Sliding);
    if is_offered { Ok(jwt) } else { Err(AuthError::UnknownMode) }
}

fn with_form(req: &Parts, form: TokenForm, token: Option<&str>) -> Parts {
    let mut req = req.clone();
    req.extensions.insert(form);
    if let Some(token) = token {
        req.extensions.insert(BodyCredential(SecretString::new(token.to_owned())));
    }
    req
}

/// Setting `AUTH_HEADER_TYPES`: the schemes of the `Authorization` header that carry an access token.
///
/// # Errors
/// [`AuthError::UnknownMode`] if the mode is absent.
pub fn header_types(auth: &Auth) -> Result<&[String], AuthError> {
    Ok(&jwt(auth)?.header_types)
}

/// The token classes that are accepted as access tokens, each with the name of its class and of its type.
///
/// # Errors
/// [`AuthError::UnknownMode`] if the mode is absent.
pub fn access_classes(auth: &Auth) -> Result<&[(&'static str, &'static str)], AuthError> {
    Ok(&jwt(auth)?.sliding.classes)
}

/// Exchanges a password for tokens. They are returned in the body, even to a browser.
///
/// # Errors
/// As [`Auth::login`]. [`AuthError::UnknownMode`] if tokens of this form are not offered.
pub async fn obtain(
    auth: &Auth,
    form: TokenForm,
    username: &str,
    password: &str,
    req: &Parts,
) -> Result<Issued, AuthError> {
    offering(auth, form)?;
    // These endpoints ignore credentials in the request, like SimpleJWT's views.
    let mut req = with_form(req, form, None);
    req.headers.remove(http::header::AUTHORIZATION);
    req.headers.remove(http::header::COOKIE);
    req.extensions.remove::<BodyCredential>();
    auth.login(INFO.id.0, username, password, &req).await
}

/// Exchanges a refresh token, or a sliding token, for its successor.
///
/// # Errors
/// As [`Auth::rotate`]. [`AuthError::UnknownMode`] if tokens of this form are not offered.
pub async fn refresh(auth: &Auth, form: TokenForm, token: &str, req: &Parts) -> Result<Issued, AuthError> {
    let jwt = offering(auth, form)?;
    // Check the type of the token first, like SimpleJWT.
    let kind = match form {
        TokenForm::Pair => Kind::Refresh,
        TokenForm::Sliding => Kind::Sliding,
    };
    jwt.tokens.verify(token, kind, auth.now()).await?;
    let mut issued = auth.rotate(INFO.id.0, &with_form(req, form, Some(token))).await?;
    if let (super::Renewal::Keeps, Delivery::Pair { refresh, .. }) = (jwt.renewal, &mut issued.delivery) {
        // SimpleJWT returns only new tokens.
        *refresh = None;
    }
    Ok(issued)
}

/// Is a token of any type genuine, alive and not revoked? Verifying a used refresh token has the same effect as using
/// it: the sign-in ends.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn verify(auth: &Auth, token: &str, req: &Parts) -> Result<(), AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify_any(token, now).await?;
    if claims.token_type != Kind::Refresh {
        claims.user()?;
    }
    // Like SimpleJWT, verify an access token without reading the account. `/oauth/introspect` reads it.
    if claims.token_type == Kind::Access && jwt.check != AccessCheck::SignIn {
        return Ok(());
    }
    let found = jwt.introspect(token, now).await?.ok_or(Refusal::Unknown)?;
    end_if_replayed(auth, &found, req).await?;
    Ok(found.owner.verdict?)
}

/// Ends the sign-in of a refresh token, even of a used one: either its user wants to log out, or a thief has revealed
/// the theft.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn blacklist(auth: &Auth, token: &str, req: &Parts) -> Result<(), AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify(token, Kind::Refresh, now).await?;
    let found = jwt.introspect(token, now).await?.ok_or(Refusal::Unknown)?;
    // No grace here: the sign-in ends in any case, so the result reveals nothing more.
    let row = RefreshRow::read(&jwt.db, &claims.sid).await?.ok_or(Refusal::Unknown)?;
    let state = row.state_without_use(&claims, Seconds(0), now);
    auth.end_by_owner(INFO.id, &found.owner, EndReason::Logout, req).await?;
    found.owner.verdict?;
    if state == TokenState::Head { Ok(()) } else { Err(Refusal::Revoked.into()) }
}

async fn end_if_replayed(auth: &Auth, found: &Introspected, req: &Parts) -> Result<(), AuthError> {
    match found.replay {
        Some(_) => auth.end_by_owner(INFO.id, &found.owner, EndReason::Reused, req).await.map(drop),
        None => Ok(()),
    }
}

/// Recognises the caller by an access token, or by a sliding token where those are accepted. Reads the account on each
/// request whatever the access check, like SimpleJWT.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn authenticate(auth: &Auth, token: &str) -> Result<Recognised, AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify_any(token, now).await?;
    if !jwt.sliding.accepts(claims.token_type) {
        return Err(Refusal::WrongType.into());
    }
    let check =
        if claims.token_type == Kind::Sliding { AccessCheck::SignIn } else { jwt.check.max(AccessCheck::Account) };
    jwt.recognised(claims, check, now).await
}
