mod mode_choice; // part: comparison

use leptos::{html::Input, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    Offers,
    client::SignIns,
    components::{ErrorNote, Hydrated, NoScript, Page, PasswordField, SubmitButton, Task, TextField},
    error::{AppError, ErrorCode},
    locale::tr,
    paths::LocalPath,
    types::{ModeId, Transport},
};

use mode_choice::{CookieModes, ModeChoice}; // part: comparison

/// `/login`: the form.
#[component]
pub(crate) fn Login() -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let query = use_query_map().get_untracked();
    let asked = query.get("mode").map(ModeId).and_then(|mode| sign_ins.info(&mode));
    let first = asked.or_else(|| sign_ins.modes().into_iter().next()).map(|info| info.id);
    let username = query.get("username").unwrap_or_default();
    let next = query.get("next").and_then(|next| LocalPath::parse(&next)).map(LocalPath::into_string);
    let error =
        AppError::of_form(query.get_str("error"), query.get_str("field")).map(|error| explained(error, first.as_ref()));
    let chosen = first.map(RwSignal::new);
    view! {
        <Page
            title=tr("Log in", "로그인")
            // part: comparison, begin
            lead=tr(
                "The server checks your password once, in the same way for every mode. The mode decides what your browser keeps to \
                prove who you are.",
                "서버는 모든 방식에서 비밀번호를 한 번, 같은 방법으로 확인합니다. 브라우저가 무엇을 보관하여 사용자가 누구인지 증명할지는 방식이 \
                정합니다.",
            )
            // part: comparison, end
            // one mode: lead=tr(
            // one mode:     "The server checks your password. Then your browser holds a credential.",
            // one mode:     "서버가 비밀번호를 확인합니다. 그다음에는 브라우저가 인증 정보를 보관합니다.",
            // one mode: )
        >
            <div class="mt-8 grid grid-cols-1 gap-x-12 gap-y-10 lg:grid-cols-2">
                <div class="max-w-xl">
                    {chosen.map(|chosen| view! { <LoginForm chosen username next error /> })}
                    <p class="hint mt-6">
                        {Offers::current()
                            .demo_users
                            .then(|| {
                                tr(
                                    "The server printed the demo users and their passwords in its terminal when it started. ",
                                    "서버가 시작할 때 데모 사용자와 비밀번호를 터미널에 출력했습니다. ",
                                )
                            })}
                        {tr("No account yet? ", "아직 계정이 없습니까? ")}
                        <a class="link" href="/register">{tr("Create one", "계정 만들기")}</a>
                        "."
                    </p>
                </div>
                <div class="max-w-xl lg:pt-8">{chosen.map(|chosen| view! { <Kept chosen /> })}</div>
            </div>
        </Page>
    }
}

/// The error with the reason why the sign-in ended. The page guard leads a request with a dead cookie here.
fn explained(error: AppError, mode: Option<&ModeId>) -> AppError {
    let state = mode.map(|mode| expect_context::<SignIns>().state(mode));
    match state.and_then(|state| state.with_untracked(|state| state.end_reason().map(str::to_owned))) {
        Some(reason) if error.code == ErrorCode::TokenNotValid => AppError { detail: reason, ..error },
        _ => error,
    }
}

/// Logs in with one mode. For a cookie mode it is an HTML form; a bearer mode needs the script.
#[component]
fn LoginForm(
    chosen: RwSignal<ModeId>,
    username: String,
    /// The path to open after the login; by default `/me/{mode}`.
    next: Option<String>,
    /// The result of a form without JavaScript.
    error: Option<AppError>,
) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    let hydrated = expect_context::<Hydrated>();
    let navigate = use_navigate();
    let task = Task::new(error);
    let bearer =
        Memo::new(move |_| sign_ins.info(&chosen.read()).is_some_and(|info| info.transport == Transport::Bearer));
    let (name, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let hidden = next.clone().map(|next| view! { <input type="hidden" name="next" value=next /> });
    let choice = view! { <ModeChoice chosen next=next.clone() /> }; // part: comparison
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return };
        let (mode, name, password) = (chosen.get_untracked(), name.value(), password.value());
        let next = next.clone().unwrap_or_else(|| format!("/me/{mode}"));
        let navigate = navigate.clone();
        let work = async move { sign_ins.login(&mode, &name, &password).await };
        task.run(work, move |_| navigate(&next, NavigateOptions::default()));
    };
    view! {
        <form
            class="panel"
            aria-label=tr("Log in", "로그인")
            method="post"
            action=move || format!("/api/{}/login", chosen.read())
            novalidate
            data-needs-app=move || bearer.get()
            on:submit=submit
        >
            <ErrorNote error=task.error() />
            {choice} // part: comparison
            {move || bearer.get().then(|| view! {
                <NoScript text=why_script() />
                <CookieModes /> // part: comparison
            })}
            <Replaces chosen />
            <fieldset
                class="stack"
                class:scripted=move || bearer.get()
                disabled=move || bearer.get() && !hydrated.get()
            >
                {hidden}
                <TextField
                    name="username"
                    label=tr("Username", "사용자 이름")
                    autocomplete="username"
                    node=name
                    value=username
                    problems=task.problems("username")
                />
                <PasswordField autocomplete="current-password" node=password problems=task.problems("password") />
                <SubmitButton label=tr("Log in", "로그인") busy=task.busy() />
            </fieldset>
        </form>
    }
}

fn why_script() -> &'static str {
    tr(
        "This mode needs JavaScript. Its token is sent in the Authorization header, and only a script can add that header: links \
        and forms send only cookies.",
        "이 방식에는 JavaScript가 필요합니다. 토큰은 Authorization 헤더로 보내는데, 이 헤더는 스크립트만 붙일 수 있습니다. 링크와 폼은 쿠키만 \
        보냅니다.",
    )
}

/// What browser and server keep.
#[component]
fn Kept(chosen: RwSignal<ModeId>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    move || {
        sign_ins.info(&chosen.read()).map(|info| {
            let facts = [
                (tr("The browser will hold", "브라우저가 보관할 것"), info.client_holds),
                (tr("The server will hold", "서버가 보관할 것"), info.server_holds),
                (tr("Ended by", "종료 조건"), info.ended_by),
            ];
            let facts = facts.map(|(term, text)| {
                view! {
                    <div>
                        <dt class="term">{term}</dt>
                        <dd class="mt-1 text-pretty">{text}</dd>
                    </div>
                }
            });
            view! {
                <h2 class="text-xl font-semibold tracking-tight">{info.name}</h2>
                <dl class="mt-5 flex flex-col gap-5">{facts}</dl>
            }
        })
    }
}

/// Says that the login replaces the existing sign-in.
#[component]
fn Replaces(chosen: RwSignal<ModeId>) -> impl IntoView {
    let sign_ins = expect_context::<SignIns>();
    move || {
        let username = sign_ins.state(&chosen.read()).with(|state| state.me().map(|me| me.username.clone()))?;
        Some(view! {
            <p class="hint wrap-anywhere">
                {tr(
                    format!("You are signed in with this mode as {username}. A new login replaces that sign-in."),
                    format!("이 방식에는 이미 {username} 사용자로 로그인되어 있습니다. 새로 로그인하면 그 로그인을 대체합니다."),
                )}
            </p>
        })
    }
}
