use leptos::prelude::*;

/// A text for browsers without JavaScript, which says why something needs it.
///
/// As `inner_html`, because a browser with scripts parses the content of `<noscript>` as one text node: hydration would
/// look for elements and fail. The text is a constant and never contains user input.
#[component]
pub(crate) fn NoScript(text: &'static str) -> impl IntoView {
    view! { <noscript inner_html=format!("<p class=\"no-script\">{text}</p>")></noscript> }
}
