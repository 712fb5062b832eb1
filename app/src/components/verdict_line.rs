use leptos::prelude::*;

use crate::{calendar, sign_ins::SignIns, types::Verdict};

/// A verdict as a page knows it. A form without JavaScript brings back only the word, not its date or reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted { until: Option<i64> },
    Refused { reason: Option<String> },
}

impl Outcome {
    /// The word in a query.
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

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Accepted { until } => Self::Accepted { until: Some(until) },
            Verdict::Refused { reason } => Self::Refused { reason: Some(reason) },
        }
    }
}

/// What was tried with an old credential, and what the server said.
#[component]
pub(crate) fn VerdictLine(tried: String, outcome: Outcome, testid: &'static str) -> impl IntoView {
    let now = expect_context::<SignIns>().now().get_untracked();
    let word = outcome.word();
    view! {
        <p class="verdict" data-testid=testid data-verdict=word>
            {tried}
            ": "
            <strong>{word}</strong>
            {outcome.detail(now)}
        </p>
    }
}
