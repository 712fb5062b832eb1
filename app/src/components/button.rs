use leptos::prelude::*;

use super::{ErrorNote, Task};

/// A button that posts to the API: as an HTML form, or with the typed client after hydration.
#[component]
pub(crate) fn ApiButton(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    /// Distinguishes buttons with the same label, for screen readers.
    #[prop(optional_no_strip, into)]
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

/// The submit button of a form.
///
/// During its request it is `aria-disabled` and not `disabled`: a disabled button loses the keyboard focus, and
/// [`super::Task`] ignores a second press anyway.
#[component]
pub(crate) fn SubmitButton(
    #[prop(into)] label: String,
    /// Distinguishes buttons with the same label, for screen readers.
    #[prop(optional_no_strip)]
    about: Option<String>,
    busy: Signal<bool>,
    /// A secondary action.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let flag = move || busy.get().then_some("true");
    view! {
        <button type="submit" class=if quiet { "button quiet" } else { "button" } aria-busy=flag aria-disabled=flag>
            {label}
            {about.map(|about| view! { <span class="sr-only">" "{about}</span> })}
        </button>
    }
}
