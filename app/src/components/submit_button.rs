use leptos::prelude::*;

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
