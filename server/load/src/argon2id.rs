//! The limit of logins: argon2id at the cost that the server uses, on every core, without a server.

use std::{
    env,
    num::NonZero,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Params, Version};

use crate::{
    Plan, Result,
    sample::{Sample, percentile},
};

/// OWASP's recommended minimum, as in the server.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// One thread for each core.
pub fn threads() -> u32 {
    thread::available_parallelism().map_or(1, NonZero::get).try_into().unwrap_or(1)
}

/// Hashes until the time is over.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock of the machine")]
pub fn run(plan: Plan) -> Result<Sample> {
    let begin = Instant::now();
    let end = begin + Duration::from_secs(plan.seconds.into());
    let running: Vec<_> = (0..threads()).map(|_| thread::spawn(move || times(end))).collect();
    let mut times = Vec::new();
    for thread in running {
        times.extend(thread.join().map_err(|_| "a hashing thread panicked")??);
    }
    let count = f64::from(u32::try_from(times.len())?);
    Ok(Sample {
        rate: count / begin.elapsed().as_secs_f64(),
        p50: percentile(times.iter().copied(), 50),
        p99: percentile(times.iter().copied(), 99),
        bytes: 0.0,
        failed: 0.0,
        processor: None,
    })
}

/// Calls `measure` while another process hashes on every core with niceness 19. The result is the bound for a request
/// beside a flood of logins: the server does nothing else then.
pub fn run_beside<T>(plan: Plan, measure: impl FnOnce() -> Result<T>) -> Result<T> {
    // Longer than the measurement, which ends it.
    let seconds = plan.seconds.saturating_add(60).to_string();
    let mut hashes = Command::new("nice")
        .args(["-n", "19"])
        .arg(env::current_exe()?)
        .arg("hash")
        .env("BENCH_SECONDS", seconds)
        .spawn()?;
    let outcome = measure();
    hashes.kill()?;
    hashes.wait()?;
    outcome
}

/// The time of each hash until `end`, in milliseconds.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock of the machine")]
fn times(end: Instant) -> std::result::Result<Vec<f64>, argon2::Error> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIB, PASSES, LANES, None)?);
    let mut times = Vec::new();
    while Instant::now() < end {
        let begin = Instant::now();
        argon2.hash_password_into(b"gravel otter lampshade", &[0; 16], &mut [0; 32])?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}
