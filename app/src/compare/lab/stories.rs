//! A theft in which both sides renew: who is signed in at the end.

use leptos::prelude::*;

use super::{
    parts::{Head, table_section},
    race::label,
    report::{Column, Person, Story},
};

pub(super) fn stories(columns: &[Column]) -> impl IntoView + use<> {
    let told: Vec<_> = columns.iter().filter_map(|column| Some((column, column.story.as_ref()?))).collect();
    if told.is_empty() {
        return ().into_any();
    }
    let rows = told.into_iter().map(|(column, story)| {
        let renewals = story.renewals.iter().map(|(person, attempt)| format!("{}: {}", who(*person), label(attempt)));
        view! {
            <tr data-mode=column.mode.id.to_string()>
                <th scope="row">{column.mode.name.clone()}</th>
                {renewals.map(|text| view! { <td>{text}</td> }).collect_view()}
                <td>{end(story)}</td>
            </tr>
        }
    });
    table_section(
        "stories",
        "A theft, and two renewals",
        "Owner and thief have the same credential. Both renew it. A side is signed in at the end if its next request succeeds; \
         where there is a refresh token, if its next renewal succeeds.",
        [Head::Text("Mode"), Head::Text("First"), Head::Text("Second"), Head::Text("Signed in at the end")],
        rows.collect_view(),
        (),
    )
    .into_any()
}

fn who(person: Person) -> &'static str {
    match person {
        Person::Owner => "owner",
        Person::Thief => "thief",
    }
}

pub(super) fn end(story: &Story) -> &'static str {
    match (story.owner_works, story.thief_works) {
        (true, true) => "both",
        (true, false) => "the owner",
        (false, true) => "the thief",
        (false, false) => "neither: the theft was detected",
    }
}
