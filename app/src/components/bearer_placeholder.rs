use leptos::prelude::*;

use super::NoScript;

/// The placeholder for a bearer mode until a script has asked the server, or the reason why it needs JavaScript.
#[component]
pub(crate) fn BearerPlaceholder(
    /// The text without JavaScript.
    #[prop(default = "This mode needs JavaScript: only a script can store its token and send it.")]
    why_script: &'static str,
) -> impl IntoView {
    view! {
        <p class="scripted text-muted">"Checking whether you are signed in…"</p>
        <NoScript text=why_script />
    }
}
