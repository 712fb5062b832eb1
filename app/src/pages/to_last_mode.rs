use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{components::Page, sign_ins::SignIns};

/// `/me` names no mode: it leads to the one used last. A document is redirected by the server before it gets here; this is
/// for a link followed inside the app, where asking the server would reload the page and lose a token in memory.
#[component]
pub(crate) fn MeIndex() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let navigate = use_navigate();
    Effect::new(move || {
        let target = match sign_ins.last_mode() {
            Some(mode) => format!("/me/{mode}"),
            None => "/login?next=/me".to_owned(),
        };
        navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    view! {
        <Page title="Me">
            <p class="mt-8 text-muted">"Looking for the mode that you used last…"</p>
        </Page>
    }
}
