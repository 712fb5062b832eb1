use leptos::prelude::*;

use crate::components::Page;

/// Also sets the status 404, for crawlers and monitors.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::not_found();
    view! {
        <Page title="Page not found" lead="This address does not exist, or it names a mode that does not exist.">
            <p class="mt-8">
                <a class="button" href="/">"Home page"</a>
            </p>
        </Page>
    }
}
