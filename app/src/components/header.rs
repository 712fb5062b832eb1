use leptos::prelude::*;
use leptos_router::components::A;

use super::{KeyIcon, sign_in_summary::SignInSummary};

/// The links that do not depend on the sign-ins: path and text.
pub(crate) const LINKS: &[(&str, &str)] = &[
    ("/", "Home"),
    ("/me", "Me"),
    ("/account", "Account"),
    ("/rotation", "Rotation"), // part: comparison
    ("/api-docs", "API"),
];

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
        <a href="#content" rel="external" class="skip-link">"Skip to content"</a>
        <header class="border-b border-line">
            <div class="header-row">
                <A href="/" exact=true attr:class="brand">
                    <KeyIcon position=0 />
                    "Latchkey"
                </A>
                <SignedInAs summary />
                <nav aria-label="Main" class="main-nav">
                    {LINKS.iter().map(|&(path, text)| view! { <A href=path exact=path == "/">{text}</A> }).collect_view()}
                    <A href="/login" attr:hidden=no_login>"Log in"</A>
                    <A href="/register" attr:hidden=no_login>"Register"</A>
                    <A href="/logout" attr:hidden=none_signed_in attr:data-uncertain=move || is_uncertain().to_string()>
                        "Log out"
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
    let count = move || summary.with(|summary| format!(" · {} of {}", summary.signed_in, summary.modes));
    // part: comparison, end
    let names = move || summary.with(|summary| summary.names.join(", "));
    view! {
        <a href="/me" class="who" class:invisible=move || summary.with(|summary| summary.signed_in == 0) title=names>
            <span class="sr-only">"Signed in: "</span>
            <span class="truncate">{who}</span>
            <span class="count">{count}</span> // part: comparison
            <span class="count modes">" modes"</span> // part: comparison
        </a>
    }
}
