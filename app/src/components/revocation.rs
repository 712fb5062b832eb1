//! Messages after sign-ins have ended: which credentials may still work, and until when.

use leptos_router::params::ParamsMap;

use crate::{calendar, client::Scope, locale::tr, types::Revocation};

/// The limit of every text about ended sign-ins: in this setting the server reads no row to check such a credential.
pub(crate) fn signature_only() -> &'static str {
    tr(
        "If the server checks only signatures (ACCESS_CHECK=signature), an access token or cookie that was already issued works \
        until it expires.",
        "서버가 서명만 검사하면(ACCESS_CHECK=signature), 이미 발급된 액세스 토큰이나 쿠키는 만료될 때까지 유효합니다.",
    )
}

/// The message after all other sign-ins of an account have ended. `what` is a sentence.
pub(crate) fn ended_message(what: &str, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::AtExpiry { until } => {
            let until = calendar::human(until, now);
            tr(
                format!("{what} An access token or cookie that was already issued may work until {until}."),
                format!("{what} 이미 발급된 액세스 토큰이나 쿠키는 {until}까지 유효할 수 있습니다."),
            )
        }
        Revocation::Immediate | Revocation::Unreadable => what.to_owned(),
    }
}

/// What ended, for [`logout_message`]: a sentence without its full stop.
pub(crate) fn logged_out_of(name: &str) -> String {
    tr(format!("Logged out of {name}"), format!("{name} 방식에서 로그아웃했습니다"))
}

/// The message after a logout: which copies of the credential still work.
pub(crate) fn logout_message(what: &str, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::Immediate => tr(
            format!("{what}. Every copy of the credential has stopped working."),
            format!("{what}. 인증 정보의 모든 복사본이 무효화되었습니다."),
        ),
        Revocation::AtExpiry { until } => {
            let until = calendar::human(until, now);
            tr(
                format!(
                    "{what}. This browser has deleted its credential. A stolen copy still works until {until} at the latest."
                ),
                format!(
                    "{what}. 이 브라우저는 인증 정보를 삭제했습니다. 탈취된 복사본은 늦어도 {until}까지 유효합니다."
                ),
            )
        }
        Revocation::Unreadable => tr(
            format!(
                "{what} in this browser. The server could not read the credential, so it has ended no sign-in: a copy may still \
                 work. Log in and check the list on your account page."
            ),
            format!(
                "{what}. 이 브라우저에서만 로그아웃되었습니다. 서버가 인증 정보를 읽지 못하여 어떤 로그인도 끝내지 못했습니다. 복사본이 아직 유효할 수 \
                 있습니다. 로그인하여 계정 페이지의 목록을 확인하십시오."
            ),
        ),
    }
}

/// The sentence about the copies of a credential that a logout ended. Some credentials end earlier if no copy is used.
pub(crate) fn copies(scope: Scope, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::Immediate => {
            tr("Every copy stopped working at once.", "모든 복사본이 즉시 무효화되었습니다.").to_owned()
        }
        Revocation::AtExpiry { until } => {
            let (verb, korean) = match (until > now, scope) {
                (false, _) => ("worked", "유효했습니다"),
                (true, Scope::Here | Scope::EveryDevice) => ("still work", "아직 유효합니다"),
                // part: comparison, begin
                // The date is that of all modes: the copies of this one may have stopped.
                (true, Scope::Everywhere) => ("may work", "유효할 수 있습니다"),
                // part: comparison, end
            };
            let until = calendar::human(until, now);
            tr(
                format!("Copies of the credential {verb} until {until} at the latest."),
                format!("인증 정보의 복사본은 늦어도 {until}까지 {korean}."),
            )
        }
        Revocation::Unreadable => tr(
            "The server could not read the credential, so it has ended no sign-in: a copy may still work.",
            "서버가 인증 정보를 읽지 못하여 어떤 로그인도 끝내지 못했습니다. 복사본이 아직 유효할 수 있습니다.",
        )
        .to_owned(),
    }
}

/// The result of a form without JavaScript, from the query. `None` for any other text: it must never count as an
/// immediate revocation.
pub(crate) fn revocation_of_form(query: &ParamsMap) -> Option<Revocation> {
    match query.get("ended")?.as_str() {
        "immediate" => Some(Revocation::Immediate),
        "unreadable" => Some(Revocation::Unreadable),
        "at-expiry" => Some(Revocation::AtExpiry { until: query.get("until")?.parse().ok()? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect()
    }

    #[test]
    fn a_message_says_until_when_a_credential_may_work() {
        assert_eq!(ended_message("All ended.", Revocation::Immediate, 0), "All ended.");
        let at_expiry = ended_message("All ended.", Revocation::AtExpiry { until: 600 }, 0);
        assert!(
            at_expiry.starts_with("All ended. An access token or cookie that was already issued may work until "),
            "{at_expiry}"
        );
        assert!(at_expiry.contains(&calendar::human(600, 0)), "{at_expiry}");
    }

    #[test]
    fn copies_that_still_work_have_stopped_once_their_time_is_over() {
        let at_expiry = Revocation::AtExpiry { until: 600 };
        let at = |now| copies(Scope::Here, at_expiry, now);
        assert_eq!(at(599), "Copies of the credential still work until 00:10:00 UTC at the latest.");
        assert_eq!(at(600), "Copies of the credential worked until 00:10:00 UTC at the latest.");
        assert_eq!(copies(Scope::Here, Revocation::Immediate, 0), "Every copy stopped working at once.");
    }

    // part: comparison, begin
    #[test]
    fn the_date_of_a_logout_everywhere_is_no_promise_for_a_single_mode() {
        let text = copies(Scope::Everywhere, Revocation::AtExpiry { until: 600 }, 0);
        assert_eq!(text, "Copies of the credential may work until 00:10:00 UTC at the latest.");
    }
    // part: comparison, end

    #[test]
    fn the_query_of_a_form_has_the_same_three_results_as_the_header() {
        assert_eq!(revocation_of_form(&query(&[("ended", "immediate")])), Some(Revocation::Immediate));
        assert_eq!(revocation_of_form(&query(&[("ended", "unreadable")])), Some(Revocation::Unreadable));
        let at_expiry = query(&[("ended", "at-expiry"), ("until", "600")]);
        assert_eq!(revocation_of_form(&at_expiry), Some(Revocation::AtExpiry { until: 600 }));
    }

    #[test]
    fn an_unknown_query_never_counts_as_an_immediate_revocation() {
        for pairs in
            [&[][..], &[("ended", "")], &[("ended", "at-expiry")], &[("ended", "at-expiry"), ("until", "soon")]]
        {
            assert_eq!(revocation_of_form(&query(pairs)), None, "{pairs:?}");
        }
    }
}
