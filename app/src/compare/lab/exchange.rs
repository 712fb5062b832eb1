//! The last request of a column, as it crossed the wire, and the work that it caused.

use leptos::prelude::*;

use super::report::{Exchange, StepKind, Work};
use crate::locale::tr;

pub(super) fn exchange(of: &Exchange) -> impl IntoView + use<> {
    let sender = if of.by_thief {
        tr("The thief asks", "도둑의 요청")
    } else {
        tr("The browser asks", "브라우저의 요청")
    };
    view! {
        <p class="lab-label">{sender}</p>
        <pre class="wire" translate="no" tabindex="0">{message(&of.request_line, &of.request_headers, of.request_body.as_ref())}</pre>
        <p class="lab-label">{tr("The server answers", "서버의 응답")}</p>
        <pre class="wire" translate="no" tabindex="0" data-status=of.status.to_string()>
            {message(&format!("HTTP {}", of.status), &of.response_headers, of.response_body.as_ref())}
        </pre>
        <p class="lab-cost">{summary(&of.cost)}</p>
        <details>
            <summary>{step_count(of.cost.steps.len())}</summary>
            {steps(&of.cost)}
        </details>
    }
}

fn step_count(count: usize) -> String {
    tr(format!("{count} steps"), format!("{count}단계"))
}

fn message(first: &str, headers: &[(String, String)], body: Option<&String>) -> String {
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let lines = [first.to_owned()].into_iter().chain(headers).chain(body.map(|body| format!("\n{body}")));
    lines.collect::<Vec<_>>().join("\n")
}

/// `41 bytes up, 0 down · 1 statement · 1 cryptographic operation · 0.42 ms`
fn summary(of: &Work) -> String {
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let (up, down, time) = (of.bytes_up, of.bytes_down, milliseconds(of.micros));
    let (statements, operations) = (of.count(StepKind::Statement), of.count(StepKind::Crypto));
    tr(
        format!(
            "{up} bytes up, {down} down · {} · {} · {time}",
            count(statements, "statement", "statements"),
            count(operations, "cryptographic operation", "cryptographic operations"),
        ),
        format!("{up}바이트 보냄, {down}바이트 받음 · SQL 문 {statements}개 · 암호 연산 {operations}개 · {time}"),
    )
}

/// `0.42 ms`
pub(super) fn milliseconds(micros: u64) -> String {
    format!("{}.{:02} ms", micros / 1000, micros % 1000 / 10)
}

/// The name of a statement is a name of the source code.
fn translated(kind: StepKind) -> Option<&'static str> {
    (kind == StepKind::Statement).then_some("no")
}

fn steps(of: &Work) -> impl IntoView + use<> {
    let steps = of.steps.iter().map(|step| {
        let rows = step.rows.map(|rows| format!(" · {}: {rows}", tr("rows", "행")));
        view! {
            <li>
                <span class="font-medium" translate=translated(step.kind)>{step.name.shown()}</span>
                <span class="text-sm text-muted">{format!(" {}", milliseconds(step.micros))} {rows}</span>
                {step.sql.filter(|sql| *sql != step.name.english()).map(|sql| view! { <pre class="wire" translate="no" tabindex="0">{sql}</pre> })}
            </li>
        }
    });
    view! { <ol class="lab-steps">{steps.collect_view()}</ol> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        let work = Work { micros: 1_426, ..Work::default() };
        assert_eq!(summary(&work), "0 bytes up, 0 down · 0 statements · 0 cryptographic operations · 1.42 ms");
    }
}
