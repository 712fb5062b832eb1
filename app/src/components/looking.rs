use leptos::prelude::*;

use super::NoScript;

/// What stands in a bearer mode's place until a script has looked; and why nothing will come where none runs.
#[component]
pub(crate) fn Looking(
    /// Why, in one text; by default the short one.
    #[prop(default = "This mode needs JavaScript: only a script can hold its token and show it.")]
    why_script: &'static str,
) -> impl IntoView {
    view! {
        <p class="scripted text-muted">"Looking for a credential in this tab…"</p>
        <NoScript text=why_script />
    }
}
