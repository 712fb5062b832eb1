//! The public description of a failure: one shape for the JSON API, the server functions and the pages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The body of every error response, `{"detail", "code", …}`. Each invalid field is a further member with a list of
/// messages, as in Django REST framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[error("{detail}")]
pub struct AppError {
    /// A sentence for people.
    pub detail: String,
    /// A constant for programs.
    pub code: ErrorCode,
    /// The exact cause, where one code has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the sign-in of a refused credential has ended, if the server knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// Messages per invalid field.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Vec<String>>,
}

impl AppError {
    /// An error with the default sentence of its code.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { detail: code.message().to_owned(), code, reason: None, end_reason: None, fields: BTreeMap::new() }
    }

    /// The error of a form without JavaScript, from the `error` and `field` of the query. `None` if there is none. The
    /// fields are those of our forms, because any site can link to a page with any query.
    pub(crate) fn of_form(error: Option<&str>, field: Option<&str>) -> Option<Self> {
        let code = ErrorCode::parse(error?)?;
        Some(match field.filter(|field| FIELDS.contains(field)) {
            Some(field) => Self::new(ErrorCode::Invalid).field(field, code),
            None => Self::new(code),
        })
    }

    /// Adds the exact cause.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds a message for one field.
    #[must_use]
    pub fn field(mut self, name: &str, problem: ErrorCode) -> Self {
        self.fields.entry(name.to_owned()).or_default().push(problem.message().to_owned());
        self
    }
}

/// The fields of the forms that work without JavaScript.
const FIELDS: [&str; 4] = ["username", "password", "current", "new"];

/// Every code, each with one sentence. Without JavaScript, a page receives the code in its query (`?error=…`) and shows
/// the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    NotAuthenticated,
    TokenNotValid,
    NoActiveAccount,
    CsrfFailed,
    Overloaded,
    Throttled,
    Invalid,
    /// Another request changed the account first.
    Conflict,
    ParseError,
    UnsupportedMediaType,
    NotFound,
    MethodNotAllowed,
    Internal,
    Unavailable,
    /// An action without a valid sign-in, of a form or a script: its answer to a program is `TokenNotValid`.
    SignedOut,
    /// Set by the browser client only: the request got no response.
    Unreachable,
    Required,
    Blank,
    Null,
    NotAString,
    UsernameInvalid,
    UsernameLength,
    PasswordTooShort,
    PasswordTooLong,
    PasswordInvalid,
    PasswordTooCommon,
    WrongPassword,
    Forbidden,
    OwnAccount,
}

impl ErrorCode {
    /// The sentence for people. Some of them are Django REST framework's own, for clients that compare texts.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotAuthenticated => "Authentication credentials were not provided.",
            Self::TokenNotValid => "The credential is not valid.",
            Self::SignedOut => "You were signed out before this was sent. Nothing was changed.",
            Self::NoActiveAccount => "No active account found with the given credentials",
            Self::CsrfFailed => "CSRF Failed: the request did not come from this site.",
            Self::Overloaded => "The server is checking too many passwords at once. Try again in a moment.",
            Self::Throttled => "Too many attempts. Wait a few minutes, then try again.",
            Self::Invalid => "The input is invalid. Each invalid field has its own message.",
            Self::Conflict => "Another request has changed the account at the same time. Reload the page.",
            Self::ParseError => "The request body could not be parsed.",
            Self::UnsupportedMediaType => "Unsupported media type in request.",
            Self::NotFound => "Not found.",
            Self::MethodNotAllowed => "Method not allowed.",
            Self::Internal => "Something went wrong on our side.",
            Self::Unavailable => "The service cannot reach its database. Try again in a moment.",
            Self::Unreachable => "The server did not answer. Check the connection and try again.",
            Self::Required => "This field is required.",
            Self::Blank => "This field may not be blank.",
            Self::Null => "This field may not be null.",
            Self::NotAString => "Not a valid string.",
            Self::UsernameInvalid => "Use letters, digits and the signs . _ - @ +, without spaces.",
            Self::UsernameLength => "Use 1 to 64 characters.",
            Self::PasswordTooShort => "Use at least 15 characters. A few unrelated words make a good password.",
            Self::PasswordTooLong => "Use at most 256 characters.",
            Self::PasswordInvalid => {
                "This password contains a control character or another character that cannot be typed reliably."
            }
            Self::WrongPassword => "Current password is incorrect.",
            Self::OwnAccount => "You can't disable your own account. Ask another administrator.",
            Self::Forbidden => "You do not have permission to perform this action.",
            Self::PasswordTooCommon => "This password is easy to guess. Choose a less common one.",
        }
    }

    /// Parses a code from a query. `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_form_is_about_the_field_that_the_server_named() {
        let error = AppError::of_form(Some("blank"), Some("password")).expect("an error");
        assert_eq!(
            (error.code, &error.fields["password"][..]),
            (ErrorCode::Invalid, &[ErrorCode::Blank.message().to_owned()][..])
        );
        assert_eq!(AppError::of_form(Some("conflict"), None), Some(AppError::new(ErrorCode::Conflict)));
    }

    #[test]
    fn a_query_cannot_name_a_field_or_an_error_that_does_not_exist() {
        assert_eq!(AppError::of_form(Some("blank"), Some("card number")), Some(AppError::new(ErrorCode::Blank)));
        assert_eq!(AppError::of_form(Some("moon_phase"), Some("password")), None);
        assert_eq!(AppError::of_form(None, Some("password")), None);
    }
}
