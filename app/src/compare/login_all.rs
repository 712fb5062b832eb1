use leptos::{html::Input, prelude::*};

use crate::{
    client::{SignIn, SignIns},
    components::{Announcement, ErrorNote, Hydrated, NoScript, PasswordField, SubmitButton, Task, TextField},
};

/// One form that logs in to every mode, one after the other.
#[component]
pub(crate) fn LoginAll() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let count = count_word(sign_ins.modes().len());
    let states: Vec<_> = sign_ins.modes().iter().map(|info| sign_ins.state(&info.id)).collect();
    let complete =
        Memo::new(move |_| states.iter().all(|state| state.with(|state| matches!(state, SignIn::SignedIn(_)))));
    view! {
        <section class="strip" aria-labelledby="login-all">
            <div class="max-w-md">
                <h2 id="login-all" class="text-xl font-semibold tracking-tight">{format!("Log in to all {count}")}</h2>
                <p class="mt-2 text-muted text-pretty">
                    "The same user name and password for every mode. Only the credential that your browser receives differs."
                </p>
            </div>
            <Show
                when=move || complete.get()
                fallback=|| {
                    view! {
                        <NoScript text="This form needs JavaScript, because an HTML form can post to one address only. Use the \
                        links below: the modes that use a cookie work without JavaScript." />
                        <AllForm />
                    }
                }
            >
                <p>"You are signed in with every mode. Now reload the page, and see which sign-ins survive."</p>
            </Show>
        </section>
    }
}

#[component]
fn AllForm() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let hydrated = expect_context::<Hydrated>();
    let task = Task::new(None);
    let (username, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(username), Some(password)) = (username.get(), password.get()) else { return };
        let (username, password) = (username.value(), password.value());
        let work = async move {
            for info in sign_ins.modes() {
                sign_ins.login(&info.id, &username, &password).await?;
            }
            Ok(username)
        };
        task.run(work, move |username| announcement.show(format!("Signed in with every mode as {username}.")));
    };
    let problems = |field: &'static str| task.problems(field);
    view! {
        <form class="scripted grow" aria-labelledby="login-all" novalidate on:submit=submit>
            <fieldset class="login-all-fields" disabled=move || !hydrated.get()>
                <TextField
                    name="username"
                    label="Username"
                    autocomplete="username"
                    node=username
                    problems=problems("username")
                />
                <PasswordField autocomplete="current-password" node=password problems=problems("password") />
                <SubmitButton label="Log in to all" busy=task.busy() />
            </fieldset>
            <ErrorNote error=task.error() />
        </form>
    }
}

/// A number in words. A fork may have fewer modes, or more.
pub(crate) fn count_word(count: usize) -> String {
    match count {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        5 => "five".to_owned(),
        _ => count.to_string(),
    }
}
