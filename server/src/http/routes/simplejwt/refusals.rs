//! mode: jwt
//! Errors in the shape and the wording of SimpleJWT.

use auth::{AuthError, Refusal};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::http::respond::Problem;

/// An error in the shape of Django REST framework: a 400 has the refused fields and no other member.
pub struct Failure(Problem);

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        if problem.body.fields.is_empty() {
            return problem.into_response();
        }
        (problem.status, Json(problem.body.fields)).into_response()
    }
}

pub const BLACKLISTED: &str = "Token is blacklisted";
pub const INVALID: &str = "Token is invalid";

/// The message of SimpleJWT for a refused token.
pub fn text_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed | Refusal::Unknown | Refusal::NotYetValid => INVALID,
        Refusal::Expired => "Token is expired",
        Refusal::WrongType => "Token has wrong type",
        Refusal::Revoked | Refusal::Ended(_) | Refusal::Replaced(_) | Refusal::Replayed(_) => BLACKLISTED,
        Refusal::UserGone | Refusal::UserInactive => "No active account found for the given token.",
    }
}

/// The message at the endpoints that check only the blacklist in SimpleJWT, not the account. Disabling an account ends
/// its sign-ins, so its tokens count as blacklisted.
pub fn blacklist_text_of(refusal: Refusal) -> &'static str {
    if refusal == Refusal::UserInactive { BLACKLISTED } else { text_of(refusal) }
}

/// The answer to a token that was refused. Any other error is returned as it is.
pub fn refused(error: AuthError, text: fn(Refusal) -> &'static str) -> Result<Response, Failure> {
    let AuthError::Refused(refusal) = error else { return Err(error.into()) };
    let mut problem = Problem::from(error);
    text(refusal).clone_into(&mut problem.body.detail);
    let mut response = problem.into_response();
    let [(name, value)] = challenge(true);
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    Ok(response)
}

pub fn unauthorized(body: Value) -> Response {
    (StatusCode::UNAUTHORIZED, challenge(true), Json(body)).into_response()
}

/// The challenge of a 401. It has an `error` only where the request carried a token (RFC 6750, 3.1).
pub fn challenge(shown: bool) -> [(header::HeaderName, &'static str); 1] {
    let text = if shown { r#"Bearer realm="api", error="invalid_token""# } else { r#"Bearer realm="api""# };
    [(header::WWW_AUTHENTICATE, text)]
}
