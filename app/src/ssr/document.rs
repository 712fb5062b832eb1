//! A document that is rendered on the server alone: no script, and links in place of the app's navigation.

use leptos::prelude::*;

use crate::{
    Locale, basics,
    components::{Footer, KeyIcon, LocaleForm, links},
    locale::tr,
};

/// What a document is called, and where it is.
#[derive(Clone, Copy)]
pub(crate) struct Heading {
    /// In the language of the page. Text of this program: its characters are not escaped.
    pub title: fn() -> &'static str,
    /// The path of the document, for a link and for the switch of the language. `None` if it has no address of its own.
    pub path: Option<&'static str>,
}

/// The document around `main`, with the navigation and the footer of every page.
pub(crate) fn document(
    options: &LeptosOptions,
    locale: Locale,
    Heading { title, path }: Heading,
    main: impl FnOnce() -> AnyView,
) -> String {
    Owner::new().with(|| {
        provide_context(locale);
        let title = title();
        view! {
            <!DOCTYPE html>
            <html lang=locale.tag()>
                <head>
                    {basics(options)}
                    // As a child, the text would end in a marker for hydration, which a browser shows in a title.
                    <title inner_html=format!("{title} · Latchkey")></title>
                </head>
                <body>
                    <a href="#content" class="skip-link">{tr("Skip to content", "본문으로 건너뛰기")}</a>
                    <header class="border-b border-line">
                        <div class="header-row">
                            <a href="/" class="brand">
                                <KeyIcon position=0 />
                                "Latchkey"
                            </a>
                            {path.map(|path| view! { <LocaleForm next=move || path.to_owned() /> })}
                            <nav aria-label=tr("Main", "주 메뉴") class="main-nav">
                                {links().into_iter().map(|(path, text)| view! { <a href=path>{text}</a> }).collect_view()}
                                {path.map(|path| view! { <a href=path aria-current="page">{title}</a> })}
                                <a href="/logout">{tr("Log out", "로그아웃")}</a>
                            </nav>
                        </div>
                    </header>
                    <main id="content" tabindex="-1" class="mx-auto w-full max-w-7xl grow px-4 py-10 sm:px-6 sm:py-14 lg:px-8">
                        <h1 class="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">{title}</h1>
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

    fn example(locale: Locale) -> String {
        let options = LeptosOptions::builder().output_name("latchkey").build();
        let heading = Heading { title: || tr("An example", "예제"), path: Some("/example") };
        document(&options, locale, heading, || view! { <p>"content"</p> }.into_any())
    }

    #[test]
    fn it_has_the_navigation_of_every_page() {
        let document = example(Locale::English);
        for (path, text) in links() {
            assert!(document.contains(&format!("<a href=\"{path}\">{text}")), "{path}: {document}");
        }
        assert!(document.contains("<footer"), "{document}");
    }

    #[test]
    fn its_title_is_plain_text() {
        let document = example(Locale::English);
        assert!(document.contains("<title>An example · Latchkey</title>"), "{document}");
    }

    #[test]
    fn it_is_in_the_language_of_its_reader_and_has_a_button_for_the_other() {
        let document = example(Locale::Korean);
        for part in [r#"<html lang="ko">"#, "<title>예제 · Latchkey</title>", r#"value="/example""#, r#"value="en""#]
        {
            assert!(document.contains(part), "{part}: {document}");
        }
    }

    #[test]
    fn it_is_complete_and_has_no_script() {
        let document = example(Locale::English);
        assert!(document.starts_with("<!DOCTYPE html>"), "{document}");
        assert!(document.contains("An example") && document.contains("/pkg/latchkey.css"), "{document}");
        assert!(!document.contains("<script"), "{document}");
    }
}
