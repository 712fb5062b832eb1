//! Failures on their way out: one of the two mappings that lead out of `auth` (the other is the pages').

use std::{any::Any, error::Error as _};

use app::error::{AppError, ErrorCode};
use auth::{AuthError, ModeInfo, PasswordProblem, Refusal, Replay, Seconds, Transport, UsernameProblem};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::ROTATION;

/// An answer that is not a success.
#[derive(Debug)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Box<AppError>,
    header: Option<(HeaderName, HeaderValue)>,
    replay: Option<Replay>,
    first_field: Option<ErrorCode>,
}

impl Problem {
    /// The one code that a page without scripts gets in its query.
    #[must_use]
    pub fn query_code(&self) -> ErrorCode {
        self.first_field.unwrap_or(self.body.code)
    }

    /// A status with what its code says.
    #[must_use]
    pub fn new(status: StatusCode, code: ErrorCode) -> Self {
        // RFC 9110, 15.5.2: no 401 without a challenge. Where the mode is known, its own replaces this one.
        let header = (status == StatusCode::UNAUTHORIZED)
            .then_some((header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="api""#)));
        Self { status, body: Box::new(AppError::new(code)), header, replay: None, first_field: None }
    }

    /// What came is not in the form that it should have, for the reason that its parser gives.
    #[must_use]
    pub fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(status, ErrorCode::ParseError);
        problem.body.detail = detail.into();
        problem
    }

    /// 400 for one field.
    #[must_use]
    pub fn field(name: &str, problem: ErrorCode) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::Invalid).and_field(name, problem)
    }

    /// The same, with a finer cause.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.body.reason = Some(reason.to_owned());
        self
    }

    /// The same, with one more field.
    #[must_use]
    pub fn and_field(mut self, name: &str, problem: ErrorCode) -> Self {
        self.body = Box::new(self.body.field(name, problem));
        self.first_field.get_or_insert(problem);
        self
    }

    /// What `auth` found, for a caller of one mode: the challenge of a 401 says how that mode wants to be addressed.
    #[must_use]
    pub fn of_mode(error: AuthError, mode: &ModeInfo) -> Self {
        let shown = matches!(error, AuthError::Refused(_));
        let mut problem = Self::from(error);
        if problem.status == StatusCode::UNAUTHORIZED {
            problem.header = challenge(mode, shown).map(|value| (header::WWW_AUTHENTICATE, value));
        }
        problem
    }
}

/// RFC 9110, 11.6.1: a 401 says what would be accepted. There is no registered scheme for a cookie; this follows
/// draft-broyer-http-cookie-auth.
fn challenge(mode: &ModeInfo, shown: bool) -> Option<HeaderValue> {
    let mut text = match (mode.transport, mode.cookie) {
        (Transport::Cookie, Some(cookie)) => {
            format!(r#"Cookie realm="api", form-action="/login", cookie-name="{cookie}""#)
        }
        _ => r#"Bearer realm="api""#.to_owned(),
    };
    if shown {
        text.push_str(r#", error="invalid_token""#);
    }
    HeaderValue::from_str(&text).ok()
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Missing => Self::new(StatusCode::UNAUTHORIZED, ErrorCode::NotAuthenticated),
            AuthError::Refused(refusal) => Self::from(refusal),
            AuthError::InvalidCredentials => Self::new(StatusCode::UNAUTHORIZED, ErrorCode::NoActiveAccount),
            AuthError::InvalidRegistration { username, password } => {
                let mut problem = Self::new(StatusCode::BAD_REQUEST, ErrorCode::Invalid);
                if let Some(found) = username {
                    problem = problem.and_field("username", username_code(found));
                }
                if let Some(found) = password {
                    problem = problem.and_field("password", password_code(found));
                }
                problem
            }
            AuthError::Overloaded { retry_after } => Self {
                header: Some((header::RETRY_AFTER, HeaderValue::from(retry_after.0))),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded)
            },
            AuthError::Forbidden | AuthError::Denied(_) => Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden),
            AuthError::OwnAccount => Self::new(StatusCode::CONFLICT, ErrorCode::OwnAccount),
            AuthError::WrongPassword => Self::field("password", ErrorCode::WrongPassword),
            AuthError::PasswordRequired => Self::field("password", ErrorCode::Required),
            AuthError::Conflict => Self::new(StatusCode::CONFLICT, ErrorCode::Conflict),
            AuthError::Throttled { retry_after } => {
                let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::Throttled);
                problem.header = Some((header::RETRY_AFTER, HeaderValue::from(retry_after.0)));
                problem.body.detail = throttled(retry_after);
                problem
            }
            AuthError::UnknownMode | AuthError::UnknownSignIn | AuthError::UnknownUser => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound)
            }
            failure => {
                // Once, with its causes. The caller learns that it happened, and nothing else.
                tracing::error!(error = %failure, cause = ?failure.source(), "internal error");
                if failure.is_outage() {
                    Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable)
                } else {
                    Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal)
                }
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let replay = match refusal {
            Refusal::Replayed(replay) => Some(replay),
            _ => None,
        };
        Self { replay, ..Self::new(StatusCode::UNAUTHORIZED, ErrorCode::TokenNotValid).because(refusal.as_str()) }
    }
}

/// As Django REST framework says it.
fn throttled(Seconds(wait): Seconds) -> String {
    let plural = if wait == 1 { "" } else { "s" };
    format!("Request was throttled. Expected available in {wait} second{plural}.")
}

/// What a person is told of it.
pub fn username_code(problem: UsernameProblem) -> ErrorCode {
    match problem {
        UsernameProblem::Length => ErrorCode::UsernameLength,
        UsernameProblem::Characters | UsernameProblem::MixedScripts | UsernameProblem::Reserved => {
            ErrorCode::UsernameInvalid
        }
    }
}

/// What a person is told of it.
pub fn password_code(problem: PasswordProblem) -> ErrorCode {
    match problem {
        PasswordProblem::TooShort => ErrorCode::PasswordTooShort,
        PasswordProblem::TooLong => ErrorCode::PasswordTooLong,
        PasswordProblem::Characters => ErrorCode::PasswordInvalid,
        PasswordProblem::TooCommon => ErrorCode::PasswordTooCommon,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        if let Some(replay) = self.replay
            && let Ok(value) = HeaderValue::from_str(&format!("replayed; of=\"{}\"", replay.as_str()))
        {
            response.headers_mut().insert(ROTATION, value);
        }
        response
    }
}

/// There is nothing at this path.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, ErrorCode::NotFound)
}

/// There is something at this path, for another method. The router adds `Allow`.
pub async fn method_not_allowed(method: Method) -> Problem {
    let mut problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed);
    problem.body.detail = format!("Method \"{method}\" not allowed.");
    problem
}

/// A bug. It is logged; the connection and the other requests go on.
#[expect(clippy::needless_pass_by_value, reason = "the signature of tower-http's ResponseForPanic")]
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(message, "a handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_of_an_act_that_asks_for_the_password_has_its_status_and_code() {
        for (error, status, code) in [
            (AuthError::Conflict, StatusCode::CONFLICT, ErrorCode::Conflict),
            (AuthError::WrongPassword, StatusCode::BAD_REQUEST, ErrorCode::Invalid),
            (AuthError::PasswordRequired, StatusCode::BAD_REQUEST, ErrorCode::Invalid),
            (AuthError::UnknownSignIn, StatusCode::NOT_FOUND, ErrorCode::NotFound),
        ] {
            let problem = Problem::from(error);
            assert_eq!((problem.status, problem.body.code), (status, code));
        }
    }
}
