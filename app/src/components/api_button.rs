use leptos::prelude::*;

use super::{ErrorNote, SubmitButton, Task};

/// A button that posts to the API: as an HTML form, or with the typed client after hydration.
#[component]
pub(crate) fn ApiButton(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    /// Distinguishes buttons with the same label, for screen readers.
    #[prop(optional, into)]
    about: Option<String>,
    #[prop(optional)] quiet: bool,
    /// The hidden fields of the HTML form.
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
