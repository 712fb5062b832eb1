mod mode_card;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{Offers, client::SignIns, components::Page, error::ErrorCode};

use super::registered;
use mode_card::ModeCard;

/// `/`: this browser's sign-in, and what it consists of.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let query = use_query_map().get_untracked();
    let failed = query.get("error").and_then(|code| ErrorCode::parse(&code)).map(ErrorCode::message);
    let registered = registered(&query);
    let cards = modes.into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title="Welcome"
            lead="Create an account, log in, and see where you are signed in."
            message=failed.or(registered).map(str::to_owned)
        >
            <div class="mt-10 max-w-3xl">{cards.collect_view()}</div>
            {Offers::current()
                .demo_users
                .then(|| view! {
                    <p class="hint mt-6">
                        "The server printed the demo users and their passwords in its terminal when it started."
                    </p>
                })}
        </Page>
    }
}
