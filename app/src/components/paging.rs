use leptos::prelude::*;

use crate::paths::query_value;

/// The way to the next page of a list, and back to the first. Links, so that each page has an address and needs no script.
#[component]
pub(crate) fn Paging(
    /// The address of the first page.
    path: String,
    /// What the two links say: to the first page, to the next.
    words: (&'static str, &'static str),
    /// This is the first page.
    first: bool,
    /// The parameter that names where a page begins.
    parameter: &'static str,
    /// Where the next one begins, if there may be one.
    next: Signal<Option<String>>,
) -> impl IntoView {
    let (to_first, to_next) = words;
    let start = path.clone();
    view! {
        <p class="actions mt-6">
            {(!first).then(|| view! { <a class="button quiet" href=start>{to_first}</a> })}
            {move || next.get().map(|cursor| {
                let href = format!("{path}?{parameter}={}", query_value(&cursor));
                view! { <a class="button quiet" href=href>{to_next}</a> }
            })}
        </p>
    }
}
