use leptos::{html::Input, prelude::*};

use crate::{
    client::SignIns,
    components::{
        Announcement, ErrorNote, Hydrated, NoScript, PasswordField, SignInStatus, SignInSummary, SubmitButton, Task,
        TextField,
    },
    paths::query_value,
    types::Transport,
};

/// One form that logs in to every mode, one after the other.
#[component]
pub(crate) fn LoginAll(
    /// The name of a new account.
    username: String,
) -> impl IntoView {
    let summary = SignInSummary::of_this_browser();
    let complete = Memo::new(move |_| summary.with(|summary| !summary.has_signed_out() && !summary.is_empty()));
    view! {
        <section class="strip" aria-labelledby="login-all">
            <Show
                when=move || complete.get()
                fallback=move || {
                    view! {
                        <div class="max-w-md">
                            <h2 id="login-all" class="text-xl font-semibold tracking-tight">"Log in to all modes"</h2>
                            <p class="mt-2 text-muted text-pretty">
                                "The same username and password for every mode. Only the credential that your browser receives differs."
                            </p>
                        </div>
                        <NoScript text="This form needs JavaScript, because an HTML form can post to one address only. The modes that \
                        use a cookie work without JavaScript, one after the other." />
                        <CookieLogins username=username.clone() />
                        <AllForm username=username.clone() />
                    }
                }
            >
                <h2 id="login-all" class="sr-only">"Log in to all modes"</h2>
                <p>"You are signed in with every mode. Now follow the steps of the guide."</p>
            </Show>
        </section>
    }
}

/// The logins of the cookie modes, shown without scripts only.
#[component]
fn CookieLogins(username: String) -> impl IntoView {
    let modes = expect_context::<SignIns>().modes().into_iter().filter(|info| info.transport == Transport::Cookie);
    let signed_out = modes.filter(|info| SignInStatus::of(&info.id).get_untracked() == SignInStatus::SignedOut);
    let links: Vec<_> = signed_out
        .map(|info| {
            let href = format!("/login?mode={}&next=/&username={}", info.id, query_value(&username));
            view! { <a class="button" href=href>{format!("Log in ({})", info.name)}</a> }
        })
        .collect();
    let none_left =
        links.is_empty().then(|| view! { <p>"You are signed in with every mode that works without JavaScript."</p> });
    view! {
        <div class="unscripted">
            {none_left}
            <p class="actions">{links}</p>
        </div>
    }
}

#[component]
fn AllForm(username: String) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let announcement = expect_context::<Announcement>();
    let hydrated = expect_context::<Hydrated>();
    let task = Task::new(None);
    let (name, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return };
        let (username, password) = (name.value(), password.value());
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
            <ErrorNote error=task.error() />
            <fieldset class="login-all-fields" disabled=move || !hydrated.get()>
                <TextField
                    name="username"
                    label="Username"
                    autocomplete="username"
                    node=name
                    value=username
                    problems=problems("username")
                />
                <PasswordField autocomplete="current-password" node=password problems=problems("password") />
                <SubmitButton label="Log in to all" busy=task.busy() />
            </fieldset>
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
