use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{components::Page, sign_ins::SignIns};

/// An address that names no mode, as `/me`, leads to that of the mode used last. A document is redirected by the server before it
/// gets here; this is for a link followed inside the app, where asking the server would reload the page and lose a token in memory.
#[component]
pub(crate) fn ToLastMode() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let navigate = use_navigate();
    let page = use_location().pathname.get_untracked();
    Effect::new(move || {
        let target = match sign_ins.last_mode() {
            Some(mode) => format!("{page}/{mode}"),
            None => format!("/login?next={page}"),
        };
        navigate(&target, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    view! {
        <Page title="One moment">
            <p class="mt-8 text-muted">"Looking for the mode that you used last…"</p>
        </Page>
    }
}
