use leptos::prelude::*;

/// The button of a form.
///
/// While its request is under way it is `aria-disabled` and not `disabled`: a disabled button drops the keyboard's focus,
/// and [`super::Task`] ignores a second press anyway.
#[component]
pub(crate) fn SubmitButton(
    #[prop(into)] label: String,
    /// What it is about, for the ear: among equal buttons the eye sees it from the place.
    #[prop(optional_no_strip)]
    about: Option<String>,
    busy: Signal<bool>,
    /// Not the main thing to do here.
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
