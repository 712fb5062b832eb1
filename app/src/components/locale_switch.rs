use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::locale::{Locale, tr};

/// The switch of a page of the app.
#[component]
pub(super) fn LocaleSwitch() -> impl IntoView {
    let location = use_location();
    let next = move || {
        let (path, query) = (location.pathname.get(), location.search.get());
        if query.is_empty() { path } else { format!("{path}?{}", query.trim_start_matches('?')) }
    };
    view! { <LocaleForm next /> }
}

/// A button for each other language. A form, so that it works without scripts. The server sets a cookie and redirects
/// to `next`, the address of the page, which loads it in the new language. As after any reload, a token in memory is
/// lost.
#[component]
pub(crate) fn LocaleForm(next: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    let others = Locale::ALL.into_iter().filter(|locale| *locale != Locale::current());
    let buttons = others.map(|locale| {
        view! {
            <button type="submit" class="locale" name="locale" value=locale.tag() lang=locale.tag()>
                {locale.name()}
            </button>
        }
    });
    view! {
        <form method="post" action="/locale" class="locales" aria-label=tr("Language", "언어")>
            <input type="hidden" name="next" value=next />
            {buttons.collect_view()}
        </form>
    }
}
