use leptos::prelude::*;

use crate::{calendar, client::SignIns, types::Verdict};

/// A verdict. Without JavaScript only the word is known, not its date or reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TrialVerdict {
    Accepted { until: Option<i64> },
    Refused { reason: Option<String> },
}

impl TrialVerdict {
    /// Parses the word in a query.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "accepted" => Some(Self::Accepted { until: None }),
            "refused" => Some(Self::Refused { reason: None }),
            _ => None,
        }
    }

    pub(crate) fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    fn word(&self) -> &'static str {
        if self.is_accepted() { "accepted" } else { "refused" }
    }

    fn detail(self, now: i64) -> String {
        match self {
            Self::Accepted { until: Some(until) } => format!(" until {}", calendar::human(until, now)),
            Self::Refused { reason: Some(reason) } => format!(" ({})", reason.replace('_', " ")),
            Self::Accepted { until: None } | Self::Refused { reason: None } => String::new(),
        }
    }
}

impl From<Verdict> for TrialVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accepted { until } => Self::Accepted { until: Some(until) },
            Verdict::Refused { reason } => Self::Refused { reason: Some(reason) },
        }
    }
}

/// An accepted retry is no second use of the token, so its expiry says nothing about how long a retry is possible.
const RETRY: &str = " as a retry, for a few seconds only; later it counts as theft";

/// An attempt with a replaced credential, and the server's answer.
#[component]
pub(crate) fn TrialVerdictLine(
    tried: String,
    verdict: TrialVerdict,
    testid: &'static str,
    /// The server accepts this attempt only as a retry.
    #[prop(optional)]
    as_retry: bool,
) -> impl IntoView {
    let now = expect_context::<SignIns>().now().get_untracked();
    let word = verdict.word();
    let detail = if as_retry && verdict.is_accepted() { RETRY.to_owned() } else { verdict.detail(now) };
    view! {
        <p class="verdict" data-testid=testid data-verdict=word>
            {tried}
            ": "
            <strong>{word}</strong>
            {detail}
        </p>
    }
}
