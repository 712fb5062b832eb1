//! The work of a request, in the form that the page and `Server-Timing` show.

use std::time::Duration;

use app::lab::{Cost, Step, StepKind, Work};
use auth::Recording;
use http::{HeaderMap, header};

/// The work of a recorded request.
pub fn of(recording: &Recording, bytes_up: usize, bytes_down: usize, time: Duration) -> Work {
    let step = |step: auth::Step| {
        let micros = micros(step.time);
        match step.kind {
            auth::StepKind::Statement { name, sql, rows } => {
                Step { kind: StepKind::Statement, name: name.to_owned(), sql: Some(sql.to_owned()), rows, micros }
            }
            auth::StepKind::Crypto(crypto) => {
                Step { kind: StepKind::Crypto, name: crypto.as_str().to_owned(), sql: None, rows: None, micros }
            }
        }
    };
    Work { bytes_up, bytes_down, steps: recording.steps().into_iter().map(step).collect(), micros: micros(time) }
}

/// The bytes of the cookies and of `Authorization` in a request.
pub fn credential_bytes(request: &HeaderMap) -> usize {
    let names = [header::COOKIE, header::AUTHORIZATION];
    names.iter().flat_map(|name| request.get_all(name)).map(http::HeaderValue::len).sum()
}

/// The cost of an action. `None` without a request.
pub fn cost(action: &'static str, requests: &[Work]) -> Option<Cost> {
    let middle = |mut values: Vec<usize>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    };
    let of = |value: fn(&Work) -> usize| middle(requests.iter().map(value).collect());
    let mut micros: Vec<u64> = requests.iter().map(|work| work.micros).collect();
    micros.sort_unstable();
    Some(Cost {
        action,
        requests: requests.len(),
        bytes_up: of(|work| work.bytes_up)?,
        bytes_down: of(|work| work.bytes_down)?,
        statements: of(|work| work.count(StepKind::Statement))?,
        crypto: of(|work| work.count(StepKind::Crypto))?,
        median_micros: *micros.get(micros.len() / 2)?,
        // The smallest value that 99 of 100 requests do not exceed.
        p99_micros: *micros.get((micros.len() * 99).div_ceil(100).saturating_sub(1))?,
    })
}

fn micros(time: Duration) -> u64 {
    time.as_micros().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_an_action_is_the_median_of_its_requests() {
        let request = |micros, bytes_up| Work { micros, bytes_up, ..Work::default() };
        let requests: Vec<_> = (1..=100).map(|n| request(n, 40)).collect();
        let cost = cost("me", &requests).unwrap();
        assert_eq!((cost.requests, cost.bytes_up, cost.median_micros, cost.p99_micros), (100, 40, 51, 99));
    }

    #[test]
    fn an_action_without_a_request_has_no_cost() {
        assert_eq!(cost("me", &[]), None);
    }
}
