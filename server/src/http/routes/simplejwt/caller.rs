//! mode: jwt
//! The endpoints that need an `Authorization` header, and the rules for parsing it.

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
    refusals::{Failure, INVALID, challenge, text_of, unauthorized},
    request::SimpleJwtRequest,
    shapes::{Caller, FieldsRefused, Refresh, TokenRefused},
};
use crate::http::respond::Problem;

/// Get the account of the caller.
#[utoipa::path(
    get, path = "/me", tag = "SimpleJWT", operation_id = "simplejwt_me", security(("jwt" = [])),
    responses((status = 200, body = Caller), TokenRefused)
)]
pub async fn me(State(auth): State<Auth>, parts: Parts) -> Result<Response, Response> {
    let caller = caller(&auth, &parts.headers).await?;
    Ok(Json(json!({"id": caller.id, "username": caller.username})).into_response())
}

/// End the sign-in of a refresh token.
///
/// SimpleJWT has no such view, and tutorials add it. 205 tells the client to reset its view.
#[utoipa::path(
    post, path = "/logout", tag = "SimpleJWT", operation_id = "simplejwt_logout", request_body = Refresh,
    security(("jwt" = [])), responses((status = 205), FieldsRefused, TokenRefused)
)]
pub async fn logout(
    State(auth): State<Auth>,
    headers: HeaderMap,
    request: Result<SimpleJwtRequest, Failure>,
) -> Result<Response, Response> {
    // The caller is authenticated before the body is checked: an unauthenticated caller learns nothing about the body.
    caller(&auth, &headers).await?;
    let request = request.map_err(IntoResponse::into_response)?;
    let bad_request = |detail: &str| (StatusCode::BAD_REQUEST, Json(json!({"detail": detail}))).into_response();
    let Ok(token) = request.text("refresh") else { return Err(bad_request("refresh required")) };
    match simplejwt::blacklist(&auth, &token, &request.0.parts).await {
        Ok(()) => Ok(StatusCode::RESET_CONTENT.into_response()),
        Err(AuthError::Refused(_)) => Err(bad_request("invalid token")),
        Err(error) => Err(Problem::from(error).into_response()),
    }
}

/// Authenticates the `Authorization` header.
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
            // SimpleJWT cannot revoke an access token, so its clients expect none of its messages for a revoked one.
            let message =
                if matches!(refusal, Refusal::Revoked | Refusal::Ended(_)) { INVALID } else { text_of(refusal) };
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

/// The token of the `Authorization` header, by SimpleJWT's rules: a header of another scheme counts as absent, and one
/// of our scheme without exactly one token is an error.
fn bearer(types: &[String], headers: &HeaderMap) -> Result<String, NoBearer> {
    // Two headers are joined by a comma, as WSGI does, so the server never chooses between them.
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    let text = String::from_utf8_lossy(&values.join(&b',')).into_owned();
    let mut words = text.split_whitespace();
    let scheme = words.next().ok_or(NoBearer::Absent)?;
    if !types.iter().any(|ours| ours == scheme) {
        // A common mistake: the client sends `JWT …` and the server is configured for `Bearer …`. The token is not
        // logged. At the level `debug`, because every client can cause the line.
        tracing::debug!(
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

/// Why a request has no bearer token.
enum NoBearer {
    /// No header, or one of another scheme.
    Absent,
    /// The header does not have two parts.
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
