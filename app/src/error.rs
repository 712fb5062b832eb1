//! All that a browser may learn about a failure: one shape for the JSON API, the server functions and the pages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success, `{"detail", "code", …}`. A field that was refused stands beside them
/// under its own name with a list of messages, as Django REST framework has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[error("{detail}")]
pub struct AppError {
    /// A sentence for people.
    pub detail: String,
    /// What a program tests for.
    pub code: ErrorCode,
    /// A finer cause beside the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Messages per refused field.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Vec<String>>,
}

impl AppError {
    /// An error that says what its code says.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { detail: code.message().to_owned(), code, reason: None, fields: BTreeMap::new() }
    }

    /// The same, with the finer cause.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same, with a message for one field.
    #[must_use]
    pub fn field(mut self, name: &str, problem: ErrorCode) -> Self {
        self.fields.entry(name.to_owned()).or_default().push(problem.message().to_owned());
        self
    }
}

/// Every code, with its one text. A page without JavaScript gets the code in its query (`?error=…`) and prints the text.
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
    /// Another call changed the account first.
    Conflict,
    ParseError,
    UnsupportedMediaType,
    NotFound,
    MethodNotAllowed,
    Internal,
    Unavailable,
    /// Only the browser says this: no answer came.
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
    /// The sentence for people.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotAuthenticated => "Authentication credentials were not provided.",
            Self::TokenNotValid => "The credential is not valid.",
            Self::NoActiveAccount => "No active account found with the given credentials",
            Self::CsrfFailed => "CSRF Failed: the request did not come from this site.",
            Self::Overloaded => "Too many sign-ins are being checked at once. Try again in a moment.",
            Self::Throttled => "Too many attempts. Wait a few minutes, then try again.",
            Self::Invalid => "Some fields need attention.",
            Self::Conflict => "Another request has changed the account at the same time. Reload the page.",
            Self::ParseError => "The body could not be read.",
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
                "This password holds a control character or another character that cannot be typed reliably."
            }
            Self::WrongPassword => "This is not the present password.",
            Self::OwnAccount => "An administrator cannot close the own account: ask another one.",
            Self::Forbidden => "You do not have permission to perform this action.",
            Self::PasswordTooCommon => "This password is easy to guess. Choose a less common one.",
        }
    }

    /// The code in a query, as in a JSON body. `None` for anything that is not one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }
}
