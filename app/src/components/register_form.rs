use leptos::{html::Input, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{api, error::AppError};

use super::{ErrorNote, Hydrated, PasswordField, SubmitButton, Task, TextField, query_value};

/// As the server has it; here only to count towards it.
const SHORTEST_PASSWORD: usize = 15;

/// Creates an account. It never says whether the name was free: that would tell a stranger who has an account here.
#[component]
pub(crate) fn RegisterForm(
    username: String,
    /// What a form without JavaScript came back with.
    error: Option<AppError>,
) -> impl IntoView {
    let navigate = use_navigate();
    let task = Task::new(error);
    let typed = RwSignal::new(0);
    let (name, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return };
        let (name, password) = (name.value(), password.value());
        let then = format!("/login?registered=1&username={}", query_value(&name));
        let navigate = navigate.clone();
        let work = async move { api::register(&name, &password).await };
        task.run(work, move |_| navigate(&then, NavigateOptions::default()));
    };
    view! {
        <form
            class="panel stack"
            aria-label="Create an account"
            method="post"
            action="/api/register"
            novalidate
            on:submit=submit
        >
            <ErrorNote error=task.error() />
            <TextField
                name="username"
                label="Username"
                autocomplete="username"
                node=name
                value=username
                hint=|| "Letters, digits and . _ - @ +, up to 64 of them."
                problems=task.problems("username")
            />
            <PasswordField
                autocomplete="new-password"
                node=password
                typed
                hint=move || view! { <PasswordHint typed /> }
                problems=task.problems("password")
            />
            <SubmitButton label="Create account" busy=task.busy() />
        </form>
    }
}

#[component]
fn PasswordHint(typed: RwSignal<usize>) -> impl IntoView {
    let hydrated = expect_context::<Hydrated>();
    view! {
        {format!("At least {SHORTEST_PASSWORD} characters; a few unrelated words do well. Spaces and every script are welcome. ")}
        <Show when=move || hydrated.get()>
            <span class="whitespace-nowrap tabular-nums">
                {move || format!("{} of {SHORTEST_PASSWORD}.", typed.get())}
            </span>
        </Show>
    }
}
