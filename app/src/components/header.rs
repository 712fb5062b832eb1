use leptos::prelude::*;
use leptos_router::components::A;

use super::{KeyIcon, LocaleSwitch, sign_in_summary::SignInSummary};
use crate::locale::tr;

/// The links that do not depend on the sign-ins: path and text.
pub(crate) fn links() -> Vec<(&'static str, &'static str)> {
    vec![
        ("/", tr("Home", "홈")),
        ("/me", tr("Me", "내 정보")),
        ("/account", tr("Account", "계정")),
        ("/rotation", tr("Rotation", "회전")), // part: comparison
        ("/api-docs", tr("API", "API")),
    ]
}

/// The top of every page. The other links depend on what is known about the sign-ins: no link to a login if every mode
/// is signed in, and none to the log-out page if none is. A page that does not know the modes has neither.
#[component]
pub(super) fn Header() -> impl IntoView {
    let summary = SignInSummary::of_this_browser();
    let no_login = move || summary.with(|summary| !summary.has_signed_out());
    let none_signed_in = move || summary.with(SignInSummary::is_empty);
    // Without scripts, an unknown sign-in stays unknown, and the log-out page could not end it.
    let is_uncertain = move || summary.with(|summary| summary.signed_in == 0);
    view! {
        <a href="#content" rel="external" class="skip-link">{tr("Skip to content", "본문으로 건너뛰기")}</a>
        <header class="border-b border-line">
            <div class="header-row">
                <A href="/" exact=true attr:class="brand">
                    <KeyIcon position=0 />
                    "Latchkey"
                </A>
                <LocaleSwitch />
                <SignedInAs summary />
                <nav aria-label=tr("Main", "주 메뉴") class="main-nav">
                    {links().into_iter().map(|(path, text)| view! { <A href=path exact=path == "/">{text}</A> }).collect_view()}
                    <A href="/login" attr:hidden=no_login>{tr("Log in", "로그인")}</A>
                    <A href="/register" attr:hidden=no_login>{tr("Register", "가입")}</A>
                    <A href="/logout" attr:hidden=none_signed_in attr:data-uncertain=move || is_uncertain().to_string()>
                        {tr("Log out", "로그아웃")}
                    </A>
                </nav>
            </div>
        </header>
    }
}

/// Who is signed in. Its place stays reserved while nothing is known, so that nothing moves when the answer arrives.
#[component]
fn SignedInAs(summary: Memo<SignInSummary>) -> impl IntoView {
    let who = move || summary.with(SignInSummary::who);
    // part: comparison, begin
    let count = move || summary.with(|summary| format!(" · {}", counted(summary.signed_in, summary.modes)));
    // part: comparison, end
    let names = move || summary.with(|summary| summary.names.join(", "));
    view! {
        <a href="/me" class="who" class:invisible=move || summary.with(|summary| summary.signed_in == 0) title=names>
            <span class="sr-only">{tr("Signed in: ", "로그인한 사용자: ")}</span>
            <span class="truncate">{who}</span>
            <span class="count">{count}</span> // part: comparison
            <span class="count modes">{tr(" modes", " 방식")}</span> // part: comparison
        </a>
    }
}

// part: comparison, begin
/// How many modes have a sign-in.
fn counted(signed_in: usize, modes: usize) -> String {
    tr(format!("{signed_in} of {modes}"), format!("{signed_in}/{modes}"))
}
// part: comparison, end
