use leptos::prelude::*;

use super::document::document;

/// The document for a user without permission. The page guard returns it instead of the page.
#[must_use]
pub fn forbidden(options: &LeptosOptions) -> String {
    document(options, "Not allowed", None, || {
        view! {
            <p class="mt-4 text-lg text-muted text-pretty">
                "This page is for administrators. Your account does not have the role admin."
            </p>
            <p class="mt-8">
                <a class="button" href="/">"Home page"</a>
            </p>
        }
        .into_any()
    })
}
