use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    client::SignIns,
    components::{BearerPlaceholder, ModeRegion, Page, SignInStatus},
    types::ModeInfo,
};

use super::{
    rotation_chain::{RotationChain, Trial},
    trial_verdict::TrialVerdict,
};

/// `/rotation`: replaces credentials, and lets the server try each replaced one.
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
            tries the old one again in two real requests: once to open /me, once to rotate."
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
