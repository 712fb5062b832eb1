//! The lab: the same account, every mode, and what each request costs, leaves behind and reveals.
//!
//! The server fills in a [`SandboxReport`]; [`page`] renders it. Each button is a form, so the page works without
//! scripts, and a script that an experiment injects elsewhere never runs here.

mod action;
mod attacks;
mod claims;
mod column;
mod comparison;
mod controls;
mod delays;
mod exchange;
mod parts;
mod policies;
mod race;
mod report;
mod sequence;
mod stories;
mod strategies;
mod tour;

use leptos::prelude::*;

use self::{column::column, comparison::comparison, controls::controls, delays::delays, race::race, stories::stories};
pub use action::{AccountEnd, Action, Check, Choices, Each, Policy, Renewals, Wait};
pub use attacks::{Attack, AttackResult, Matrix, Outcome, Trial, attacks_page};
pub use claims::{Ledger, claims_page};
pub use policies::{Policies, PolicyResult, policies_page};
pub use report::{
    Attempt, Claim, ClaimVerdict, Column, Cost, End, Exchange, Found, Holding, Person, Race, Rows, SandboxReport, Step,
    StepKind, Story, Thief, Value, Verdict, Work,
};
pub use strategies::{Event, EventKind, Hour, Hours, strategies_page};
pub use tour::{Answers, tour_page};

use crate::{calendar, ssr::document};

/// Unix seconds in ISO 8601, in UTC.
#[must_use]
pub fn instant(at: i64) -> String {
    calendar::machine(at)
}

/// The document. `report` is `None` if this browser has no sandbox.
#[must_use]
pub fn page(options: &LeptosOptions, report: Option<&SandboxReport>) -> String {
    document(options, "The lab", Some("/lab"), || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                "One account, every mode. The buttons send real requests to a server of your own: a sandbox. The page shows \
                the requests, what each side holds now, and what it cost."
            </p>
            <p class="mt-4 flex flex-wrap gap-x-6 gap-y-2">
                <a class="link" href="/lab/tour">"A tour in ten steps"</a>
                <a class="link" href="/lab/attacks">"Attacks, executed"</a>
                <a class="link" href="/lab/policies">"Four policies for a second use"</a>
                <a class="link" href="/lab/strategies">"When to renew"</a>
                <a class="link" href="/lab/claims">"What tutorials claim, tested"</a>
            </p>
            {match report {
                Some(report) => bench(report).into_any(),
                None => controls::open(None).into_any(),
            }}
        }
        .into_any()
    })
}

fn bench(report: &SandboxReport) -> impl IntoView + use<> {
    let columns = report.columns.iter().enumerate().map(|(position, of)| column(position, of, report.now));
    view! {
        <section id="bench" class="block-section" aria-labelledby="bench-title">
            <h2 id="bench-title" class="section-title">"The bench"</h2>
            <p class="lab-said" role="status">{report.said.clone()}</p>
            <p class="text-sm text-muted">
                {format!(
                    "The clock of the sandbox shows {} ({}). ACCESS_CHECK={}. Policy: {}.",
                    calendar::human(report.now, 0),
                    match report.moved {
                        0 => "not moved".to_owned(),
                        moved => format!("{} ahead", calendar::span(moved)),
                    },
                    report.choices.access_check.as_str(),
                    report.choices.policy.as_str(),
                )}
            </p>
            {controls()}
            <div class="lab-grid">{columns.collect_view()}</div>
            <p class="mt-6">
                <a class="link" href="/lab/requests.har" download>"Save the requests as HAR"</a>
                <span class="text-muted">" – the last 500, with masked credentials. The network tools of a browser open the file."</span>
            </p>
        </section>
        {delays(&report.columns)}
        {race(&report.columns)}
        {stories(&report.columns)}
        {comparison(&report.columns)}
        {controls::open(Some(report))}
    }
}
