//! The sentences for a refused credential: one for each reason in the API's answers and in the audit log.

use crate::error::{AppError, ErrorCode};

/// The sentence for a `reason`, or for the more exact `end_reason` beside it. `None`: this version does not know it.
pub(crate) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "malformed" => "The server could not read the credential.",
        "unknown" => "The server no longer knows this sign-in.",
        "expired" => "The sign-in has expired.",
        "not_yet_valid" => "The credential is not valid yet: the clock of a server was changed.",
        "revoked" => "The server has ended this sign-in.",
        "replaced" => "A newer credential has replaced this one.",
        "wrong_type" => "This is a token of another type.",
        "refresh_token_reused" => {
            "A refresh token was used a second time. It may have been stolen, so the server ended the sign-in."
        }
        "user_inactive" => "The account is disabled.",
        "user_not_found" => "The account no longer exists.",
        // Why a sign-in ended.
        "logout" => "This sign-in was logged out.",
        "new_login" => "A new login in the same browser replaced this sign-in.",
        "ended_by_user" => "This sign-in was ended in the list on the account page.",
        "logout_all" => "This account was logged out of this mode on every device.",
        "sign_in_limit" => "Too many sign-ins: a new one ended this one, which was used least recently.",
        "credential_reused" => {
            "A replaced credential was used a second time. It may have been stolen, so the server ended the sign-in."
        }
        "logout_everywhere" => "This account was logged out everywhere.",
        "ended_with_others" => "All other sign-ins of this account were ended, from another one.",
        "password_changed" => "The password was changed in another sign-in.",
        "password_set" => "An operator set a new password.",
        "ended_by_administrator" => "An administrator ended all sign-ins of this account.",
        "account_disabled" => "The account was disabled, which ended all its sign-ins.",
        _ => return None,
    })
}

/// The explanation for a user whose credential was refused. `None` if the call had no credential.
pub(crate) fn explain(refused: &AppError) -> Option<String> {
    if refused.code != ErrorCode::TokenNotValid {
        return None;
    }
    let reason = refused.end_reason.as_ref().or(refused.reason.as_ref());
    Some(reason.map_or_else(|| "The server refused the credential.".to_owned(), |reason| in_words(reason)))
}

/// The sentence for a reason, also for one of a newer server.
pub(crate) fn in_words(reason: &str) -> String {
    sentence(reason).map_or_else(|| format!("The server refused the credential ({reason})."), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_without_a_credential_gets_no_explanation() {
        assert_eq!(explain(&AppError::new(ErrorCode::NotAuthenticated)), None);
    }

    #[test]
    fn the_reason_of_the_end_is_explained_before_the_refusal() {
        let mut refused = AppError::new(ErrorCode::TokenNotValid).because("revoked");
        assert_eq!(explain(&refused).as_deref(), Some("The server has ended this sign-in."));
        refused.end_reason = Some("password_changed".to_owned());
        assert_eq!(explain(&refused).as_deref(), Some("The password was changed in another sign-in."));
    }

    #[test]
    fn a_refused_credential_is_explained_even_for_an_unknown_reason() {
        let refused = AppError::new(ErrorCode::TokenNotValid).because("moon_phase");
        assert_eq!(explain(&refused).as_deref(), Some("The server refused the credential (moon_phase)."));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn every_reason_of_an_end_has_a_sentence() {
        for reason in auth::EndReason::ALL {
            assert!(sentence(reason.as_str()).is_some(), "{}", reason.as_str());
        }
    }
}
