//! `Server-Timing` (W3C): the work of each request, in the network panel of the browser.

use std::collections::BTreeMap;

use app::lab::{StepKind, Work};
use auth::{Recording, Stopwatch};
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};

use super::work;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Records the request, and adds the header to its answer.
pub async fn add(request: Request, next: Next) -> Response {
    let (recording, watch) = (Recording::default(), Stopwatch::start());
    let bytes_up = work::credential_bytes(request.headers());
    let mut response = recording.of(next.run(request)).await;
    let text = text(&work::of(&recording, bytes_up, 0, watch.elapsed()));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(SERVER_TIMING, value);
    }
    response
}

/// `total;dur=1.234, sql;desc="2 statements";dur=0.400, crypto;desc="2 SHA-256, 1 signature";dur=0.020, …`.
///
/// It grows with the number of kinds, because some proxies refuse an answer with long headers.
fn text(work: &Work) -> String {
    let micros = |kind| work.steps.iter().filter(|step| step.kind == kind).map(|step| step.micros).sum();
    let mut operations = BTreeMap::<&str, usize>::new();
    for step in work.steps.iter().filter(|step| step.kind == StepKind::Crypto) {
        *operations.entry(step.name.english()).or_default() += 1;
    }
    let operations: Vec<_> = operations.iter().map(|(name, count)| format!("{count} {name}")).collect();
    format!(
        "total;dur={}, sql;desc=\"{} statements\";dur={}, crypto;desc=\"{}\";dur={}, credential;desc=\"{} bytes\"",
        milliseconds(work.micros),
        work.count(StepKind::Statement),
        milliseconds(micros(StepKind::Statement)),
        operations.join(", "),
        milliseconds(micros(StepKind::Crypto)),
        work.bytes_up
    )
}

/// As a decimal number.
fn milliseconds(micros: u64) -> String {
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

#[cfg(test)]
mod tests {
    use app::lab::{Step, Text};

    use super::*;

    #[test]
    fn the_header_sums_the_steps_by_kind() {
        let step = |kind, name, micros| Step { kind, name: Text::name(name), sql: None, rows: None, micros };
        let work = Work {
            bytes_up: 40,
            steps: vec![
                step(StepKind::Crypto, "SHA-256", 12),
                step(StepKind::Crypto, "SHA-256", 8),
                step(StepKind::Statement, "a", 300),
                step(StepKind::Statement, "b", 700),
            ],
            micros: 1234,
            ..Work::default()
        };
        assert_eq!(
            text(&work),
            "total;dur=1.234, sql;desc=\"2 statements\";dur=1.000, crypto;desc=\"2 SHA-256\";dur=0.020, \
             credential;desc=\"40 bytes\""
        );
    }
}
