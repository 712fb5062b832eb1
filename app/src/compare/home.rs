use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{client::SignIns, components::Page, error::ErrorCode};

use super::{
    guide::Guide,
    login_all::{LoginAll, count_word},
    mode_card::ModeCard,
    tutorial_table::TutorialTable,
};

/// `/`: all modes side by side, with this browser's sign-ins.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let failed = use_query_map().read_untracked().get("error").and_then(|code| ErrorCode::parse(&code));
    let cards = modes.clone().into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title="One door, four keys"
            lead=format!(
                "Sign in once, {} ways, and see how the server recognises you on the next request.",
                count_word(modes.len()),
            )
            message=failed.map(|code| code.message().to_owned())
        >
            <LoginAll />
            <div class="mode-grid">{cards.collect_view()}</div>
            <Guide />
            <TutorialTable modes />
        </Page>
    }
}
