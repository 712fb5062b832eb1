//! The mapping from `AuthError` to HTTP. It is one of two mappings that leave `auth`; the other is `app/src/ssr.rs`,
//! for pages.

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
    pub status: StatusCode,
    pub body: Box<AppError>,
    header: Option<(HeaderName, HeaderValue)>,
    replay: Option<Replay>,
    first_field: Option<(String, ErrorCode)>,
}

impl Problem {
    /// The code and the field that a page without scripts shows: of several refused fields, the first in the form.
    #[must_use]
    pub fn shown(&self) -> (ErrorCode, Option<&str>) {
        match &self.first_field {
            Some((field, code)) => (*code, Some(field)),
            None => (self.body.code, None),
        }
    }

    /// A problem with the message of its code.
    #[must_use]
    pub fn new(status: StatusCode, code: ErrorCode) -> Self {
        // RFC 9110, 15.5.2: every 401 has a challenge. The challenge of the mode replaces this one if the mode is
        // known.
        let header = (status == StatusCode::UNAUTHORIZED)
            .then_some((header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="api""#)));
        Self { status, body: Box::new(AppError::new(code)), header, replay: None, first_field: None }
    }

    /// A body, path or query that cannot be parsed. `detail` is the message of its parser.
    #[must_use]
    pub fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(status, ErrorCode::ParseError);
        problem.body.detail = detail.into();
        problem
    }

    /// 400 for one refused field.
    #[must_use]
    pub fn field(name: &str, problem: ErrorCode) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::Invalid).and_field(name, problem)
    }

    /// Adds a more precise cause than the code.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.body.reason = Some(reason.to_owned());
        self
    }

    /// Adds a refused field.
    #[must_use]
    pub fn and_field(mut self, name: &str, problem: ErrorCode) -> Self {
        self.body = Box::new(self.body.field(name, problem));
        self.first_field.get_or_insert_with(|| (name.to_owned(), problem));
        self
    }

    /// An error of `auth` for a request in one mode: a 401 has the challenge of that mode.
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

/// The challenge of a mode (RFC 9110, 11.6.1). No scheme is registered for cookies; this follows
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
            AuthError::UnknownMode | AuthError::UnknownSignIn | AuthError::UnknownUser | AuthError::NothingReplaced => {
                Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound)
            }
            failure => {
                // The log has the error and its causes, once. The caller gets only the code.
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
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, ErrorCode::TokenNotValid).because(refusal.as_str());
        problem.body.end_reason = refusal.end_reason().map(|reason| reason.as_str().to_owned());
        Self { replay, ..problem }
    }
}

/// The message of Django REST framework.
fn throttled(Seconds(wait): Seconds) -> String {
    let plural = if wait == 1 { "" } else { "s" };
    format!("Request was throttled. Expected available in {wait} second{plural}.")
}

/// The public code of a refused user name.
pub fn username_code(problem: UsernameProblem) -> ErrorCode {
    match problem {
        UsernameProblem::Length => ErrorCode::UsernameLength,
        UsernameProblem::Characters | UsernameProblem::MixedScripts | UsernameProblem::Reserved => {
            ErrorCode::UsernameInvalid
        }
    }
}

/// The public code of a refused password.
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

pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, ErrorCode::NotFound)
}

/// The answer to a wrong method. The router adds `Allow`.
pub async fn method_not_allowed(method: Method) -> Problem {
    let mut problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed);
    problem.body.detail = format!("Method \"{method}\" not allowed.");
    problem
}

/// The answer after a panic, which is a bug. The panic is logged; the connection and other requests continue.
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
