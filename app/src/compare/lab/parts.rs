//! The parts that several pages of the lab share: a section with a table, wide content, the form of a study.

use leptos::prelude::*;

use crate::{calendar, locale::tr};

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

/// How a judgement looks. The word beside it says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Mixed,
    Bad,
}

/// A judgement, which stands out.
pub(super) fn judged(tone: Tone, text: impl IntoView) -> impl IntoView {
    let class = match tone {
        Tone::Good => "tone-good",
        Tone::Mixed => "tone-mixed",
        Tone::Bad => "tone-bad",
    };
    view! { <strong class=class>{text}</strong> }
}

/// The form that runs a study, and when its last result was found, in unix seconds.
pub(super) fn study_form(
    path: &'static str,
    [first, again]: [&'static str; 2],
    found_at: Option<i64>,
) -> impl IntoView {
    view! {
        <form method="post" action=path class="mt-6 flex flex-wrap items-center gap-4">
            <button class="button">{if found_at.is_some() { again } else { first }}</button>
            <a class="link" href="/lab">{tr("The lab", "실험실")}</a>
            <span class="text-muted">{found_at.map(last_run)}</span>
        </form>
    }
}

fn last_run(at: i64) -> String {
    let at = calendar::human(at, 0);
    tr(format!("Last run: {at}."), format!("마지막 실행: {at}."))
}

/// Wide content that scrolls by itself, also by the keyboard. `heading` is the id of its heading.
pub(super) fn scrolled(heading: String, content: impl IntoView) -> impl IntoView {
    view! {
        <div class="mt-5 overflow-x-auto" tabindex="0" role="group" aria-labelledby=heading>
            {content}
        </div>
    }
}
