//! mode: jwt
//! The endpoints that hand tokens over, renew them, judge them, and end them.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Delivery, Issued, TokenGrant};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde_json::{Map, json};

use super::{
    form::Form,
    refusals::{BLACKLISTED, Failure, challenge, refused, text_of},
    shapes::{FieldsRefused, Pair, Refresh, Sliding, TokenRefused},
};
use crate::http::{
    answer::rotation_header,
    openapi::{Account, Throttled, Token},
    problem::Problem,
};

/// Exchanges a password for two tokens.
#[utoipa::path(
    post, path = "/token", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn obtain_pair(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    obtain(&auth, TokenGrant::Pair, &form).await
}

/// Exchanges a password for one token.
#[utoipa::path(
    post, path = "/token/sliding", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn obtain_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    obtain(&auth, TokenGrant::Sliding, &form).await
}

async fn obtain(auth: &Auth, grant: TokenGrant, Form(call): &Form) -> Result<Response, Failure> {
    let (username, password) = call.fields.two_texts("username", "password")?;
    // Not around the password, where SimpleJWT drops them as well: they may be a part of it.
    match auth.obtain_tokens(grant, username.trim(), &password, &call.parts).await {
        Ok(issued) => Ok(tokens(&issued)),
        // SimpleJWT gives this one no code.
        Err(AuthError::InvalidCredentials) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, ErrorCode::NoActiveAccount);
            let body = Json(json!({"detail": problem.body.detail}));
            Ok((StatusCode::UNAUTHORIZED, challenge(false), body).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Exchanges a refresh token for its successor.
#[utoipa::path(
    post, path = "/token/refresh", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn refresh(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    renew(&auth, TokenGrant::Pair, "refresh", &form).await
}

/// Exchanges a sliding token for its successor.
#[utoipa::path(
    post, path = "/token/sliding/refresh", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn refresh_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    renew(&auth, TokenGrant::Sliding, "token", &form).await
}

async fn renew(auth: &Auth, grant: TokenGrant, field: &str, form: &Form) -> Result<Response, Failure> {
    match auth.renew_tokens(grant, &form.text(field)?, &form.0.parts).await {
        Ok(issued) => Ok((rotation_header(&issued), tokens(&issued)).into_response()),
        Err(error) => refused(error),
    }
}

/// Is a token genuine, alive and not revoked, whatever it is for?
#[utoipa::path(
    post, path = "/token/verify", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
pub async fn verify(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match auth.verify_token(&form.text("token")?).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        // Not a 401: SimpleJWT finds this out while it validates the form.
        Err(AuthError::Refused(refusal)) if text_of(refusal) == BLACKLISTED => {
            let body = json!({"non_field_errors": [BLACKLISTED], "reason": refusal.as_str()});
            Ok((StatusCode::BAD_REQUEST, Json(body)).into_response())
        }
        Err(error) => refused(error),
    }
}

/// Ends the sign-in of a refresh token.
#[utoipa::path(
    post, path = "/token/blacklist", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
pub async fn blacklist(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match auth.blacklist_token(&form.text("refresh")?, &form.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(error) => refused(error),
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
