//! The cost of each action, mode beside mode.

use leptos::prelude::*;

use super::{
    exchange::milliseconds,
    parts::{Head, table_section},
    report::{Column, Compared, Cost},
    text::Text,
};
use crate::locale::tr;

/// The actions whose cost is compared, in the order of a visit.
const ACTIONS: [Compared; 4] = [Compared::LogIn, Compared::Me, Compared::Rotate, Compared::LogOut];
/// Pixels of the longest bar.
const BAR: u64 = 400;
const ROW: u32 = 26;

pub(super) fn comparison(columns: &[Column]) -> impl IntoView + use<> {
    let run: Vec<_> =
        ACTIONS.into_iter().filter(|action| columns.iter().any(|column| cost(column, *action).is_some())).collect();
    if run.is_empty() {
        return ().into_any();
    }
    let rows = run.iter().flat_map(|action| columns.iter().filter_map(|column| Some((column, cost(column, *action)?))));
    let rows = rows.map(|(column, cost)| row(column, cost));
    let charts = run.iter().map(|action| chart(*action, columns));
    let text = tr(["Action", "Mode"], ["동작", "방식"]).map(Head::Text);
    let numbers = tr(
        ["Requests", "Bytes up", "Bytes down", "Statements", "Crypto", "Median", "p99"],
        ["요청", "보낸 바이트", "받은 바이트", "SQL 문", "암호 연산", "중앙값", "p99"],
    )
    .map(Head::Number);
    table_section(
        "comparison",
        tr("The comparison", "비교"),
        tr(
            "Medians over the requests of the owner that succeeded: of each action, at most the last 1000. Races do not count. \
             Statements include begin and commit. The time is that of the server, without the network. The first request of a mode \
             is slower: it prepares its statements.",
            "소유자의 성공한 요청의 중앙값입니다. 동작마다 최근 1000개까지 셉니다. 동시 갱신은 세지 않습니다. SQL 문에는 begin과 \
             commit이 들어갑니다. 시간은 네트워크를 뺀 서버의 시간입니다. 한 방식의 첫 요청은 SQL 문을 준비하므로 더 느립니다.",
        ),
        text.into_iter().chain(numbers),
        rows.collect_view(),
        view! {
            {cfg!(debug_assertions).then(debug_build)}
            <div class="lab-charts">{charts.collect_view()}</div>
        },
    )
    .into_any()
}

fn debug_build() -> impl IntoView + use<> {
    view! {
        <p class="mt-2 text-sm text-muted">
            {tr(
                "This server is a debug build. A production build is many times as fast, except in hashing passwords.",
                "이 서버는 디버그 빌드입니다. 비밀번호 해시를 빼면 프로덕션 빌드가 훨씬 빠릅니다.",
            )}
        </p>
    }
}

fn named(action: Compared) -> &'static str {
    match action {
        Compared::LogIn => tr("log in", "로그인"),
        Compared::Me => "/me",
        Compared::Rotate => tr("rotate", "회전"),
        Compared::LogOut => tr("log out", "로그아웃"),
    }
}

fn cost(column: &Column, action: Compared) -> Option<&Cost> {
    column.costs.iter().find(|cost| cost.action == action)
}

fn row(column: &Column, cost: &Cost) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{named(cost.action)}</th>
            <td>{Text::of_mode(column.mode).shown()}</td>
            {[cost.requests, cost.bytes_up, cost.bytes_down, cost.statements, cost.crypto]
                .map(|number| view! { <td class="number">{number}</td> })
                .collect_view()}
            <td class="number">{milliseconds(cost.median_micros)}</td>
            <td class="number">{milliseconds(cost.p99_micros)}</td>
        </tr>
    }
}

/// Bars of the median times. The table has the same numbers, so a screen reader skips the picture.
fn chart(action: Compared, columns: &[Column]) -> impl IntoView + use<> {
    let costs: Vec<_> = columns.iter().filter_map(|column| Some((column, cost(column, action)?))).collect();
    let longest = costs.iter().map(|(_, cost)| cost.median_micros).max().unwrap_or_default().max(1);
    let height = ROW * u32::try_from(costs.len()).unwrap_or_default();
    let bars = costs.into_iter().zip((0..).step_by(usize::try_from(ROW).unwrap_or(1))).map(|((column, cost), y)| {
        let width = (cost.median_micros * BAR / longest).max(1);
        view! {
            <text x="0" y=y + 16>{Text::of_mode(column.mode).shown()}</text>
            <rect x="150" y=y + 4 width=width height="16" rx="3" />
            <text x=158 + width y=y + 16>{milliseconds(cost.median_micros)}</text>
        }
    });
    view! {
        <figure>
            <figcaption>{tr("Median time: ", "시간의 중앙값: ")} {named(action)}</figcaption>
            <svg viewBox=format!("0 0 640 {height}") aria-hidden="true">{bars.collect_view()}</svg>
        </figure>
    }
}
