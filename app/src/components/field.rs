use leptos::{html::Input, prelude::*};

/// The frame of every text field: label, control, hint and error.
///
/// The control refers to `{name}-hint {name}-problem` in `aria-describedby`. Both elements always exist, so the
/// reference is always valid.
#[component]
pub(crate) fn Field(
    name: &'static str,
    label: &'static str,
    /// The rule for the input. Hidden while there is an error, because the error repeats the rule.
    #[prop(optional)]
    hint: &'static str,
    problems: Signal<Vec<String>>,
    children: Children,
) -> impl IntoView {
    let shown_hint = move || (!hint.is_empty() && problems.with(Vec::is_empty)).then_some(hint);
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {children()}
            <p id=format!("{name}-hint") class="hint">{shown_hint}</p>
            <p id=format!("{name}-problem") class="problem">{move || problems.get().join(" ")}</p>
        </div>
    }
}

/// The value of `aria-describedby` that goes with [`Field`].
pub(crate) fn described_by(name: &str) -> String {
    format!("{name}-hint {name}-problem")
}

/// Whether the browser focuses the field after it loads the page: the fields with an error, of which the first wins.
pub(crate) fn focused_first(problems: Signal<Vec<String>>) -> bool {
    problems.with_untracked(|problems| !problems.is_empty())
}

/// The value of `aria-invalid` that goes with [`Field`].
pub(crate) fn invalid(problems: Signal<Vec<String>>) -> impl Fn() -> Option<&'static str> + Copy {
    move || problems.with(|problems| (!problems.is_empty()).then_some("true"))
}

/// A text field. Its text is read from the element on submission, so text that was typed before hydration is not lost.
#[component]
pub(crate) fn TextField(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    node: NodeRef<Input>,
    #[prop(optional)] value: String,
    #[prop(optional)] hint: &'static str,
    problems: Signal<Vec<String>>,
) -> impl IntoView {
    view! {
        <Field name label hint problems>
            <input
                type="text"
                class="input"
                id=name
                name=name
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                autofocus=focused_first(problems)
                aria-describedby=described_by(name)
                aria-invalid=invalid(problems)
                node_ref=node
            />
        </Field>
    }
}
