use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::locale::Locale;
use crate::locale::tr; // part: comparison

use super::header::Header;

/// The pages whose own texts are English in every language. The other texts on them are translated.
const ENGLISH_ONLY: &[&str] = &[
    "/me",
    "/account",
    "/admin",
    "/rotation", // part: comparison
    "/api-docs",
];

/// The header, the content of the page, the footer.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let language = move || {
        let is_english = path.with(|path| ENGLISH_ONLY.iter().any(|page| path.starts_with(page)));
        (is_english && Locale::current() != Locale::English).then_some(Locale::English.tag())
    };
    view! {
        <Header />
        <main id="content" tabindex="-1" lang=language class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
            {children()}
        </main>
        <Footer />
    }
}

/// The bottom of every page.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="border-t border-line">
            <p class="mx-auto max-w-7xl px-4 py-8 text-sm text-muted sm:px-6 lg:px-8">
                // part: comparison, begin
                {tr(
                    "Latchkey is a reference application for sign-in: several modes side by side. \
                    Read it, run it, and keep the mode you need.",
                    "Latchkey는 여러 로그인 방식을 나란히 보여 주는 참조 애플리케이션입니다. 코드를 읽고, 실행하고, 필요한 방식만 남기십시오.",
                )}
                // part: comparison, end
                // one mode: "Latchkey"
            </p>
        </footer>
    }
}
