use leptos::prelude::*;

use super::header::Header;

/// The header, the content of the page, the footer.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    view! {
        <Header />
        <main id="content" tabindex="-1" class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
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
                "Latchkey is a reference application for sign-in: several modes side by side. "
                "Read it, run it, and keep the mode you need."
                // part: comparison, end
                // one mode: "Latchkey"
            </p>
        </footer>
    }
}
