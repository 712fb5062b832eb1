use leptos::prelude::*;

/// Says why something here needs JavaScript, to those who run none.
///
/// As `inner_html`, since a browser with scripts parses what stands in `<noscript>` as one text: hydration would look for
/// elements there and find none. The text is ours and never a user's.
#[component]
pub(crate) fn NoScript(text: &'static str) -> impl IntoView {
    view! { <noscript inner_html=format!("<p class=\"no-script\">{text}</p>")></noscript> }
}
