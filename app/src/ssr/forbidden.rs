use leptos::prelude::*;

use crate::{
    basics,
    components::{Footer, KeyIcon, LINKS},
};

/// The document for a user without permission. The page guard returns it instead of the page, so it is a complete
/// document. It contains no script.
#[must_use]
pub fn forbidden(options: &LeptosOptions) -> String {
    Owner::new().with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    {basics(options)}
                    <title>"Not allowed · Latchkey"</title>
                </head>
                <body>
                    <a href="#content" class="skip-link">"Skip to content"</a>
                    <header class="border-b border-line">
                        <div class="header-row">
                            <a href="/" class="brand">
                                <KeyIcon position=0 />
                                "Latchkey"
                            </a>
                            <nav aria-label="Main" class="main-nav">
                                {LINKS.map(|(path, text)| view! { <a href=path>{text}</a> })}
                                <a href="/logout">"Log out"</a>
                            </nav>
                        </div>
                    </header>
                    <main id="content" tabindex="-1" class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
                        <h1 class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">"Not allowed"</h1>
                        <p class="mt-4 text-lg text-muted text-pretty">
                            "This page is for administrators. Your account does not have the role admin."
                        </p>
                        <p class="mt-8">
                            <a class="button" href="/">"Compare the modes"</a>
                        </p>
                    </main>
                    <Footer />
                </body>
            </html>
        }
        .to_html()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_has_the_navigation_of_every_page() {
        let document = forbidden(&LeptosOptions::builder().output_name("latchkey").build());
        for (path, text) in LINKS {
            assert!(document.contains(&format!("<a href=\"{path}\">{text}")), "{path}: {document}");
        }
        assert!(document.contains("<footer"), "{document}");
    }

    #[test]
    fn the_refusal_is_a_complete_document_without_a_script() {
        let options = LeptosOptions::builder().output_name("latchkey").build();
        let document = forbidden(&options);
        assert!(document.starts_with("<!DOCTYPE html>"), "{document}");
        assert!(document.contains("Not allowed") && document.contains("/pkg/latchkey.css"), "{document}");
        assert!(!document.contains("<script"), "{document}");
    }
}
