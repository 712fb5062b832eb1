use leptos::prelude::*;

/// A term and its value, in a description list.
#[component]
pub(super) fn Fact(term: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt class="term">{term}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
