use leptos::{html::Input, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    client::api,
    components::{ErrorNote, NEW_PASSWORD, PasswordField, SubmitButton, Task, TextField},
    error::AppError,
    paths::query_value,
};

/// Creates an account. It never says whether the name was free: that would reveal which accounts exist.
#[component]
pub(crate) fn RegisterForm(
    username: String,
    /// The result of a form without JavaScript.
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
                hint="Letters, digits and . _ - @ +, at most 64 characters."
                problems=task.problems("username")
            />
            <PasswordField
                autocomplete="new-password"
                node=password
                typed
                hint=NEW_PASSWORD
                problems=task.problems("password")
            />
            <SubmitButton label="Create account" busy=task.busy() />
        </form>
    }
}
