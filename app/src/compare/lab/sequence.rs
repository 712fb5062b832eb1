//! A sequence diagram of the last exchange, drawn from its record.

use leptos::prelude::*;

use super::report::{Exchange, Step, StepKind};
use crate::locale::tr;

const CLIENT: u32 = 40;
const SERVER: u32 = 160;
const DATABASE: u32 = 280;
const WIDTH: u32 = 320;
/// Pixels between two arrows.
const ROW: u32 = 26;
const TOP: u32 = 44;
/// Arrows that are drawn. The list of steps is complete.
const STEPS_MAX: usize = 14;

pub(super) fn sequence(id: &str, of: &Exchange) -> impl IntoView + use<> {
    let title = format!("sequence-{id}");
    let steps: Vec<_> = of.cost.steps.iter().take(STEPS_MAX).collect();
    let left_out = of.cost.steps.len() - steps.len();
    let rows = steps.len() + usize::from(left_out > 0) + 2;
    let height = TOP + ROW * u32::try_from(rows).unwrap_or(u32::MAX / ROW / 2);
    let y = |row: usize| TOP + ROW * u32::try_from(row).unwrap_or_default();
    let lines = steps.iter().enumerate().map(|(row, step)| step_line(step, y(row + 1)));
    let more = (left_out > 0).then(|| note(SERVER, y(rows - 2), more_steps(left_out)));
    let client = if of.by_thief { tr("thief", "도둑") } else { tr("browser", "브라우저") };
    view! {
        <svg class="lab-sequence" translate="no" viewBox=format!("0 0 {WIDTH} {height}") role="img" aria-labelledby=title>
            <title id=title.clone()>{description(of)}</title>
            {[(CLIENT, client), (SERVER, tr("server", "서버")), (DATABASE, tr("database", "데이터베이스"))]
                .map(|(x, name)| life_line(x, name, height))
                .collect_view()}
            {arrow(CLIENT, SERVER, y(0), of.request_line.clone())}
            {lines.collect_view()}
            {more}
            {arrow(SERVER, CLIENT, y(rows - 1), of.status.to_string())}
        </svg>
    }
}

fn more_steps(count: usize) -> String {
    tr(format!("… {count} more"), format!("… {count}개 더"))
}

/// The same in words, for a screen reader.
fn description(of: &Exchange) -> String {
    let steps: Vec<_> = of.cost.steps.iter().map(|step| step.name.shown()).collect();
    let steps = if steps.is_empty() { tr("no step", "단계 없음").to_owned() } else { steps.join(", ") };
    let answer = tr("answer", "응답");
    format!("{}: {steps}; {answer} {}", of.request_line, of.status)
}

fn step_line(step: &Step, y: u32) -> AnyView {
    match step.kind {
        StepKind::Statement => arrow(SERVER, DATABASE, y, short(step.name.english())).into_any(),
        StepKind::Crypto => note(SERVER, y, step.name.shown()).into_any(),
    }
}

/// The name of the constant, without its module.
fn short(name: &str) -> String {
    name.rsplit("::").next().unwrap_or(name).to_lowercase().replace('_', " ")
}

fn life_line(x: u32, name: &'static str, height: u32) -> impl IntoView {
    view! {
        <text x=x y="16" text-anchor="middle" class="name">{name}</text>
        <line x1=x x2=x y1="22" y2=height />
    }
}

fn arrow(from: u32, to: u32, y: u32, text: String) -> impl IntoView {
    // The head: two short lines towards the end of the arrow.
    let back = if to > from { to - 6 } else { to + 6 };
    view! {
        <text x=u32::midpoint(from, to) y=y - 5 text-anchor="middle">{text}</text>
        <path class="arrow" d=format!("M {from} {y} H {to} M {back} {} L {to} {y} L {back} {}", y - 4, y + 4) />
    }
}

fn note(x: u32, y: u32, text: String) -> impl IntoView {
    view! {
        <circle cx=x cy=y r="4" />
        <text x=x + 10 y=y + 4>{text}</text>
    }
}
