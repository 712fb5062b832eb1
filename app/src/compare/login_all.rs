use leptos::{html::Input, prelude::*};

use crate::{
    client::SignIns,
    components::{
        Announcement, ErrorNote, Hydrated, NoScript, PasswordField, SignInStatus, SignInSummary, SubmitButton, Task,
        TextField, log_in_with,
    },
    locale::tr,
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
                            <h2 id="login-all" class="text-xl font-semibold tracking-tight">{log_in_to_all()}</h2>
                            <p class="mt-2 text-muted text-pretty">
                                {tr(
                                    "The same username and password for every mode. Only the credential that your browser receives differs.",
                                    "모든 방식에 같은 사용자 이름과 비밀번호를 씁니다. 브라우저가 받는 인증 정보만 다릅니다.",
                                )}
                            </p>
                        </div>
                        <NoScript text=tr(
                            "This form needs JavaScript, because an HTML form can post to one address only. The modes that use a \
                            cookie work without JavaScript, one after the other.",
                            "HTML 폼은 한 주소로만 보낼 수 있으므로 이 폼에는 JavaScript가 필요합니다. 쿠키를 사용하는 방식은 JavaScript 없이도 \
                            하나씩 로그인할 수 있습니다.",
                        ) />
                        <CookieLogins username=username.clone() />
                        <AllForm username=username.clone() />
                    }
                }
            >
                <h2 id="login-all" class="sr-only">{log_in_to_all()}</h2>
                <p>
                    {tr(
                        "You are signed in with every mode. Now follow the steps of the guide.",
                        "모든 방식으로 로그인되어 있습니다. 이제 안내의 단계를 따라 하십시오.",
                    )}
                </p>
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
            view! { <a class="button" href=href>{log_in_with(&info.name)}</a> }
        })
        .collect();
    let none_left = links.is_empty().then(|| {
        let text = tr(
            "You are signed in with every mode that works without JavaScript.",
            "JavaScript 없이 쓸 수 있는 모든 방식으로 로그인되어 있습니다.",
        );
        view! { <p>{text}</p> }
    });
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
        task.run(work, move |username| {
            announcement.show(tr(
                format!("Signed in with every mode as {username}."),
                format!("모든 방식에 {username} 사용자로 로그인했습니다."),
            ));
        });
    };
    let problems = |field: &'static str| task.problems(field);
    view! {
        <form class="scripted grow" aria-labelledby="login-all" novalidate on:submit=submit>
            <ErrorNote error=task.error() />
            <fieldset class="login-all-fields" disabled=move || !hydrated.get()>
                <TextField
                    name="username"
                    label=tr("Username", "사용자 이름")
                    autocomplete="username"
                    node=name
                    value=username
                    problems=problems("username")
                />
                <PasswordField autocomplete="current-password" node=password problems=problems("password") />
                <SubmitButton label=tr("Log in to all", "모두 로그인") busy=task.busy() />
            </fieldset>
        </form>
    }
}

/// The heading of the form, and the title of a step of the guide.
pub(super) fn log_in_to_all() -> &'static str {
    tr("Log in to all modes", "모든 방식으로 로그인")
}

/// A number in words. A fork may have fewer modes, or more.
pub(super) fn count_word(count: usize) -> String {
    match count {
        2 => tr("two", "두").to_owned(),
        3 => tr("three", "세").to_owned(),
        4 => tr("four", "네").to_owned(),
        5 => tr("five", "다섯").to_owned(),
        _ => count.to_string(),
    }
}
