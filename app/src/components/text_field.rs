use leptos::{html::Input, prelude::*};

use super::{
    Field,
    field::{described_by, focused_first, invalid},
};

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
