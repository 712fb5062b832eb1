use leptos::prelude::*;

use crate::{
    calendar,
    client::SignIns,
    refusal,
    types::{Verdict, VerdictKind},
};

/// The server's answer to a replaced credential. Without JavaScript only its kind is known, from the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrialVerdict {
    Known(Verdict),
    OfQuery(VerdictKind),
}

impl TrialVerdict {
    /// Parses the word in a query.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        VerdictKind::parse(word).map(Self::OfQuery)
    }

    pub(crate) fn kind(&self) -> VerdictKind {
        match self {
            Self::Known(verdict) => verdict.kind(),
            Self::OfQuery(kind) => *kind,
        }
    }

    /// The seconds in which the same client may repeat the rotation.
    pub(crate) fn grace(&self) -> Option<i64> {
        match self {
            Self::Known(Verdict::Retry { grace }) => Some(*grace),
            Self::Known(_) | Self::OfQuery(_) => None,
        }
    }

    /// Whether the server refused the credential as a refresh token that was used before.
    pub(crate) fn is_reuse(&self) -> bool {
        matches!(self, Self::Known(Verdict::Refused { reason, .. }) if reason == "refresh_token_reused")
    }

    /// The verdict in words, and the rest of its sentences.
    fn into_words(self, attempt: Attempt, now: i64) -> (&'static str, String) {
        match (&self, attempt) {
            (Self::Known(Verdict::Accepted { until }), Attempt::SignIn) => {
                ("still accepted", format!(", until {}.", calendar::human(*until, now)))
            }
            (Self::OfQuery(VerdictKind::Accepted), Attempt::SignIn) => ("still accepted", ".".to_owned()),
            (Self::Known(Verdict::Accepted { until }), Attempt::Rotate) => (
                "still accepted",
                format!(". It would get a new credential, valid until {}.", calendar::human(*until, now)),
            ),
            (Self::OfQuery(VerdictKind::Accepted), Attempt::Rotate) => {
                ("still accepted", ". It would get a new credential.".to_owned())
            }
            (Self::Known(Verdict::Retry { grace }), _) => {
                ("accepted as a retry", format!(", within the grace of {}. {LATER}", calendar::span(*grace)))
            }
            (Self::OfQuery(VerdictKind::Retry), _) => ("accepted as a retry", format!(", within the grace. {LATER}")),
            (Self::Known(Verdict::Refused { reason, ends_sign_in: false }), _) => {
                ("refused", format!(". {} The sign-in goes on.", refusal::in_words(reason)))
            }
            (Self::OfQuery(VerdictKind::Refused), _) => ("refused", ". The sign-in goes on.".to_owned()),
            (Self::Known(Verdict::Refused { ends_sign_in: true, .. }), _) if self.is_reuse() => {
                ("refused as theft", format!(". There is no grace for a retry. {ENDS}"))
            }
            (Self::Known(Verdict::Refused { ends_sign_in: true, .. }) | Self::OfQuery(VerdictKind::Ended), _) => {
                ("refused as theft", format!(". {ENDS}"))
            }
        }
    }
}

/// What the server tried with a replaced credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    SignIn,
    Rotate,
}

// Stays true while the text is on the page.
const LATER: &str = "After it, the server treats a second use as theft.";
const ENDS: &str = "This was a trial. A real second use ends the sign-in.";

/// An attempt with a replaced credential, and the server's answer.
#[component]
pub(crate) fn VerdictLine(attempt: Attempt, tried: String, verdict: TrialVerdict) -> impl IntoView {
    let now = expect_context::<SignIns>().now().get_untracked();
    let kind = verdict.kind();
    let testid = match attempt {
        Attempt::SignIn => "verdict-sign-in",
        Attempt::Rotate => "verdict-rotate",
    };
    let (words, rest) = verdict.into_words(attempt, now);
    view! {
        <p class="verdict" data-testid=testid data-verdict=kind.as_str()>
            {tried}
            ": "
            <strong>{words}</strong>
            {rest}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(attempt: Attempt, verdict: Verdict) -> String {
        let (words, rest) = TrialVerdict::Known(verdict).into_words(attempt, 0);
        format!("{words}{rest}")
    }

    fn words(verdict: Verdict) -> String {
        words_of(Attempt::Rotate, verdict)
    }

    #[test]
    fn the_date_after_a_second_rotation_is_that_of_the_new_credential() {
        let accepted = Verdict::Accepted { until: 600 };
        assert_eq!(words_of(Attempt::SignIn, accepted.clone()), "still accepted, until 00:10:00 UTC.");
        assert_eq!(
            words_of(Attempt::Rotate, accepted),
            "still accepted. It would get a new credential, valid until 00:10:00 UTC."
        );
    }

    #[test]
    fn a_retry_is_told_with_its_grace_and_without_a_date() {
        assert_eq!(
            words(Verdict::Retry { grace: 10 }),
            "accepted as a retry, within the grace of 10 s. After it, the server treats a second use as theft."
        );
    }

    #[test]
    fn a_theft_and_a_plain_refusal_differ() {
        let refused = |reason: &str, ends_sign_in| words(Verdict::Refused { reason: reason.to_owned(), ends_sign_in });
        assert_eq!(
            refused("replaced", false),
            "refused. A newer credential has replaced this one. The sign-in goes on."
        );
        assert!(refused("replaced", true).starts_with("refused as theft. This was a trial."));
        assert!(refused("refresh_token_reused", true).contains("There is no grace for a retry."));
    }

    #[test]
    fn a_query_can_name_a_known_verdict_only() {
        for kind in [VerdictKind::Accepted, VerdictKind::Retry, VerdictKind::Refused, VerdictKind::Ended] {
            assert_eq!(TrialVerdict::parse(kind.as_str()), Some(TrialVerdict::OfQuery(kind)));
        }
        assert_eq!(TrialVerdict::parse("stolen"), None);
    }
}
