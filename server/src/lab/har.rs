//! The requests of a sandbox as an HTTP archive (HAR 1.2), which the network tools of browsers open.
//!
//! Credentials are masked, as on the page. The work of each request is in `_work`: the format allows own members
//! whose names begin with an underscore.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use app::lab::{Exchange, StepKind, instant};
use auth::Timestamp;
use serde_json::{Value, json};

use super::client::ORIGIN;

/// Requests that are kept, of some 1.5 kB each. The oldest ones make room.
const REQUESTS_MAX: usize = 500;

/// The requests of a sandbox, in the order of their answers. A clone is a pointer to the same ones.
#[derive(Clone, Default)]
pub struct Requests(Arc<Mutex<VecDeque<(Timestamp, Exchange)>>>);

impl Requests {
    /// `at` is the time of the sandbox's clock.
    pub fn add(&self, at: Timestamp, exchange: &Exchange) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == REQUESTS_MAX {
            all.pop_front();
        }
        all.push_back((at, exchange.clone()));
    }

    /// The archive.
    pub fn archive(&self) -> Value {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entries: Vec<_> = all.iter().map(|(at, exchange)| entry(*at, exchange)).collect();
        json!({ "log": {
            "version": "1.2",
            "creator": { "name": "Latchkey lab", "version": "1" },
            "comment": "Requests of a sandbox of the Latchkey lab. Credentials are masked. The dates are those of the sandbox's clock.",
            "entries": entries,
        }})
    }
}

fn entry(at: Timestamp, of: &Exchange) -> Value {
    let (method, path) = of.request_line.split_once(' ').unwrap_or(("GET", "/"));
    let milliseconds = milliseconds(of.cost.micros);
    let mut request = json!({
        "method": method,
        "url": format!("{ORIGIN}{path}"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&of.request_headers),
        "queryString": [],
        "headersSize": -1,
        "bodySize": of.request_body.as_ref().map_or(0, String::len),
    });
    if let Some(body) = &of.request_body {
        request["postData"] = json!({ "mimeType": "application/json", "text": body });
    }
    let body = of.response_body.as_deref().unwrap_or_default();
    json!({
        "startedDateTime": instant(at.0),
        "time": milliseconds,
        "request": request,
        "response": {
            "status": of.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&of.response_headers),
            "content": { "size": body.len(), "mimeType": "application/json", "text": body },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": body.len(),
        },
        "cache": {},
        "timings": { "send": 0, "wait": milliseconds, "receive": 0 },
        "comment": if of.by_thief { "the thief" } else { "the owner" },
        "_work": {
            "credentialBytesUp": of.cost.bytes_up,
            "credentialBytesDown": of.cost.bytes_down,
            "steps": of.cost.steps.iter().map(|step| json!({
                "kind": match step.kind { StepKind::Statement => "statement", StepKind::Crypto => "crypto" },
                "name": step.name.english(),
                "rows": step.rows,
                "micros": step.micros,
            })).collect::<Vec<_>>(),
        },
    })
}

fn headers(all: &[(String, String)]) -> Vec<Value> {
    all.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// The unit of the format, with fractions.
fn milliseconds(micros: u64) -> f64 {
    f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1000.0
}

#[cfg(test)]
mod tests {
    use app::lab::Work;

    use super::*;

    fn exchange(path: &str) -> Exchange {
        Exchange {
            by_thief: false,
            request_line: format!("POST {path}"),
            request_headers: vec![("cookie".to_owned(), "__Host-session=abc…#12345678".to_owned())],
            request_body: Some("{}".to_owned()),
            status: 200,
            response_headers: Vec::new(),
            response_body: None,
            cost: Work { micros: 1_500, ..Work::default() },
        }
    }

    #[test]
    fn an_entry_has_every_member_that_the_format_requires() {
        let requests = Requests::default();
        requests.add(Timestamp(1_800_000_000), &exchange("/api/a/rotate"));
        let archive = requests.archive();
        let entry = &archive["log"]["entries"][0];
        assert_eq!(entry["startedDateTime"], "2027-01-15T08:00:00Z");
        assert_eq!(entry["time"], 1.5);
        assert_eq!(entry["request"]["url"], "https://lab.example/api/a/rotate");
        for (of, members) in [
            (&entry["request"], "method url httpVersion cookies headers queryString headersSize bodySize postData"),
            (
                &entry["response"],
                "status statusText httpVersion cookies headers content redirectURL headersSize bodySize",
            ),
            (entry, "startedDateTime time request response cache timings"),
            (&entry["timings"], "send wait receive"),
            (&entry["response"]["content"], "size mimeType"),
        ] {
            for member in members.split(' ') {
                assert!(!of[member].is_null(), "{member}");
            }
        }
    }

    #[test]
    fn the_oldest_requests_make_room() {
        let requests = Requests::default();
        for n in 0..=REQUESTS_MAX {
            requests.add(Timestamp(0), &exchange(&format!("/{n}")));
        }
        let archive = requests.archive();
        let entries = archive["log"]["entries"].as_array().unwrap();
        assert_eq!(entries.len(), REQUESTS_MAX);
        assert_eq!(entries[0]["request"]["url"], "https://lab.example/1");
    }
}
