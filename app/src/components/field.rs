use leptos::prelude::*;

/// The frame of every text field: label, control, hint and error.
///
/// The control refers to `{name}-hint {name}-problem` in `aria-describedby`. Both elements always exist, so the
/// reference is always valid.
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
