use leptos::{html::Input, prelude::*};

use super::{
    Field, Hydrated,
    field::{described_by, invalid},
};

/// A password field with a button that shows the password. Pasting and password managers are allowed, as NIST SP
/// 800-63B requires.
#[component]
pub(crate) fn PasswordField(
    #[prop(default = "password")] name: &'static str,
    #[prop(default = "Password")] label: &'static str,
    autocomplete: &'static str,
    node: NodeRef<Input>,
    /// Receives the number of typed characters, in a form for a new password.
    #[prop(optional)]
    typed: Option<RwSignal<usize>>,
    #[prop(optional, into)] hint: ViewFnOnce,
    problems: Signal<Vec<String>>,
) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    let shown = RwSignal::new(false);
    let count = move |event| {
        if let Some(typed) = typed {
            typed.set(event_target_value(&event).chars().count());
        }
    };
    view! {
        <Field name label hint problems>
            <div class="relative">
                <input
                    type=move || if shown.get() { "text" } else { "password" }
                    class="input pr-14"
                    id=name
                    name=name
                    autocomplete=autocomplete
                    required
                    aria-describedby=described_by(name)
                    aria-invalid=invalid(problems)
                    on:input=count
                    node_ref=node
                />
                <Show when=move || hydrated.get()>
                    <button
                        type="button"
                        class="reveal"
                        aria-label=format!("Show {}", label.to_lowercase())
                        aria-pressed=move || shown.get().to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        <svg
                            viewBox="0 0 24 24"
                            width="22"
                            height="22"
                            fill="none"
                            stroke="currentColor"
                            stroke-width="1.75"
                            stroke-linecap="round"
                            aria-hidden="true"
                        >
                            <path d="M2.5 12s3.5-6 9.5-6 9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z" />
                            <circle cx="12" cy="12" r="2.75" />
                            <Show when=move || shown.get()>
                                <path d="M4 20 20 4" />
                            </Show>
                        </svg>
                    </button>
                </Show>
            </div>
        </Field>
    }
}
