use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    client::SignIns,
    components::{BearerPlaceholder, ModeRegion, Page, SignInStatus},
    types::ModeInfo,
};

use super::{
    rotation_chain::{RotationChain, Trial},
    rotation_replay::{ReplayReport, ReplayResult},
    rotation_verdict::TrialVerdict,
};

/// `/rotation`: replaces credentials, and lets the server check each replaced one.
#[component]
pub(crate) fn Rotation() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let regions = modes.into_iter().enumerate().map(move |(position, info)| {
        let is_of_query = query.get("mode").is_some_and(|mode| mode == info.id.0);
        let (first, replay) = if is_of_query { (trial(&query), replay(&query)) } else { (None, None) };
        view! {
            <ModeRegion position info=info.clone()>
                <Body info first replay />
            </ModeRegion>
        }
    });
    view! {
        <Page
            title="Rotation"
            lead="Rotating replaces a credential with a new one. In some modes the old one still works. After each rotation the server \
            tries the old one: it opens /me, and it rotates again. The second rotation is undone."
        >
            <div class="region-grid">{regions.collect_view()}</div>
        </Page>
    }
}

#[component]
fn Body(info: ModeInfo, first: Option<Trial>, replay: Option<ReplayResult>) -> impl IntoView {
    let status = SignInStatus::of(&info.id);
    let state = expect_context::<SignIns>().state(&info.id);
    // Any site can link to a page with any query: an end is shown only if the sign-in has ended.
    let has_ended = state.with_untracked(|state| state.end_reason().is_some());
    let replayed = RwSignal::new(replay.filter(|replay| replay.ended() == has_ended));
    // The report of a replay gives the reason of the end already.
    let is_reported = move || replayed.with(|replayed| replayed.as_ref().is_some_and(ReplayResult::ended));
    let reason = move || {
        let reason = state.with(|state| state.end_reason().unwrap_or("There is nothing to rotate.").to_owned());
        (!is_reported()).then(|| format!(" {reason}"))
    };
    let log_in = format!("/login?mode={}&next=/rotation", info.id);
    let body = move || match status.get() {
        SignInStatus::Unknown => view! { <BearerPlaceholder /> }.into_any(),
        SignInStatus::SignedOut => view! {
            <p class="text-muted text-pretty">
                "Signed out." {reason}
            </p>
            <p>
                <a class="button quiet" href=log_in.clone()>{format!("Log in ({})", info.name)}</a>
            </p>
        }
        .into_any(),
        SignInStatus::SignedIn => view! { <RotationChain info=info.clone() first=first.clone() replayed /> }.into_any(),
    };
    view! {
        <ReplayReport replayed />
        {body}
    }
}

/// The result of a form without JavaScript, from the query.
fn trial(query: &ParamsMap) -> Option<Trial> {
    Some(Trial {
        from: query.get("from")?.parse().ok()?,
        to: query.get("to")?.parse().ok()?,
        rotated_at: None,
        sign_in: TrialVerdict::parse(&query.get("sign_in")?)?,
        rotate: TrialVerdict::parse(&query.get("rotate")?)?,
    })
}

/// The same for a replay.
fn replay(query: &ParamsMap) -> Option<ReplayResult> {
    Some(ReplayResult {
        generation: query.get("replayed")?.parse().ok()?,
        outcome: TrialVerdict::parse(&query.get("outcome")?)?,
        afterwards: None,
    })
}
