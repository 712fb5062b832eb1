use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{client::SignIns, components::Page};

/// An address without a mode, as `/me`, leads to the mode used last. For a page request the server redirects. This
/// component handles a link inside the app: a page request would reload the page, which would lose a token in memory.
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
            <p class="mt-8 text-muted">"Opening the page of the mode that you used last…"</p>
        </Page>
    }
}
