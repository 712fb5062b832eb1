//! mode: jwt
//! Failures in SimpleJWT's words.

use auth::{AuthError, Refusal};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::http::respond::Problem;

/// As DRF words it: a 400 names the refused fields and nothing else.
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

/// As SimpleJWT puts it.
pub fn text_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed | Refusal::Unknown | Refusal::NotYetValid => INVALID,
        Refusal::Expired => "Token is expired",
        Refusal::WrongType => "Token has wrong type",
        Refusal::Revoked | Refusal::Replaced(_) | Refusal::Replayed(_) => BLACKLISTED,
        Refusal::UserGone | Refusal::UserInactive => "No active account found for the given token.",
    }
}

/// The same, at the endpoints that ask a list in SimpleJWT and no account. Closing an account has ended its sign-ins.
pub fn text_of_list(refusal: Refusal) -> &'static str {
    if refusal == Refusal::UserInactive { BLACKLISTED } else { text_of(refusal) }
}

/// A token of a form that is refused.
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

/// RFC 6750, 3.1: what went wrong is told where a token was shown.
pub fn challenge(shown: bool) -> [(header::HeaderName, &'static str); 1] {
    let text = if shown { r#"Bearer realm="api", error="invalid_token""# } else { r#"Bearer realm="api""# };
    [(header::WWW_AUTHENTICATE, text)]
}
