use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Hydrated, Page},
    server_fns,
};

/// The reason is in the server's log.
const FAILED: &str = r#"<p class="mt-8 text-muted">The server could not load the description of its API.</p>"#;
const LOADING: &str = r#"<p class="mt-8 text-muted">Loading the description…</p>"#;

/// The JSON API, rendered from the OpenAPI document.
///
/// The content is HTML without behaviour: the server renders it, and the browser has no code for it. Hydration leaves
/// the HTML of a page load as it is. After a navigation inside the app, the browser requests the same HTML.
#[component]
pub(crate) fn ApiDocs() -> impl IntoView {
    let html = RwSignal::new(String::new());
    #[cfg(feature = "ssr")]
    html.set(crate::ssr::api_docs().unwrap_or_else(|_| FAILED.to_owned()));
    if expect_context::<Hydrated>().get_untracked() {
        html.set(LOADING.to_owned());
        spawn_local(async move {
            let answer = server_fns::api_docs().await.unwrap_or_else(|_| FAILED.to_owned());
            // The user may have left the page.
            _ = html.try_set(answer);
        });
    }
    view! {
        <Page
            title="The API"
            lead="Every call of this server's JSON API, generated from the server's code. The same description is available as \
            OpenAPI 3.1."
        >
            <p class="mt-6">
                <a class="link" href="/api/openapi.json" rel="external">"/api/openapi.json"</a>
            </p>
            <div inner_html=move || html.get()></div>
        </Page>
    }
}
