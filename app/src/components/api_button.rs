use leptos::prelude::*;

use super::{ErrorNote, SubmitButton, Task};

/// A button that posts to the API: by the browser itself, or by the typed client once scripts have taken over.
#[component]
pub(crate) fn ApiButton(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    /// What it is about, where several look the same.
    #[prop(optional, into)]
    about: Option<String>,
    #[prop(optional)] quiet: bool,
    /// What the native form sends.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    task: Task,
    run: Callback<()>,
) -> impl IntoView {
    let fields =
        fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        run.run(());
    };
    view! {
        <form method="post" action=action on:submit=submit>
            {fields}
            <SubmitButton label about busy=task.busy() quiet />
            <ErrorNote error=task.error() />
        </form>
    }
}
