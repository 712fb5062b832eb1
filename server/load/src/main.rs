//! Measures a running server, under load and in faults. docs/performance.md says how to run it.
//!
//! - `load bench SERVER` measures one server beside a bare axum handler and writes docs/performance.md.
//! - `load compare OLD NEW` measures two servers in turn and prints the ratios.
//! - `load bare BODY` is that handler. `load hash` hashes passwords on every core, until it is killed.
//! - `load faults SERVER [NAME…]` causes faults of disk, database and process, and checks what clients see.
//! - `load growth SERVER FILL` measures one server with few rows and with many.

mod argon2id;
mod bare;
mod bench;
mod client;
mod compare;
mod faults;
mod growth;
mod machine;
mod plot;
mod process;
mod report;
mod sample;
mod wrk;

use std::{env, path::Path, process::ExitCode};

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// Settings `BENCH_SECONDS` and `BENCH_ROUNDS`: the length of one measurement, and how often it is repeated. A quoted
/// figure is the median of the rounds.
#[derive(Clone, Copy)]
struct Plan {
    seconds: u32,
    rounds: u32,
}

impl Plan {
    fn read() -> Result<Self> {
        Ok(Self { seconds: count("BENCH_SECONDS", 3)?, rounds: count("BENCH_ROUNDS", 3)? })
    }
}

fn count(name: &str, default: u32) -> Result<u32> {
    match env::var(name) {
        Ok(text) if !text.is_empty() => match text.parse() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(format!("{name} must be a whole number from 1").into()),
        },
        _ => Ok(default),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments[..] {
        ["bare", body] => bare::serve(body.to_owned()),
        ["hash"] => Plan::read().and_then(|plan| argon2id::run(plan).map(drop)),
        ["bench", server] => Plan::read().and_then(|plan| bench::run(Path::new(server), plan)),
        ["compare", old, new] => {
            Plan::read().and_then(|plan| compare::run([("old", Path::new(old)), ("new", Path::new(new))], plan))
        }
        ["growth", server, fill] => Plan::read().and_then(|plan| growth::run(Path::new(server), Path::new(fill), plan)),
        ["faults", server, ref names @ ..] => faults::run(Path::new(server), names),
        _ => {
            Err("usage: load bench SERVER | load compare OLD NEW | load faults SERVER [NAME…] | load bare BODY".into())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}
