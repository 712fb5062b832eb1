use leptos::prelude::*;

/// A text of the API document. Text between backticks is shown as code.
pub(crate) fn inline_code(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(position, part)| {
            let part = part.to_owned();
            if position % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}
