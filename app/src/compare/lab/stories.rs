//! A theft in which both sides renew: who is signed in at the end.

use leptos::prelude::*;

use super::{
    parts::{Head, table_section},
    race::label,
    report::{Column, Person, Story},
    text::Text,
};
use crate::locale::tr;

pub(super) fn stories(columns: &[Column]) -> impl IntoView + use<> {
    let told: Vec<_> = columns.iter().filter_map(|column| Some((column, column.story.as_ref()?))).collect();
    if told.is_empty() {
        return ().into_any();
    }
    let rows = told.into_iter().map(|(column, story)| {
        let renewals = story.renewals.iter().map(|(person, attempt)| format!("{}: {}", who(*person), label(attempt)));
        view! {
            <tr data-mode=column.mode.id.0>
                <th scope="row">{Text::of_mode(column.mode).shown()}</th>
                {renewals.map(|text| view! { <td>{text}</td> }).collect_view()}
                <td>{end(story)}</td>
            </tr>
        }
    });
    table_section(
        "stories",
        tr("A theft, and two renewals", "탈취와 두 번의 갱신"),
        tr(
            "Owner and thief have the same credential. Both renew it. A side is signed in at the end if its next request succeeds; \
             where there is a refresh token, if its next renewal succeeds.",
            "소유자와 도둑에게 같은 인증 정보가 있습니다. 둘 다 갱신합니다. 다음 요청이 성공한 쪽을 마지막에 로그인된 쪽으로 봅니다. 리프레시 토큰이 있으면, 다음 갱신이 성공해야 합니다.",
        ),
        tr(
            ["Mode", "First", "Second", "Signed in at the end"],
            ["방식", "첫 번째", "두 번째", "마지막에 로그인된 쪽"],
        )
        .map(Head::Text),
        rows.collect_view(),
        (),
    )
    .into_any()
}

fn who(person: Person) -> &'static str {
    match person {
        Person::Owner => tr("owner", "소유자"),
        Person::Thief => tr("thief", "도둑"),
    }
}

pub(super) fn end(story: &Story) -> &'static str {
    match (story.owner_works, story.thief_works) {
        (true, true) => tr("both", "둘 다"),
        (true, false) => tr("the owner", "소유자"),
        (false, true) => tr("the thief", "도둑"),
        (false, false) => tr("neither: the theft was detected", "없음: 탈취가 탐지됨"),
    }
}
