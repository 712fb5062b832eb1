//! The sentences for a refused credential: one for each reason in the API's answers and in the audit log.

use crate::{
    error::{AppError, ErrorCode},
    locale::tr,
};

/// The sentence for a `reason`, or for the more exact `end_reason` beside it. `None`: this version does not know it.
pub(crate) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "malformed" => tr("The server could not read the credential.", "서버가 인증 정보를 읽지 못했습니다."),
        "unknown" => tr("The server no longer knows this sign-in.", "서버가 이 로그인을 더 이상 알지 못합니다."),
        "expired" => tr("The sign-in has expired.", "로그인이 만료되었습니다."),
        "not_yet_valid" => tr(
            "The credential is not valid yet: the clock of a server was changed.",
            "인증 정보가 아직 유효하지 않습니다. 서버의 시계가 변경되었습니다.",
        ),
        "revoked" => tr("The server has ended this sign-in.", "서버가 이 로그인을 끝냈습니다."),
        "replaced" => tr("A newer credential has replaced this one.", "더 새로운 인증 정보로 교체되었습니다."),
        "wrong_type" => tr("This is a token of another type.", "다른 종류의 토큰입니다."),
        "refresh_token_reused" => tr(
            "A refresh token was used a second time. It may have been stolen, so the server ended the sign-in.",
            "리프레시 토큰이 두 번째로 사용되었습니다. 탈취되었을 수 있으므로 서버가 로그인을 끝냈습니다.",
        ),
        "user_inactive" => tr("The account is disabled.", "계정이 비활성화되었습니다."),
        "user_not_found" => tr("The account no longer exists.", "계정이 더 이상 존재하지 않습니다."),
        // Why a sign-in ended.
        "logout" => tr("This sign-in was logged out.", "이 로그인은 로그아웃되었습니다."),
        "new_login" => tr(
            "A new login in the same browser replaced this sign-in.",
            "같은 브라우저의 새 로그인이 이 로그인을 대체했습니다.",
        ),
        "ended_by_user" => tr(
            "This sign-in was ended in the list on the account page.",
            "계정 페이지의 목록에서 이 로그인을 끝냈습니다.",
        ),
        "logout_all" => tr(
            "This account was logged out of this mode on every device.",
            "이 계정은 모든 기기에서 이 방식으로 로그아웃되었습니다.",
        ),
        "sign_in_limit" => tr(
            "Too many sign-ins: a new one ended this one, which was used least recently.",
            "로그인이 너무 많습니다. 새 로그인이 가장 오래 사용하지 않은 이 로그인을 끝냈습니다.",
        ),
        "credential_reused" => tr(
            "A replaced credential was used a second time. It may have been stolen, so the server ended the sign-in.",
            "교체된 인증 정보가 두 번째로 사용되었습니다. 탈취되었을 수 있으므로 서버가 로그인을 끝냈습니다.",
        ),
        "logout_everywhere" => {
            tr("This account was logged out everywhere.", "이 계정은 모든 곳에서 로그아웃되었습니다.")
        }
        "ended_with_others" => tr(
            "All other sign-ins of this account were ended, from another one.",
            "다른 로그인에서 이 계정의 나머지 로그인을 모두 끝냈습니다.",
        ),
        "password_changed" => {
            tr("The password was changed in another sign-in.", "다른 로그인에서 비밀번호를 변경했습니다.")
        }
        "password_set" => tr("An operator set a new password.", "운영자가 새 비밀번호를 설정했습니다."),
        "ended_by_administrator" => {
            tr("An administrator ended all sign-ins of this account.", "관리자가 이 계정의 모든 로그인을 끝냈습니다.")
        }
        "account_disabled" => tr(
            "The account was disabled, which ended all its sign-ins.",
            "계정이 비활성화되어 모든 로그인이 끝났습니다.",
        ),
        _ => return None,
    })
}

/// The explanation for a user whose credential was refused. `None` if the call had no credential.
pub(crate) fn explain(refused: &AppError) -> Option<String> {
    if refused.code != ErrorCode::TokenNotValid {
        return None;
    }
    let reason = refused.end_reason.as_ref().or(refused.reason.as_ref());
    Some(reason.map_or_else(
        || tr("The server refused the credential.", "서버가 인증 정보를 거부했습니다.").to_owned(),
        |reason| in_words(reason),
    ))
}

/// The sentence for a reason, also for one of a newer server.
pub(crate) fn in_words(reason: &str) -> String {
    sentence(reason).map_or_else(
        || {
            tr(
                format!("The server refused the credential ({reason})."),
                format!("서버가 인증 정보를 거부했습니다({reason})."),
            )
        },
        str::to_owned,
    )
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
