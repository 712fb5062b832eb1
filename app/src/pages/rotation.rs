use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    components::{Looking, ModeRegion, Outcome, Page, Presence, RotationChain, Trial},
    sign_ins::SignIns,
    types::ModeInfo,
};

/// Replaces credentials, and presents each predecessor again.
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
            lead="Rotating replaces a credential by its successor. Whether that ends the old one is another question, so the \
            server presents the old one again, for real: once to open /me, once to rotate."
        >
            <div class="region-grid">{regions.collect_view()}</div>
        </Page>
    }
}

#[component]
fn Body(info: ModeInfo, first: Option<Trial>) -> impl IntoView {
    let presence = Presence::of(&info.id);
    let log_in = format!("/login?mode={}&next=/rotation", info.id);
    move || match presence.get() {
        Presence::Unknown => view! { <Looking /> }.into_any(),
        Presence::SignedOut => view! {
            <p class="text-muted">"Signed out: nothing to rotate."</p>
            <p>
                <a class="button quiet" href=log_in.clone()>{format!("Log in with {}", info.name)}</a>
            </p>
        }
        .into_any(),
        Presence::SignedIn => view! { <RotationChain info=info.clone() first=first.clone() /> }.into_any(),
    }
}

/// The result that a form without JavaScript came back with.
fn trial(query: &ParamsMap) -> Option<Trial> {
    Some(Trial {
        from: query.get("from")?.parse().ok()?,
        to: query.get("to")?.parse().ok()?,
        sign_in: Outcome::parse(&query.get("sign_in")?)?,
        rotate: Outcome::parse(&query.get("rotate")?)?,
    })
}
