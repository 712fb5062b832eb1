//! A section with a table that can be scrolled.

use leptos::prelude::*;

/// A column of a table.
pub(super) enum Head {
    Text(&'static str),
    Number(&'static str),
}

/// `after` is shown below the table.
pub(super) fn table_section(
    id: &'static str,
    title: &'static str,
    about: &'static str,
    head: impl IntoIterator<Item = Head>,
    rows: impl IntoView,
    after: impl IntoView,
) -> impl IntoView {
    let head = head.into_iter().map(|head| match head {
        Head::Text(title) => view! { <th scope="col">{title}</th> }.into_any(),
        Head::Number(title) => view! { <th scope="col" class="number">{title}</th> }.into_any(),
    });
    view! {
        <section class="block-section" aria-labelledby=id>
            <h2 id=id class="section-title">{title}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">{about}</p>
            {scrolled(
                id.to_owned(),
                view! {
                    <table class="lab-table">
                        <thead>
                            <tr>{head.collect_view()}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                },
            )}
            {after}
        </section>
    }
}

/// Wide content that scrolls by itself, also by the keyboard. `heading` is the id of its heading.
pub(super) fn scrolled(heading: String, content: impl IntoView) -> impl IntoView {
    view! {
        <div class="mt-5 overflow-x-auto" tabindex="0" role="group" aria-labelledby=heading>
            {content}
        </div>
    }
}
