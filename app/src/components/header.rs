use leptos::prelude::*;
use leptos_router::components::A;

use super::KeyIcon;

/// The top of every page.
#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <a href="#content" rel="external" class="skip-link">"Skip to content"</a>
        <header class="border-b border-line">
            <div class="mx-auto flex max-w-7xl flex-wrap items-center gap-x-8 gap-y-1 px-4 py-3 sm:px-6 lg:px-8">
                <A href="/" exact=true attr:class="brand">
                    <KeyIcon position=0 />
                    "Latchkey"
                </A>
                <nav aria-label="Main" class="main-nav">
                    <A href="/" exact=true>"Compare"</A>
                    <A href="/login">"Log in"</A>
                    <A href="/register">"Register"</A>
                    <A href="/me">"Me"</A>
                    <A href="/account">"Account"</A>
                    <A href="/rotation">"Rotation"</A>
                    <A href="/logout">"Log out"</A>
                </nav>
            </div>
        </header>
    }
}

/// The bottom of every page.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="border-t border-line">
            <p class="mx-auto max-w-7xl px-4 py-8 text-sm text-muted sm:px-6 lg:px-8">
                "Latchkey is a reference application for sign-in: several modes side by side. "
                "Read it, run it, and keep the mode you need. "
                <A href="/api-docs" attr:class="link">"Its API"</A>
            </p>
        </footer>
    }
}
