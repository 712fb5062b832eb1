//! A lock on the audit log makes transactions wait, and they take every connection of the pool.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    Checks, Finding, SignedIn, me,
    sampling::{Ask, Clients, Sample, Watch, longest, pause, sample},
};
use crate::{
    Result,
    client::Client,
    process::{Database, Place},
};

/// Clients that write in each mode. The pool has 16 connections.
const WRITERS: usize = 16;
/// Seconds that the lock lasts: longer than a request waits for anything.
const LOCK: u64 = 20;
/// Milliseconds of a write: 5 s for a connection, 5 s for the row of its sign-in, 5 s for the locked table, and some
/// time for the answer.
const WRITE_BOUND: u128 = 16_000;
/// Milliseconds of a read: it has connections of its own.
const READ_BOUND: u128 = 500;
const BACK: Duration = Duration::from_secs(1);

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    let Some(database) = Database::available().into_iter().find(|database| matches!(database, Database::Postgres(_)))
    else {
        return Ok(vec![Finding::skipped("PostgreSQL", "TEST_POSTGRES_URL is not set")]);
    };
    let place = Place::new(&database)?;
    let server = place.serve(program, &[])?;
    let signed_in = SignedIn::register(server.port)?;
    let (mut clients, mut client) = (Vec::new(), Client::connect(server.port)?);
    for (mode, credential) in signed_in.each() {
        // Of a sign-in of its own: the other one is rotated.
        let reading = client.log_in(mode)?;
        clients.push(Clients { ask: Ask::Get(me(mode), reading), count: 2 });
        clients.push(Clients { ask: Ask::Post(format!("/api/{mode}/rotate"), credential.clone()), count: WRITERS });
    }
    let watch = Watch::start();
    let (released, samples) = sample(server.port, &clients, watch, || {
        let (url, schema) = place.server_and_schema().ok_or("no schema")?;
        let mut lock = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", url, "--command"])
            .arg(format!(
                "begin; lock table {schema}.audit_events in share row exclusive mode; select pg_sleep({LOCK})"
            ))
            .stdout(Stdio::null())
            .spawn()?;
        lock.wait()?;
        let released = watch.elapsed();
        pause(3000);
        Ok(released)
    })?;

    let mut checks = Checks::default();
    let is_read = |sample: &&Sample| matches!(clients[sample.clients].ask, Ask::Get(..));
    let read = longest(samples.iter().filter(is_read));
    let write = longest(samples.iter().filter(|sample| !is_read(sample)));
    checks.expect(read <= READ_BOUND, || format!("a read took {read} ms"));
    checks.expect(write <= WRITE_BOUND, || format!("a write took {write} ms"));
    let failed = |sample: &&Sample| !matches!(sample.status, Some(200..500));
    let wrong = samples.iter().filter(failed).filter(|sample| sample.status != Some(503)).count();
    checks.expect(wrong == 0, || format!("{wrong} requests had no answer, or a 5xx other than 503"));
    let back = samples.iter().filter(failed).map(Sample::end).max().unwrap_or_default().saturating_sub(released);
    checks.expect(back <= BACK, || "an answer was refused later than a second after the lock".to_owned());
    let refused = samples.iter().filter(failed).filter(|sample| !is_read(sample)).count();
    let refused_reads = samples.iter().filter(failed).filter(is_read).count();
    checks.expect(refused_reads == 0, || format!("{refused_reads} reads were refused"));
    let text = format!(
        "{LOCK} s, {} clients; slowest read {read} ms, slowest write {write} ms, {refused} writes refused by 503; back after \
         {} ms",
        clients.iter().map(|clients| clients.count).sum::<usize>(),
        back.as_millis()
    );
    Ok(vec![checks.finding("PostgreSQL", text)])
}
