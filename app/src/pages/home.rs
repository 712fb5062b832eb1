use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Guide, LoginAll, ModeCard, Page, TutorialTable},
    error::ErrorCode,
    sign_ins::SignIns,
};

/// The modes side by side, live.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let modes = expect_context::<SignIns>().modes();
    let failed = use_query_map().read_untracked().get("error").and_then(|code| ErrorCode::parse(&code));
    let cards = modes.clone().into_iter().enumerate().map(|(position, info)| view! { <ModeCard position info /> });
    view! {
        <Page
            title="One door, four keys"
            lead="One account, several ways to be recognised on the next request, in one browser at once. Log in by each, \
            and see what the browser holds, what the server holds, and what ends it."
            said=failed.map(|code| code.message().to_owned())
        >
            <LoginAll />
            <div class="mode-grid">{cards.collect_view()}</div>
            <Guide />
            <TutorialTable modes />
        </Page>
    }
}
