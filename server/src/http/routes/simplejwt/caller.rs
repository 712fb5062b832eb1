//! mode: jwt
//! The endpoints that need an `Authorization` header, and the rules by which it is read.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Refusal, User, jwt::simplejwt};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde_json::json;

use super::{
    form::Form,
    refusals::{Failure, INVALID, challenge, text_of, unauthorized},
    shapes::{Caller, FieldsRefused, Refresh, TokenRefused},
};
use crate::http::respond::Problem;

/// Who the caller is.
#[utoipa::path(
    get, path = "/me", tag = "SimpleJWT", operation_id = "simplejwt_me", security(("jwt" = [])),
    responses((status = 200, body = Caller), TokenRefused)
)]
pub async fn me(State(auth): State<Auth>, parts: Parts) -> Result<Response, Response> {
    let caller = caller(&auth, &parts.headers).await?;
    Ok(Json(json!({"id": caller.id, "username": caller.username})).into_response())
}

/// Ends the sign-in of a refresh token: the view that tutorials add to SimpleJWT. 205: the client is to forget what it shows.
#[utoipa::path(
    post, path = "/logout", tag = "SimpleJWT", operation_id = "simplejwt_logout", request_body = Refresh,
    security(("jwt" = [])), responses((status = 205), FieldsRefused, TokenRefused)
)]
pub async fn logout(
    State(auth): State<Auth>,
    headers: HeaderMap,
    form: Result<Form, Failure>,
) -> Result<Response, Response> {
    // First: a stranger is not told what is wrong with the body.
    caller(&auth, &headers).await?;
    let form = form.map_err(IntoResponse::into_response)?;
    let bad_request = |detail: &str| (StatusCode::BAD_REQUEST, Json(json!({"detail": detail}))).into_response();
    let Ok(token) = form.text("refresh") else { return Err(bad_request("refresh required")) };
    match simplejwt::blacklist(&auth, &token, &form.0.parts).await {
        Ok(()) => Ok(StatusCode::RESET_CONTENT.into_response()),
        Err(AuthError::Refused(_)) => Err(bad_request("invalid token")),
        Err(error) => Err(Problem::from(error).into_response()),
    }
}

/// The account that the `Authorization` header names.
async fn caller(auth: &Auth, headers: &HeaderMap) -> Result<User, Response> {
    let failed = |error: AuthError| Problem::from(error).into_response();
    let token = bearer(simplejwt::header_types(auth).map_err(failed)?, headers).map_err(IntoResponse::into_response)?;
    let classes = simplejwt::access_classes(auth).map_err(failed)?;
    let recognised = simplejwt::authenticate(auth, &token).await.map_err(|error| match error {
        AuthError::Refused(Refusal::UserGone) => {
            unauthorized(json!({"detail": "User not found", "code": "user_not_found"}))
        }
        AuthError::Refused(Refusal::UserInactive) => {
            unauthorized(json!({"detail": "User is inactive", "code": "user_inactive"}))
        }
        AuthError::Refused(refusal) => {
            // SimpleJWT cannot revoke an access token, so its clients know no text for it.
            let message = if refusal == Refusal::Revoked { INVALID } else { text_of(refusal) };
            let messages: Vec<_> = classes
                .iter()
                .map(|(class, kind)| json!({"token_class": class, "token_type": kind, "message": message}))
                .collect();
            unauthorized(json!({
                "detail": "Given token not valid for any token type",
                "code": "token_not_valid",
                "messages": messages,
                "reason": refusal.as_str(),
            }))
        }
        error => failed(error),
    })?;
    Ok(recognised.user)
}

/// The token of the `Authorization` header, by SimpleJWT's rules: another scheme is no credential, one of ours in another
/// shape is a mistake.
fn bearer(types: &[String], headers: &HeaderMap) -> Result<String, NoBearer> {
    // Two headers are one with a comma, as WSGI has it: never a choice between them.
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    let text = String::from_utf8_lossy(&values.join(&b',')).into_owned();
    let mut words = text.split_whitespace();
    let scheme = words.next().ok_or(NoBearer::Absent)?;
    if !types.iter().any(|ours| ours == scheme) {
        // The trap of every tutorial: `JWT …` is sent and `Bearer …` is configured. The token itself is not logged.
        tracing::info!(
            accepted = types.join(", "),
            "an Authorization header has a scheme that AUTH_HEADER_TYPES does not list"
        );
        return Err(NoBearer::Absent);
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token.to_owned()),
        _ => Err(NoBearer::Malformed),
    }
}

/// Why a header names nobody.
enum NoBearer {
    /// There is none, or one of another scheme.
    Absent,
    /// It is not of two parts.
    Malformed,
}

impl IntoResponse for NoBearer {
    fn into_response(self) -> Response {
        match self {
            Self::Absent => {
                let body = json!({"detail": ErrorCode::NotAuthenticated.message()});
                (StatusCode::UNAUTHORIZED, challenge(false), Json(body)).into_response()
            }
            Self::Malformed => unauthorized(json!({
                "detail": "Authorization header must contain two space-delimited values",
                "code": "bad_authorization_header",
            })),
        }
    }
}
