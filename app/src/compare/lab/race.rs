//! The tree of a race: one credential, and what became of each renewal.

use leptos::prelude::*;

use super::{
    report::{Attempt, Column, Race, Verdict},
    text::Text,
};
use crate::locale::tr;

const ROOT: u32 = 14;
const LEAF: u32 = 120;
/// Pixels between two leaves.
const ROW: u32 = 14;

pub(super) fn race(columns: &[Column]) -> impl IntoView + use<> {
    let run: Vec<_> = columns.iter().filter_map(|column| Some((column, column.race.as_ref()?))).collect();
    if run.is_empty() {
        return ().into_any();
    }
    let trees = run.into_iter().map(|(column, race)| {
        let outcome = if race.alive { still_signed_in() } else { has_ended() };
        view! {
            <section class="lab-race" data-mode=column.mode.id.0 data-alive=race.alive.to_string()>
                <h3>{Text::of_mode(column.mode).shown()}</h3>
                {tree(race)}
                <p>{summary(race)}</p>
                <p class="font-medium">{outcome}</p>
            </section>
        }
    });
    view! {
        <section class="block-section" aria-labelledby="race">
            <h2 id="race" class="section-title">{tr("The race", "동시 갱신")}</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                {tr(
                    "All renewals carried the same credential and were sent at the same time. Tabs of one browser share an \
                    Idempotency-Key: a mode with a refresh token takes that for a retry. Programs have a key each.",
                    "모든 갱신은 같은 인증 정보로 동시에 보냈습니다. 한 브라우저의 탭은 Idempotency-Key를 공유하므로, 리프레시 토큰이 있는 \
                    방식은 이를 재시도로 봅니다. 프로그램에는 저마다 다른 키가 있습니다.",
                )}
            </p>
            <div class="lab-grid">{trees.collect_view()}</div>
        </section>
    }
    .into_any()
}

pub(super) fn still_signed_in() -> &'static str {
    tr("The owner is still signed in.", "소유자는 아직 로그인되어 있습니다.")
}

pub(super) fn has_ended() -> &'static str {
    tr("The sign-in has ended.", "로그인이 끝났습니다.")
}

/// `1 rotated, 7 the same again; 1 new credential`
pub(super) fn summary(race: &Race) -> String {
    let count = |verdict| race.attempts.iter().filter(|attempt| attempt.verdict == verdict).count();
    let parts =
        [Verdict::Rotated, Verdict::Retry, Verdict::Refused].map(|verdict| (count(verdict), word(verdict).shown()));
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| counted(*count, name)).collect();
    let issued = race.issued;
    let credentials = match issued {
        1 => tr("1 new credential", "새 인증 정보 1개").to_owned(),
        _ => tr(format!("{issued} new credentials"), format!("새 인증 정보 {issued}개")),
    };
    format!("{}; {credentials}.", parts.join(", "))
}

fn counted(count: usize, name: &str) -> String {
    tr(format!("{count} {name}"), format!("{name} {count}"))
}

/// The summary says the same, so a screen reader skips the picture.
pub(super) fn tree(race: &Race) -> impl IntoView + use<> {
    let count = u32::try_from(race.attempts.len()).unwrap_or_default();
    let height = ROW * count.max(1) + 8;
    let leaves = race.attempts.iter().zip((0..).map(|place| place * ROW + ROW / 2 + 4)).map(|(attempt, y)| {
        view! {
            <g data-verdict=word(attempt.verdict).english().to_owned()>
                <line x1=ROOT y1=height / 2 x2=LEAF y2=y />
                <circle cx=LEAF cy=y r="4" />
                <text x=LEAF + 10 y=y + 3>{label(attempt)}</text>
            </g>
        }
    });
    view! {
        <svg class="lab-tree" viewBox=format!("0 0 300 {height}") aria-hidden="true">
            <circle class="root" cx=ROOT cy=height / 2 r="6" />
            {leaves.collect_view()}
        </svg>
    }
}

const fn word(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Rotated => Text::fixed("rotated", "회전됨"),
        Verdict::Retry => Text::fixed("the same again", "같은 것을 다시 발급"),
        Verdict::Refused => Text::fixed("refused", "거부됨"),
    }
}

/// The verdict, and the reason of a refusal.
pub(super) fn label(attempt: &Attempt) -> String {
    match &attempt.reason {
        Some(reason) => format!("{}: {reason}", word(attempt.verdict).shown()),
        None => word(attempt.verdict).shown(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_each_verdict_that_occurred() {
        let of = |verdict| Attempt { verdict, reason: None };
        let attempts = vec![of(Verdict::Retry), of(Verdict::Rotated), of(Verdict::Retry)];
        let race = Race { attempts, issued: 1, alive: true };
        assert_eq!(summary(&race), "1 rotated, 2 the same again; 1 new credential.");
    }
}
