//! The cost of each action, mode beside mode.

use leptos::prelude::*;

use super::{
    exchange::milliseconds,
    parts::{Head, table_section},
    report::{Column, Cost},
};

/// The actions whose cost is compared, in the order of a visit.
const ACTIONS: [&str; 4] = ["log in", "/me", "rotate", "log out"];
/// Pixels of the longest bar.
const BAR: u64 = 400;
const ROW: u32 = 26;

pub(super) fn comparison(columns: &[Column]) -> impl IntoView + use<> {
    let run: Vec<&'static str> =
        ACTIONS.into_iter().filter(|action| columns.iter().any(|column| cost(column, action).is_some())).collect();
    if run.is_empty() {
        return ().into_any();
    }
    let rows = run.iter().flat_map(|action| columns.iter().filter_map(|column| Some((column, cost(column, action)?))));
    let rows = rows.map(|(column, cost)| row(column, cost));
    let charts = run.iter().map(|action| chart(action, columns));
    let text = ["Action", "Mode"].map(Head::Text);
    let numbers = ["Requests", "Bytes up", "Bytes down", "Statements", "Crypto", "Median", "p99"].map(Head::Number);
    table_section(
        "comparison",
        "The comparison",
        "Medians over the requests of the owner that succeeded: of each action, at most the last 1000. Races do not count. \
         Statements include begin and commit. The time is that of the server, without the network. The first request of a mode \
         is slower: it prepares its statements.",
        text.into_iter().chain(numbers),
        rows.collect_view(),
        view! { <div class="lab-charts">{charts.collect_view()}</div> },
    )
    .into_any()
}

fn cost<'c>(column: &'c Column, action: &str) -> Option<&'c Cost> {
    column.costs.iter().find(|cost| cost.action == action)
}

fn row(column: &Column, cost: &Cost) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{cost.action}</th>
            <td>{column.mode.name.clone()}</td>
            {[cost.requests, cost.bytes_up, cost.bytes_down, cost.statements, cost.crypto]
                .map(|number| view! { <td class="number">{number}</td> })
                .collect_view()}
            <td class="number">{milliseconds(cost.median_micros)}</td>
            <td class="number">{milliseconds(cost.p99_micros)}</td>
        </tr>
    }
}

/// Bars of the median times. The table has the same numbers, so a screen reader skips the picture.
fn chart(action: &'static str, columns: &[Column]) -> impl IntoView + use<> {
    let costs: Vec<_> = columns.iter().filter_map(|column| Some((column, cost(column, action)?))).collect();
    let longest = costs.iter().map(|(_, cost)| cost.median_micros).max().unwrap_or_default().max(1);
    let height = ROW * u32::try_from(costs.len()).unwrap_or_default();
    let bars = costs.into_iter().zip((0..).step_by(usize::try_from(ROW).unwrap_or(1))).map(|((column, cost), y)| {
        let width = (cost.median_micros * BAR / longest).max(1);
        view! {
            <text x="0" y=y + 16>{column.mode.name.clone()}</text>
            <rect x="150" y=y + 4 width=width height="16" rx="3" />
            <text x=158 + width y=y + 16>{milliseconds(cost.median_micros)}</text>
        }
    });
    view! {
        <figure>
            <figcaption>{format!("Median time: {action}")}</figcaption>
            <svg viewBox=format!("0 0 640 {height}") aria-hidden="true">{bars.collect_view()}</svg>
        </figure>
    }
}
