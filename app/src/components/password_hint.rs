use leptos::prelude::*;

use super::Hydrated;

/// As the server has it; here only to count towards it.
const SHORTEST_PASSWORD: usize = 15;

/// What makes a password, and how much of it is typed.
#[component]
pub(crate) fn PasswordHint(typed: RwSignal<usize>) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    view! {
        {format!("At least {SHORTEST_PASSWORD} characters; a few unrelated words do well. Spaces and every script are welcome. ")}
        <Show when=move || hydrated.get()>
            <span class="whitespace-nowrap tabular-nums">
                {move || format!("{} of {SHORTEST_PASSWORD}.", typed.get())}
            </span>
        </Show>
    }
}
