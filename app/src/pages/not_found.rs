use leptos::prelude::*;

use crate::components::Page;

/// Says so with status 404: a crawler and a monitor read the status and not the text.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <Page title="Page not found" lead="There is no such page, or no such mode.">
            <p class="mt-8">
                <a class="button" href="/">"Compare the modes"</a>
            </p>
        </Page>
    }
}
