use leptos::prelude::*;

/// The button of a form.
///
/// While its request is under way it is `aria-disabled` and not `disabled`: a disabled button drops the keyboard's focus,
/// and [`super::Task`] ignores a second press anyway.
#[component]
pub(crate) fn SubmitButton(
    #[prop(into)] label: String,
    busy: Signal<bool>,
    /// Not the main thing to do here.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let flag = move || busy.get().then_some("true");
    view! {
        <button type="submit" class=if quiet { "button quiet" } else { "button" } aria-busy=flag aria-disabled=flag>
            {label}
        </button>
    }
}
