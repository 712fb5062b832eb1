//! Reads the answers of the API.

use serde::de::DeserializeOwned;

use super::browser::Answer;
use crate::{
    error::{AppError, ErrorCode},
    types::{IssuedBody, Revocation},
};

/// The answer to a call that ended every other sign-in of the user.
pub(crate) struct CarriedAlong {
    /// The new credential, as after a rotation.
    pub(crate) issued: IssuedBody,
    /// An error if the header is missing or unknown. The credential counts all the same: the old one is replaced.
    pub(crate) revocation: Result<Revocation, AppError>,
}

pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, AppError> {
    serde_json::from_str(&answer.body).map_err(|_| AppError::new(ErrorCode::Internal))
}

/// An answer in another format comes from a proxy between browser and server. Its text is not shown.
pub(super) fn read_error(answer: &Answer) -> AppError {
    read(answer).unwrap_or_else(|unreadable| unreadable.because(format!("status {}", answer.status)))
}

pub(super) fn carried_along(answer: &Answer) -> Result<CarriedAlong, AppError> {
    Ok(CarriedAlong { issued: read(answer)?, revocation: ended(answer) })
}

pub(super) fn ended(answer: &Answer) -> Result<Revocation, AppError> {
    answer.revocation.as_deref().and_then(parse_revocation).ok_or_else(|| AppError::new(ErrorCode::Internal))
}

/// `X-Revocation: immediate`, `at-expiry; until=1767225600` or `unreadable`.
fn parse_revocation(header: &str) -> Option<Revocation> {
    let mut parts = header.split(';').map(str::trim);
    match (parts.next()?, parts.next()) {
        ("immediate", None) => Some(Revocation::Immediate),
        ("unreadable", None) => Some(Revocation::Unreadable),
        ("at-expiry", Some(until)) => Some(Revocation::AtExpiry { until: until.strip_prefix("until=")?.parse().ok()? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, revocation: None, body: body.to_owned() }
    }

    #[test]
    fn the_header_of_a_logout_is_parsed() {
        assert_eq!(parse_revocation("immediate"), Some(Revocation::Immediate));
        assert_eq!(
            parse_revocation("at-expiry; until=1767225600"),
            Some(Revocation::AtExpiry { until: 1_767_225_600 })
        );
        assert_eq!(parse_revocation("unreadable"), Some(Revocation::Unreadable));
    }

    #[test]
    fn an_unknown_header_never_counts_as_an_immediate_revocation() {
        for header in ["", "at-expiry", "at-expiry; until=soon", "immediate; until=1", "never"] {
            assert_eq!(parse_revocation(header), None, "{header}");
        }
    }

    #[test]
    fn a_new_credential_counts_even_if_the_header_of_its_answer_is_lost() {
        let auth = r#"{"auth": {"issued_at": 1, "expires_at": 2, "absolute_expires_at": 3, "generation": 4}}"#;
        let carried = carried_along(&answer(200, auth)).expect("a credential");
        assert_eq!(carried.issued.auth.generation, 4);
        assert_eq!(carried.revocation, Err(AppError::new(ErrorCode::Internal)));
        let carried = carried_along(&Answer { revocation: Some("immediate".to_owned()), ..answer(200, auth) });
        assert_eq!(carried.expect("a credential").revocation, Ok(Revocation::Immediate));
    }

    #[test]
    fn an_error_keeps_its_code_its_reason_and_its_fields() {
        let error = read_error(&answer(
            400,
            r#"{"detail": "The input is invalid.", "code": "invalid", "reason": "r", "password": ["Too short."]}"#,
        ));
        assert_eq!(error.code, ErrorCode::Invalid);
        assert_eq!(error.reason.as_deref(), Some("r"));
        assert_eq!(error.fields["password"], ["Too short."]);
    }

    #[test]
    fn an_answer_in_another_format_is_an_internal_error() {
        let error = read_error(&answer(502, "<h1>Bad gateway</h1>"));
        assert_eq!((error.code, error.reason.as_deref()), (ErrorCode::Internal, Some("status 502")));
    }
}
