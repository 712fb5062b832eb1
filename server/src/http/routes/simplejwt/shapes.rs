//! mode: jwt
//! Bodies of requests and answers, for the OpenAPI document.
#![expect(dead_code, reason = "these types describe; the handlers parse and send")]

use std::collections::BTreeMap;

use app::error::AppError;
use utoipa::{IntoResponses, OpenApi, ToSchema};

use crate::http::openapi::bodies::Text;

/// The parts of the OpenAPI document that only these endpoints have.
#[derive(OpenApi)]
#[openapi(
    tags((name = "SimpleJWT", description = "For clients of djangorestframework-simplejwt, which work unmodified.")),
    components(schemas(FieldProblems, TokenProblem))
)]
pub struct Outline;

/// A refresh token.
#[derive(ToSchema)]
#[schema(examples(json!({"refresh": "<refresh token>"})))]
pub struct Refresh {
    refresh: Text,
}

/// An access token and a refresh token.
#[derive(ToSchema)]
#[schema(examples(json!({"access": "<access token>", "refresh": "<refresh token>"})))]
pub struct Pair {
    access: String,
    refresh: String,
}

/// A token that is both access token and refresh token.
#[derive(ToSchema)]
#[schema(examples(json!({"token": "<token>"})))]
pub struct Sliding {
    token: String,
}

/// The account of the caller.
#[derive(ToSchema)]
#[schema(examples(json!({"id": "01a218fb-f070-7df8-8e4e-1480be5b8e38", "username": "alice"})))]
pub struct Caller {
    id: String,
    username: String,
}

/// Messages by field, or a `detail`.
#[derive(ToSchema)]
#[schema(examples(json!({"username": ["This field is required."]})))]
pub struct FieldProblems(BTreeMap<String, Messages>);

/// One message, or several.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Messages {
    One(String),
    Several(Vec<String>),
}

/// Why a token or a password is refused.
#[derive(ToSchema)]
#[schema(examples(json!({"detail": "Token is expired", "code": "token_not_valid", "reason": "expired"})))]
pub struct TokenProblem {
    detail: String,
    code: Option<String>,
    /// A more precise cause than `code`.
    reason: Option<String>,
    /// One for each token class that the endpoint accepts.
    messages: Option<Vec<TokenMessage>>,
}

/// Why the token is not valid for one token class.
#[derive(ToSchema)]
pub struct TokenMessage {
    token_class: String,
    token_type: String,
    message: String,
}

#[derive(IntoResponses)]
#[response(status = 400, description = "The body or a field was refused.")]
pub struct FieldsRefused(FieldProblems);

#[derive(IntoResponses)]
#[response(
    status = 401,
    description = "The token or the password was refused.",
    headers(("WWW-Authenticate" = String, description = "`Bearer`; with an `error` where the request carried a token."))
)]
pub struct TokenRefused(TokenProblem);

#[derive(IntoResponses)]
#[response(status = 404, description = "Sliding tokens are off: `AUTH_TOKEN_CLASSES` does not name them.")]
pub struct NotOffered(AppError);
