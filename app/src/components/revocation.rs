//! Messages after sign-ins have ended: which credentials may still work, and until when.

use leptos_router::params::ParamsMap;

use crate::{calendar, client::Scope, types::Revocation};

/// The limit of every text about ended sign-ins: in this setting the server reads no row to check such a credential.
pub(crate) const SIGNATURE_ONLY: &str = "If the server checks only signatures (ACCESS_CHECK=signature), an access token or cookie \
    that was already issued works until it expires.";

/// The message after all other sign-ins of an account have ended. `what` is a sentence.
pub(crate) fn ended_message(what: &str, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::AtExpiry { until } => {
            let until = calendar::human(until, now);
            format!("{what} An access token or cookie that was already issued may work until {until}.")
        }
        Revocation::Immediate | Revocation::Unreadable => what.to_owned(),
    }
}

/// The message after a logout: which copies of the credential still work.
pub(crate) fn logout_message(what: &str, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::Immediate => format!("{what}. Every copy of the credential has stopped working."),
        Revocation::AtExpiry { until } => format!(
            "{what}. This browser has deleted its credential. A stolen copy still works until {} at the latest.",
            calendar::human(until, now)
        ),
        Revocation::Unreadable => format!(
            "{what} in this browser. The server could not read the credential, so it has ended no sign-in: a copy may still work. \
             Log in and check the list on your account page."
        ),
    }
}

/// The sentence about the copies of a credential that a logout ended. Some credentials end earlier if no copy is used.
pub(crate) fn copies(scope: Scope, revocation: Revocation, now: i64) -> String {
    match revocation {
        Revocation::Immediate => "Every copy stopped working at once.".to_owned(),
        Revocation::AtExpiry { until } => {
            let verb = match (until > now, scope) {
                (false, _) => "worked",
                (true, Scope::Here | Scope::EveryDevice) => "still work",
                // part: comparison, begin
                // The date is that of all modes: the copies of this one may have stopped.
                (true, Scope::Everywhere) => "may work",
                // part: comparison, end
            };
            format!("Copies of the credential {verb} until {} at the latest.", calendar::human(until, now))
        }
        Revocation::Unreadable => {
            "The server could not read the credential, so it has ended no sign-in: a copy may still work.".to_owned()
        }
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
