//! mode: jwt
//! The endpoints that issue, refresh, verify and blacklist tokens.

use app::error::ErrorCode;
use auth::{
    Auth, AuthError, Delivery, Issued,
    jwt::simplejwt::{self, TokenForm},
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde_json::{Map, json};

use super::{
    refusals::{BLACKLISTED, Failure, blacklist_text_of, challenge, refused, text_of},
    request::SimpleJwtRequest,
    shapes::{FieldsRefused, NotOffered, Pair, Refresh, Sliding, TokenRefused},
};
use crate::http::{
    openapi::{Account, Throttled, Token},
    respond::{Problem, rotation_header},
};

/// Exchange a password for an access token and a refresh token.
#[utoipa::path(
    post, path = "/token", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn obtain_pair(State(auth): State<Auth>, request: SimpleJwtRequest) -> Result<Response, Failure> {
    obtain(&auth, TokenForm::Pair, &request).await
}

/// Exchange a password for a sliding token.
#[utoipa::path(
    post, path = "/token/sliding", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, NotOffered, Throttled)
)]
pub async fn obtain_sliding(
    State(auth): State<Auth>,
    request: Result<SimpleJwtRequest, Failure>,
) -> Result<Response, Failure> {
    check_offered(&auth)?;
    obtain(&auth, TokenForm::Sliding, &request?).await
}

/// Answers 404, whatever the body, unless `AUTH_TOKEN_CLASSES` lists sliding tokens.
fn check_offered(auth: &Auth) -> Result<(), AuthError> {
    let is_offered = simplejwt::access_classes(auth)?.iter().any(|(_, kind)| *kind == "sliding");
    if is_offered { Ok(()) } else { Err(AuthError::UnknownMode) }
}

async fn obtain(
    auth: &Auth,
    token_form: TokenForm,
    SimpleJwtRequest(request): &SimpleJwtRequest,
) -> Result<Response, Failure> {
    let (username, password) = request.fields.two_texts("username", "password")?;
    // SimpleJWT trims the password too. This does not: blanks may be a part of it.
    match simplejwt::obtain(auth, token_form, username.trim(), &password, &request.parts).await {
        Ok(issued) => Ok(tokens(&issued)),
        // SimpleJWT sends no `code` here.
        Err(AuthError::InvalidCredentials) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, ErrorCode::NoActiveAccount);
            let body = Json(json!({"detail": problem.body.detail}));
            Ok((StatusCode::UNAUTHORIZED, challenge(false), body).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Exchange a refresh token for its successor.
#[utoipa::path(
    post, path = "/token/refresh", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn refresh(State(auth): State<Auth>, request: SimpleJwtRequest) -> Result<Response, Failure> {
    renew(&auth, TokenForm::Pair, "refresh", &request).await
}

/// Exchange a sliding token for its successor.
#[utoipa::path(
    post, path = "/token/sliding/refresh", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, NotOffered, Throttled)
)]
pub async fn refresh_sliding(
    State(auth): State<Auth>,
    request: Result<SimpleJwtRequest, Failure>,
) -> Result<Response, Failure> {
    check_offered(&auth)?;
    renew(&auth, TokenForm::Sliding, "token", &request?).await
}

async fn renew(
    auth: &Auth,
    token_form: TokenForm,
    field: &str,
    request: &SimpleJwtRequest,
) -> Result<Response, Failure> {
    match simplejwt::refresh(auth, token_form, &request.text(field)?, &request.0.parts).await {
        Ok(issued) => Ok((rotation_header(&issued), tokens(&issued)).into_response()),
        Err(error) => refused(error, text_of),
    }
}

/// Check that a token of any type is genuine, not expired and not revoked.
#[utoipa::path(
    post, path = "/token/verify", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Object, description = "`{}`", example = json!({})), FieldsRefused, TokenRefused)
)]
pub async fn verify(State(auth): State<Auth>, request: SimpleJwtRequest) -> Result<Response, Failure> {
    match simplejwt::verify(&auth, &request.text("token")?, &request.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        // 400 and not 401: SimpleJWT finds a blacklisted token while it validates the fields.
        Err(AuthError::Refused(refusal)) if blacklist_text_of(refusal) == BLACKLISTED => {
            let body = json!({"non_field_errors": [BLACKLISTED], "reason": refusal.as_str()});
            Ok((StatusCode::BAD_REQUEST, Json(body)).into_response())
        }
        Err(error) => refused(error, blacklist_text_of),
    }
}

/// End the sign-in of a refresh token.
#[utoipa::path(
    post, path = "/token/blacklist", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Object, description = "`{}`", example = json!({})), FieldsRefused, TokenRefused)
)]
pub async fn blacklist(State(auth): State<Auth>, request: SimpleJwtRequest) -> Result<Response, Failure> {
    match simplejwt::blacklist(&auth, &request.text("refresh")?, &request.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(error) => refused(error, blacklist_text_of),
    }
}

fn tokens(issued: &Issued) -> Response {
    let mut body = Map::new();
    match &issued.delivery {
        Delivery::Cookie => {}
        Delivery::Token { token, .. } => drop(body.insert("token".to_owned(), token.expose().into())),
        Delivery::Pair { access, refresh, .. } => {
            body.insert("access".to_owned(), access.expose().into());
            if let Some(refresh) = refresh {
                body.insert("refresh".to_owned(), refresh.expose().into());
            }
        }
    }
    Json(body).into_response()
}
