//! mode: jwt
//! The endpoints that hand tokens over, renew them, judge them, and end them.

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
    form::Form,
    refusals::{BLACKLISTED, Failure, challenge, refused, text_of, text_of_list},
    shapes::{FieldsRefused, NotOffered, Pair, Refresh, Sliding, TokenRefused},
};
use crate::http::{
    openapi::{Account, Throttled, Token},
    respond::{Problem, rotation_header},
};

/// Exchanges a password for two tokens.
#[utoipa::path(
    post, path = "/token", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
pub async fn obtain_pair(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    obtain(&auth, TokenForm::Pair, &form).await
}

/// Exchanges a password for one token.
#[utoipa::path(
    post, path = "/token/sliding", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, NotOffered, Throttled)
)]
pub async fn obtain_sliding(State(auth): State<Auth>, form: Result<Form, Failure>) -> Result<Response, Failure> {
    check_offered(&auth)?;
    obtain(&auth, TokenForm::Sliding, &form?).await
}

/// Sliding tokens are off unless `AUTH_TOKEN_CLASSES` names them. Then their endpoints are not there, whatever the body.
fn check_offered(auth: &Auth) -> Result<(), AuthError> {
    let is_offered = simplejwt::access_classes(auth)?.iter().any(|(_, kind)| *kind == "sliding");
    if is_offered { Ok(()) } else { Err(AuthError::UnknownMode) }
}

async fn obtain(auth: &Auth, token_form: TokenForm, Form(call): &Form) -> Result<Response, Failure> {
    let (username, password) = call.fields.two_texts("username", "password")?;
    // Not around the password, where SimpleJWT drops them as well: they may be a part of it.
    match simplejwt::obtain(auth, token_form, username.trim(), &password, &call.parts).await {
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
    renew(&auth, TokenForm::Pair, "refresh", &form).await
}

/// Exchanges a sliding token for its successor.
#[utoipa::path(
    post, path = "/token/sliding/refresh", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, NotOffered, Throttled)
)]
pub async fn refresh_sliding(State(auth): State<Auth>, form: Result<Form, Failure>) -> Result<Response, Failure> {
    check_offered(&auth)?;
    renew(&auth, TokenForm::Sliding, "token", &form?).await
}

async fn renew(auth: &Auth, token_form: TokenForm, field: &str, form: &Form) -> Result<Response, Failure> {
    match simplejwt::refresh(auth, token_form, &form.text(field)?, &form.0.parts).await {
        Ok(issued) => Ok((rotation_header(&issued), tokens(&issued)).into_response()),
        Err(error) => refused(error, text_of),
    }
}

/// Is a token genuine, alive and not revoked, whatever it is for?
#[utoipa::path(
    post, path = "/token/verify", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
pub async fn verify(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match simplejwt::verify(&auth, &form.text("token")?, &form.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        // Not a 401: SimpleJWT finds this out while it validates the form.
        Err(AuthError::Refused(refusal)) if text_of_list(refusal) == BLACKLISTED => {
            let body = json!({"non_field_errors": [BLACKLISTED], "reason": refusal.as_str()});
            Ok((StatusCode::BAD_REQUEST, Json(body)).into_response())
        }
        Err(error) => refused(error, text_of_list),
    }
}

/// Ends the sign-in of a refresh token.
#[utoipa::path(
    post, path = "/token/blacklist", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
pub async fn blacklist(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match simplejwt::blacklist(&auth, &form.text("refresh")?, &form.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(error) => refused(error, text_of_list),
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
