//! A theft in which both sides renew: who is signed in at the end.

use leptos::prelude::*;

use super::{
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
    view! {
        <section class="block-section" aria-labelledby="stories">
            <h2 id="stories" class="section-title">"A theft, and two renewals"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                "Owner and thief have the same credential. Both renew it. Signed in means: the next request works, and where \
                there is a refresh token, the next renewal, too."
            </p>
            <div class="mt-5 overflow-x-auto" tabindex="0" role="group" aria-labelledby="stories">
                <table class="lab-table">
                    <thead>
                        <tr>
                            {["Mode", "First", "Second", "Signed in at the end"]
                                .map(|title| view! { <th scope="col">{title}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn who(person: Person) -> &'static str {
    match person {
        Person::Owner => "owner",
        Person::Thief => "thief",
    }
}

fn end(story: &Story) -> &'static str {
    match (story.owner_works, story.thief_works) {
        (true, true) => "both",
        (true, false) => "the owner",
        (false, true) => "the thief",
        (false, false) => "neither: the theft was detected",
    }
}
