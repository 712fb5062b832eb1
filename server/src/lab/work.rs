//! The work of a request, in the form that the page and `Server-Timing` show.

use std::{collections::VecDeque, time::Duration};

use app::lab::{Compared, Cost, Step, StepKind, Text, Work};
use auth::{Crypto, Recording};
use http::{HeaderMap, header};

/// The work of a recorded request.
pub fn of(recording: &Recording, bytes_up: usize, bytes_down: usize, time: Duration) -> Work {
    let step = |step: auth::Step| {
        let micros = micros(step.time);
        match step.kind {
            auth::StepKind::Statement { name, sql, rows } => {
                Step { kind: StepKind::Statement, name: Text::name(name), sql: Some(sql), rows, micros }
            }
            auth::StepKind::Crypto(crypto) => {
                Step { kind: StepKind::Crypto, name: operation(crypto), sql: None, rows: None, micros }
            }
        }
    };
    Work { bytes_up, bytes_down, steps: recording.steps().into_iter().map(step).collect(), micros: micros(time) }
}

fn operation(crypto: Crypto) -> Text {
    let korean = match crypto {
        Crypto::PasswordHash => "비밀번호 해시",
        Crypto::Sha256 => "SHA-256",
        Crypto::KeyDerivation => "키 유도",
        Crypto::Encryption => "암호화",
        Crypto::Decryption => "복호화",
        Crypto::Signature => "서명",
        Crypto::Verification => "서명 검증",
    };
    Text::fixed(crypto.as_str(), korean)
}

/// The bytes of the cookies and of `Authorization` in a request.
pub fn credential_bytes(request: &HeaderMap) -> usize {
    let names = [header::COOKIE, header::AUTHORIZATION];
    names.iter().flat_map(|name| request.get_all(name)).map(http::HeaderValue::len).sum()
}

/// Requests of one action that its cost is computed from. Older ones are dropped.
const REQUESTS_MAX: usize = 1000;

/// The costs of the requests of one mode, by action.
#[derive(Default)]
pub struct Costs(Vec<(Compared, VecDeque<Numbers>)>);

/// What the cost of an action needs of a request.
#[derive(Clone, Copy)]
struct Numbers {
    bytes_up: usize,
    bytes_down: usize,
    statements: usize,
    crypto: usize,
    micros: u64,
}

impl Costs {
    /// Adds a request.
    pub fn add(&mut self, action: Compared, work: &Work) {
        let numbers = Numbers {
            bytes_up: work.bytes_up,
            bytes_down: work.bytes_down,
            statements: work.count(StepKind::Statement),
            crypto: work.count(StepKind::Crypto),
            micros: work.micros,
        };
        if let Some((_, requests)) = self.0.iter_mut().find(|(name, _)| *name == action) {
            if requests.len() == REQUESTS_MAX {
                requests.pop_front();
            }
            requests.push_back(numbers);
        } else {
            self.0.push((action, VecDeque::from([numbers])));
        }
    }

    /// The cost of each action, in the order in which they were run first.
    pub fn medians(&self) -> Vec<Cost> {
        self.0.iter().filter_map(|(action, requests)| cost(*action, requests)).collect()
    }
}

fn cost(action: Compared, requests: &VecDeque<Numbers>) -> Option<Cost> {
    Some(Cost {
        action,
        requests: requests.len(),
        bytes_up: quantile(requests, 50, |numbers| numbers.bytes_up)?,
        bytes_down: quantile(requests, 50, |numbers| numbers.bytes_down)?,
        statements: quantile(requests, 50, |numbers| numbers.statements)?,
        crypto: quantile(requests, 50, |numbers| numbers.crypto)?,
        median_micros: quantile(requests, 50, |numbers| numbers.micros)?,
        p99_micros: quantile(requests, 99, |numbers| numbers.micros)?,
    })
}

/// The smallest value that `percent` of the requests do not exceed.
fn quantile<T: Copy + Ord>(requests: &VecDeque<Numbers>, percent: usize, value: fn(&Numbers) -> T) -> Option<T> {
    let mut values: Vec<T> = requests.iter().map(value).collect();
    values.sort_unstable();
    values.get((values.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

fn micros(time: Duration) -> u64 {
    time.as_micros().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(micros: impl IntoIterator<Item = u64>) -> Vec<Cost> {
        let mut costs = Costs::default();
        for micros in micros {
            costs.add(Compared::Me, &Work { micros, bytes_up: 40, ..Work::default() });
        }
        costs.medians()
    }

    #[test]
    fn the_cost_of_an_action_is_the_median_of_its_requests() {
        let cost = &costs(1..=100)[0];
        assert_eq!((cost.requests, cost.bytes_up, cost.median_micros, cost.p99_micros), (100, 40, 50, 99));
    }

    #[test]
    fn of_two_requests_the_median_is_the_cheaper_one() {
        assert_eq!(costs([900, 100])[0].median_micros, 100);
    }

    #[test]
    fn only_the_last_thousand_requests_count() {
        let cost = &costs((0..REQUESTS_MAX as u64).chain([5_000; REQUESTS_MAX]))[0];
        assert_eq!((cost.requests, cost.median_micros), (REQUESTS_MAX, 5_000));
    }

    #[test]
    fn an_action_without_a_request_has_no_cost() {
        assert_eq!(costs([]), []);
    }
}
