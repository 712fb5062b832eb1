//! The tree of a race: one credential, and what became of each renewal.

use leptos::prelude::*;

use super::report::{Attempt, Column, Race, Verdict};

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
        let outcome = if race.alive { "The owner is still signed in." } else { "The sign-in has ended." };
        view! {
            <section class="lab-race" data-mode=column.mode.id.to_string() data-alive=race.alive.to_string()>
                <h3>{column.mode.name.clone()}</h3>
                {tree(race)}
                <p>{summary(race)}</p>
                <p class="font-medium">{outcome}</p>
            </section>
        }
    });
    view! {
        <section class="block-section" aria-labelledby="race">
            <h2 id="race" class="section-title">"The race"</h2>
            <p class="mt-2 max-w-3xl text-pretty text-muted">
                "All renewals carried the same credential and were sent at the same time. Tabs of one browser share an \
                Idempotency-Key: a mode with a refresh token takes that for a retry. Programs have a key each."
            </p>
            <div class="lab-grid">{trees.collect_view()}</div>
        </section>
    }
    .into_any()
}

/// `1 rotated, 7 the same again; 1 new credential`
pub(super) fn summary(race: &Race) -> String {
    let count = |verdict| race.attempts.iter().filter(|attempt| attempt.verdict == verdict).count();
    let parts = [Verdict::Rotated, Verdict::Retry, Verdict::Refused].map(|verdict| (count(verdict), name(verdict)));
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    let credentials =
        if race.issued == 1 { "1 new credential".to_owned() } else { format!("{} new credentials", race.issued) };
    format!("{}; {credentials}.", parts.join(", "))
}

/// The summary says the same, so a screen reader skips the picture.
pub(super) fn tree(race: &Race) -> impl IntoView + use<> {
    let count = u32::try_from(race.attempts.len()).unwrap_or_default();
    let height = ROW * count.max(1) + 8;
    let leaves = race.attempts.iter().zip((0..).map(|place| place * ROW + ROW / 2 + 4)).map(|(attempt, y)| {
        view! {
            <g data-verdict=name(attempt.verdict)>
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

pub(super) fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Rotated => "rotated",
        Verdict::Retry => "the same again",
        Verdict::Refused => "refused",
    }
}

/// The verdict, and the reason of a refusal.
pub(super) fn label(attempt: &Attempt) -> String {
    match &attempt.reason {
        Some(reason) => format!("{}: {reason}", name(attempt.verdict)),
        None => name(attempt.verdict).to_owned(),
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
