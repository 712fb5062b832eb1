//! mode: jwt
//! What djangorestframework-simplejwt's clients send and get, for the documentation.
#![expect(dead_code, reason = "they only describe: the handlers are what reads and sends")]

use std::collections::BTreeMap;

use app::error::AppError;
use utoipa::{IntoResponses, OpenApi, ToSchema};

use crate::http::openapi::bodies::Text;

/// What these endpoints have of their own.
#[derive(OpenApi)]
#[openapi(
    tags((name = "SimpleJWT", description = "For clients of djangorestframework-simplejwt, which work unmodified.")),
    components(schemas(FieldProblems, TokenProblem))
)]
pub struct Outline;

/// A refresh token.
#[derive(ToSchema)]
pub struct Refresh {
    refresh: Text,
}

/// Both tokens.
#[derive(ToSchema)]
pub struct Pair {
    access: String,
    refresh: String,
}

/// One token that is access and refresh at once.
#[derive(ToSchema)]
pub struct Sliding {
    token: String,
}

/// Who calls.
#[derive(ToSchema)]
pub struct Caller {
    id: String,
    username: String,
}

/// Messages by field; or a `detail`.
#[derive(ToSchema)]
pub struct FieldProblems(BTreeMap<String, Messages>);

/// One, or several.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Messages {
    One(String),
    Several(Vec<String>),
}

/// Why a token or a password is refused.
#[derive(ToSchema)]
pub struct TokenProblem {
    detail: String,
    code: Option<String>,
    /// A finer cause beside the code.
    reason: Option<String>,
    /// One for each class of token that would have been accepted.
    messages: Option<Vec<TokenMessage>>,
}

/// Why it is none of this class.
#[derive(ToSchema)]
pub struct TokenMessage {
    token_class: String,
    token_type: String,
    message: String,
}

/// 400
#[derive(IntoResponses)]
#[response(status = 400, description = "The body or a field was refused.")]
pub struct FieldsRefused(FieldProblems);

/// 401
#[derive(IntoResponses)]
#[response(
    status = 401,
    description = "The token or the password was refused.",
    headers(("WWW-Authenticate" = String, description = "`Bearer`; with an `error` where a token was shown."))
)]
pub struct TokenRefused(TokenProblem);

/// 404
#[derive(IntoResponses)]
#[response(status = 404, description = "Sliding tokens are off: `AUTH_TOKEN_CLASSES` does not name them.")]
pub struct NotOffered(AppError);
