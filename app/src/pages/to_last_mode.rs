use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{components::Page, sign_ins::SignIns};

/// `/me`, `/account` and `/admin` name no mode: they lead to the one used last. A document is redirected by the server before
/// it gets here; this is for a link followed inside the app, where asking the server would reload the page and lose a token in
/// memory.
#[component]
pub(crate) fn ToLastMode(path: &'static str, title: &'static str) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let navigate = use_navigate();
    Effect::new(move || {
        let target = match sign_ins.last_mode() {
            Some(mode) => format!("{path}/{mode}"),
            None => format!("/login?next={path}"),
        };
        navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    view! {
        <Page title>
            <p class="mt-8 text-muted">"Looking for the mode that you used last…"</p>
        </Page>
    }
}
