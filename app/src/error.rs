//! The public description of a failure: one shape for the JSON API, the server functions and the pages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::locale::Locale;

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

    /// The sentence for readers of Korean. Only pages show it: the API is English.
    const fn korean(self) -> &'static str {
        match self {
            Self::NotAuthenticated => "인증 정보가 없습니다.",
            Self::TokenNotValid => "인증 정보가 유효하지 않습니다.",
            Self::SignedOut => "요청을 보내기 전에 로그아웃되었습니다. 아무것도 바뀌지 않았습니다.",
            Self::NoActiveAccount => "사용자 이름이나 비밀번호가 틀렸습니다.",
            Self::CsrfFailed => "CSRF 검사 실패: 이 사이트에서 보낸 요청이 아닙니다.",
            Self::Overloaded => "서버가 너무 많은 비밀번호를 동시에 확인하고 있습니다. 잠시 뒤에 다시 시도하십시오.",
            Self::Throttled => "시도 횟수가 너무 많습니다. 몇 분 기다린 뒤 다시 시도하십시오.",
            Self::Invalid => "입력이 올바르지 않습니다. 항목마다 메시지가 있습니다.",
            Self::Conflict => "같은 시간에 다른 요청이 계정을 변경했습니다. 페이지를 새로 고치십시오.",
            Self::ParseError => "요청 본문을 해석할 수 없습니다.",
            Self::UnsupportedMediaType => "지원하지 않는 미디어 형식입니다.",
            Self::NotFound => "찾을 수 없습니다.",
            Self::MethodNotAllowed => "허용되지 않는 메서드입니다.",
            Self::Internal => "서버에 문제가 생겼습니다.",
            Self::Unavailable => "서비스가 데이터베이스에 연결할 수 없습니다. 잠시 뒤에 다시 시도하십시오.",
            Self::Unreachable => "서버가 응답하지 않았습니다. 연결을 확인하고 다시 시도하십시오.",
            Self::Required => "필수 항목입니다.",
            Self::Blank => "비워 둘 수 없습니다.",
            Self::Null => "null일 수 없습니다.",
            Self::NotAString => "올바른 문자열이 아닙니다.",
            Self::UsernameInvalid => "글자, 숫자, 기호 . _ - @ + 만 공백 없이 쓰십시오.",
            Self::UsernameLength => "1자 이상 64자 이하로 쓰십시오.",
            Self::PasswordTooShort => "15자 이상 쓰십시오. 서로 관계없는 단어 몇 개면 좋은 비밀번호가 됩니다.",
            Self::PasswordTooLong => "256자 이하로 쓰십시오.",
            Self::PasswordInvalid => "이 비밀번호에는 제어 문자나, 안정적으로 입력할 수 없는 문자가 있습니다.",
            Self::WrongPassword => "현재 비밀번호가 틀렸습니다.",
            Self::OwnAccount => "자신의 계정은 비활성화할 수 없습니다. 다른 관리자에게 요청하십시오.",
            Self::Forbidden => "이 작업을 수행할 권한이 없습니다.",
            Self::PasswordTooCommon => "추측하기 쉬운 비밀번호입니다. 덜 흔한 것을 고르십시오.",
        }
    }

    /// Parses a code from a query. `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    }
}

/// Every code.
const CODES: [ErrorCode; 29] = [
    ErrorCode::NotAuthenticated,
    ErrorCode::TokenNotValid,
    ErrorCode::SignedOut,
    ErrorCode::NoActiveAccount,
    ErrorCode::CsrfFailed,
    ErrorCode::Overloaded,
    ErrorCode::Throttled,
    ErrorCode::Invalid,
    ErrorCode::Conflict,
    ErrorCode::ParseError,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::NotFound,
    ErrorCode::MethodNotAllowed,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::Unreachable,
    ErrorCode::Required,
    ErrorCode::Blank,
    ErrorCode::Null,
    ErrorCode::NotAString,
    ErrorCode::UsernameInvalid,
    ErrorCode::UsernameLength,
    ErrorCode::PasswordTooShort,
    ErrorCode::PasswordTooLong,
    ErrorCode::PasswordInvalid,
    ErrorCode::WrongPassword,
    ErrorCode::OwnAccount,
    ErrorCode::Forbidden,
    ErrorCode::PasswordTooCommon,
];

/// A text of the API in the language of this page. The problems of a field have no code in an answer, so the English
/// sentence is the key. A sentence that this version does not know stays as it is.
pub(crate) fn translated(text: &str) -> &str {
    match Locale::current() {
        Locale::English => text,
        Locale::Korean => CODES.iter().find(|code| code.message() == text).map_or(text, |code| code.korean()),
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

    #[cfg(feature = "ssr")]
    #[test]
    fn every_sentence_of_a_code_is_translated_on_a_page_in_korean() {
        use leptos::prelude::{Owner, provide_context};
        use utoipa::PartialSchema as _;

        let schema = serde_json::to_value(ErrorCode::schema()).expect("JSON");
        assert_eq!(schema["enum"].as_array().expect("the codes").len(), CODES.len());
        Owner::new().with(|| {
            provide_context(Locale::Korean);
            for code in CODES {
                assert!(!translated(code.message()).is_ascii(), "{code:?}");
            }
            assert_eq!(translated("A sentence of a newer server."), "A sentence of a newer server.");
        });
        assert_eq!(translated("This field may not be blank."), "This field may not be blank.");
    }

    #[test]
    fn a_query_cannot_name_a_field_or_an_error_that_does_not_exist() {
        assert_eq!(AppError::of_form(Some("blank"), Some("card number")), Some(AppError::new(ErrorCode::Blank)));
        assert_eq!(AppError::of_form(Some("moon_phase"), Some("password")), None);
        assert_eq!(AppError::of_form(None, Some("password")), None);
    }
}
