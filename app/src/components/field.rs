use leptos::prelude::*;

/// A label, its control, a hint, and what is wrong with the input: the frame of every text field.
///
/// The control names `{name}-hint {name}-problem` in `aria-describedby`; both are always there, so the tie never breaks.
#[component]
pub(crate) fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] hint: ViewFnOnce,
    problems: Signal<Vec<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {children()}
            <p id=format!("{name}-hint") class="hint">{hint.run()}</p>
            <p id=format!("{name}-problem") class="problem">{move || problems.get().join(" ")}</p>
        </div>
    }
}

/// The value of `aria-describedby` that goes with [`Field`].
pub(crate) fn described_by(name: &str) -> String {
    format!("{name}-hint {name}-problem")
}

/// The value of `aria-invalid` that goes with [`Field`].
pub(crate) fn invalid(problems: Signal<Vec<String>>) -> impl Fn() -> Option<&'static str> + Copy {
    move || problems.with(|problems| (!problems.is_empty()).then_some("true"))
}
