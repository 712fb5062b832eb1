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
mod text;
mod tour;

use leptos::prelude::*;

use self::{column::column, comparison::comparison, controls::controls, delays::delays, race::race, stories::stories};
pub use action::{AccountEnd, Action, Check, Choices, Each, Policy, Renewals, Wait};
pub use attacks::{Attack, AttackResult, Matrix, Outcome, Trial, attacks_page};
pub use claims::{Ledger, claims_page};
pub use policies::{Policies, PolicyResult, policies_page};
pub use report::{
    Attempt, Claim, ClaimVerdict, Column, Compared, Cost, End, Exchange, Found, Holding, Person, Race, Rows,
    SandboxReport, Step, StepKind, Story, Thief, Value, Verdict, Work,
};
pub use strategies::{Event, EventKind, Hour, Hours, strategies_page};
pub use text::Text;
pub use tour::{Answers, tour_page};

use crate::{
    Locale, calendar,
    locale::tr,
    ssr::{Heading, document},
};

/// Unix seconds in ISO 8601, in UTC.
#[must_use]
pub fn instant(at: i64) -> String {
    calendar::machine(at)
}

/// The document. `report` is `None` if this browser has no sandbox.
#[must_use]
pub fn page(options: &LeptosOptions, locale: Locale, report: Option<&SandboxReport>) -> String {
    document(options, locale, Heading { title: || tr("The lab", "실험실"), path: Some("/lab") }, || {
        view! {
            <p class="mt-4 max-w-3xl text-lg text-muted text-pretty">
                {tr(
                    "One account, every mode. The buttons send real requests to a server of your own: a sandbox. The page shows \
                    the requests, what each side holds now, and what it cost.",
                    "계정 하나를 모든 방식으로 씁니다. 버튼은 이 브라우저만의 서버인 샌드박스에 실제 요청을 보냅니다. 이 페이지는 요청, \
                    양쪽이 지금 보관하는 것, 그리고 비용을 보여 줍니다.",
                )}
            </p>
            <p class="mt-4 flex flex-wrap gap-x-6 gap-y-2">
                <a class="link" href="/lab/tour">{tr("A tour in ten steps", "열 단계 둘러보기")}</a>
                <a class="link" href="/lab/attacks">{tr("Attacks, executed", "실행해 본 공격")}</a>
                <a class="link" href="/lab/policies">{tr("Four policies for a second use", "두 번째 사용에 대한 네 가지 정책")}</a>
                <a class="link" href="/lab/strategies">{tr("When to renew", "언제 갱신할 것인가")}</a>
                <a class="link" href="/lab/claims">{tr("What tutorials claim, tested", "튜토리얼의 주장 검증")}</a>
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
            <h2 id="bench-title" class="section-title">{tr("The bench", "실험대")}</h2>
            <p class="lab-said" role="status">{report.said.shown()}</p>
            <p class="text-sm text-muted">
                {settings(report)}
            </p>
            {controls()}
            <div class="lab-grid">{columns.collect_view()}</div>
            <p class="mt-6">
                <a class="link" href="/lab/requests.har" download>{tr("Save the requests as HAR", "요청을 HAR로 저장")}</a>
                <span class="text-muted">
                    {tr(
                        " – the last 500, with masked credentials. The network tools of a browser open the file.",
                        " – 최근 500개이며 인증 정보는 가려져 있습니다. 브라우저의 네트워크 도구로 파일을 열 수 있습니다.",
                    )}
                </span>
            </p>
        </section>
        {delays(&report.columns)}
        {race(&report.columns)}
        {stories(&report.columns)}
        {comparison(&report.columns)}
        {controls::open(Some(report))}
    }
}

/// The clock of the sandbox, and its settings.
fn settings(report: &SandboxReport) -> String {
    let clock = calendar::human(report.now, 0);
    let moved = match report.moved {
        0 => tr("not moved", "돌리지 않음").to_owned(),
        moved => {
            let span = calendar::span(moved);
            tr(format!("{span} ahead"), format!("{span} 앞섬"))
        }
    };
    let (check, policy) = (report.choices.access_check.as_str(), report.choices.policy.as_str());
    tr(
        format!("The clock of the sandbox shows {clock} ({moved}). ACCESS_CHECK={check}. Policy: {policy}."),
        format!("샌드박스의 시계: {clock} ({moved}). ACCESS_CHECK={check}. 정책: {policy}."),
    )
}
