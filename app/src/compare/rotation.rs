use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    calendar,
    client::SignIns,
    components::{BearerPlaceholder, ModeRegion, Page, SignInStatus},
    types::{ModeInfo, Verdict},
};

use super::rotation_chain::{RotationChain, Trial};

/// `/rotation`: replaces credentials, and lets the server check each replaced one.
#[component]
pub(crate) fn Rotation() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let regions = modes.into_iter().enumerate().map(move |(position, info)| {
        let first = query.get("mode").filter(|mode| *mode == info.id.0).and_then(|_| trial(&query));
        view! {
            <ModeRegion position info=info.clone()>
                <Body info first />
            </ModeRegion>
        }
    });
    view! {
        <Page
            title="Rotation"
            lead="Rotating replaces a credential by a new one. Whether the old one stops working depends on the mode, so the server \
            checks the old one twice more, by the same code as for a request: once to open /me, once to rotate. It rolls the second \
            rotation back."
        >
            <div class="region-grid">{regions.collect_view()}</div>
        </Page>
    }
}

#[component]
fn Body(info: ModeInfo, first: Option<Trial>) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let log_in = format!("/login?mode={}&next=/rotation", info.id);
    move || match status.get() {
        SignInStatus::Unknown => view! { <BearerPlaceholder /> }.into_any(),
        SignInStatus::SignedOut => view! {
            <p class="text-muted">"Signed out: there is nothing to rotate."</p>
            <p>
                <a class="button quiet" href=log_in.clone()>{format!("Log in ({})", info.name)}</a>
            </p>
        }
        .into_any(),
        SignInStatus::SignedIn => view! { <RotationChain info=info.clone() first=first.clone() /> }.into_any(),
    }
}

/// The result of a form without JavaScript, from the query.
fn trial(query: &ParamsMap) -> Option<Trial> {
    Some(Trial {
        from: query.get("from")?.parse().ok()?,
        to: query.get("to")?.parse().ok()?,
        sign_in: TrialVerdict::parse(&query.get("sign_in")?)?,
        rotate: TrialVerdict::parse(&query.get("rotate")?)?,
    })
}

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
