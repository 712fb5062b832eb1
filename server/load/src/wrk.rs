//! Runs `wrk`.

use std::{fs, num::NonZero, process::Command, thread, time::Duration};

use crate::{Plan, Result, client::Credential, process::Process, sample::Sample};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/load.lua");

/// What every connection sends, one request after the other.
pub enum Load<'a> {
    Get(Vec<(&'static str, String)>),
    /// This JSON.
    Post(String),
    /// `POST` with a credential that the answer replaces. There must be [`credentials`] of them.
    Rotate(&'a [Credential]),
}

/// wrk asks the script for one request more than it sends, so there is one spare credential for each thread.
pub fn credentials(connections: u32) -> u32 {
    connections + threads(connections)
}

/// At most one for each core: more would compete with the server.
fn threads(connections: u32) -> u32 {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    connections.min(u32::try_from(cores).unwrap_or(connections))
}

pub fn run(server: &Process, path: &str, load: &Load<'_>, connections: u32, plan: Plan) -> Result<Sample> {
    let threads = threads(connections);
    let mut command = Command::new("wrk");
    command
        .args(["--script", SCRIPT, "--timeout", "10s"])
        .args(["--threads", &threads.to_string(), "--connections", &connections.to_string()])
        .args(["--duration", &format!("{}s", plan.seconds)]);
    let url = format!("http://127.0.0.1:{}{path}", server.port);
    let file = tempfile::NamedTempFile::new()?;
    match load {
        Load::Get(headers) => {
            for (name, value) in headers {
                command.args(["--header", &format!("{name}: {value}")]);
            }
            command.arg(&url);
        }
        Load::Post(body) => {
            command.args([&url, "--", "post", body]);
        }
        Load::Rotate(credentials) => {
            fs::write(file.path(), credentials.iter().map(Credential::line).collect::<String>())?;
            command.args([&url, "--", "rotate"]).arg(file.path()).arg(threads.to_string());
        }
    }
    let before = server.processor_time();
    let output = command.output().map_err(|error| format!("wrk: {error}"))?;
    let used = before.zip(server.processor_time()).map(|(before, after)| after.saturating_sub(before));
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    sample(&text, used).ok_or_else(|| format!("wrk has no result for {url}:\n{text}{errors}").into())
}

/// The line that `done` of the script prints.
fn sample(output: &str, processor_time: Option<Duration>) -> Option<Sample> {
    let line = output.lines().find_map(|line| line.strip_prefix("result "))?;
    let figures: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [requests, duration, bytes, failed, p50, p99] = figures[..] else { return None };
    (requests > 0.0).then(|| Sample {
        rate: requests / duration * 1e6,
        p50: p50 / 1e3,
        p99: p99 / 1e3,
        bytes: bytes / requests,
        failed,
        processor: processor_time.map(|time| time.as_secs_f64() * 1e6 / requests),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_script_is_read() {
        let sample =
            sample("Running 1s test\nresult 2000 1000000 400000 3 500 2500\n", Some(Duration::from_millis(80)))
                .unwrap();
        let figures = [sample.rate, sample.p50, sample.p99, sample.bytes, sample.failed, sample.processor.unwrap()];
        let expected = [2000.0, 0.5, 2.5, 200.0, 3.0, 40.0];
        assert!(figures.iter().zip(expected).all(|(figure, expected)| (figure - expected).abs() < f64::EPSILON));
    }

    #[test]
    fn a_run_without_a_single_answer_has_no_result() {
        assert!(sample("result 0 1000000 0 32 0 0\n", None).is_none());
    }
}
