use leptos::prelude::*;

use crate::{basics, components::KeyIcon};

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
                    <header class="border-b border-line">
                        <div class="mx-auto w-full max-w-7xl px-4 py-3 sm:px-6 lg:px-8">
                            <a href="/" class="brand">
                                <KeyIcon position=0 />
                                "Latchkey"
                            </a>
                        </div>
                    </header>
                    <main class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
                        <h1 class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">"Not allowed"</h1>
                        <p class="mt-4 text-lg text-muted text-pretty">
                            "This page is for administrators. Your account is not an administrator."
                        </p>
                        <p class="mt-8">
                            <a class="button" href="/">"Compare the modes"</a>
                        </p>
                    </main>
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
    fn the_refusal_is_a_complete_document_without_a_script() {
        let options = LeptosOptions::builder().output_name("latchkey").build();
        let document = forbidden(&options);
        assert!(document.starts_with("<!DOCTYPE html>"), "{document}");
        assert!(document.contains("Not allowed") && document.contains("/pkg/latchkey.css"), "{document}");
        assert!(!document.contains("<script"), "{document}");
    }
}
