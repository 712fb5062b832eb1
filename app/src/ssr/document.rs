//! A document that is rendered on the server alone: no script, and links in place of the app's navigation.

use leptos::prelude::*;

use crate::{
    basics,
    components::{Footer, KeyIcon, links},
};

/// The document around `main`, with the navigation and the footer of every page. `current` is the path of a link that
/// leads to this document. `title` is text of this program: its characters are not escaped.
pub(crate) fn document(
    options: &LeptosOptions,
    title: &'static str,
    current: Option<&str>,
    main: impl FnOnce() -> AnyView,
) -> String {
    Owner::new().with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    {basics(options)}
                    // As a child, the text would end in a marker for hydration, which a browser shows in a title.
                    <title inner_html=format!("{title} · Latchkey")></title>
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
                                {links().into_iter().map(|(path, text)| view! { <a href=path>{text}</a> }).collect_view()}
                                {current.map(|path| {
                                    view! { <a href=path.to_owned() aria-current="page">{title.to_owned()}</a> }
                                })}
                                <a href="/logout">"Log out"</a>
                            </nav>
                        </div>
                    </header>
                    <main id="content" tabindex="-1" class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
                        <h1 class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">{title.to_owned()}</h1>
                        {main()}
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

    fn example() -> String {
        let options = LeptosOptions::builder().output_name("latchkey").build();
        document(&options, "An example", None, || view! { <p>"content"</p> }.into_any())
    }

    #[test]
    fn it_has_the_navigation_of_every_page() {
        let document = example();
        for (path, text) in links() {
            assert!(document.contains(&format!("<a href=\"{path}\">{text}")), "{path}: {document}");
        }
        assert!(document.contains("<footer"), "{document}");
    }

    #[test]
    fn its_title_is_plain_text() {
        assert!(example().contains("<title>An example · Latchkey</title>"), "{}", example());
    }

    #[test]
    fn it_is_complete_and_has_no_script() {
        let document = example();
        assert!(document.starts_with("<!DOCTYPE html>"), "{document}");
        assert!(document.contains("An example") && document.contains("/pkg/latchkey.css"), "{document}");
        assert!(!document.contains("<script"), "{document}");
    }
}
