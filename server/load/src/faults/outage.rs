//! PostgreSQL does not answer for some seconds. Modes whose access check reads nothing go on, everything else is
//! refused at once, pages are rendered, and all is back within a second.

use std::{path::Path, time::Duration};

use super::{
    Checks, Finding, SignedIn, WEAKEST_CHECK,
    cluster::Cluster,
    me, modes_without_reads,
    sampling::{Ask, Clients, Sample, Watch, longest, pause, sample},
};
use crate::{
    Result,
    process::{Database, Server},
};

/// Milliseconds of the outage: longer than a copy of the key ring is used without a fault (5 s).
const OUTAGE: u64 = 8000;
/// Within this time the server has found out.
const DETECTION: Duration = Duration::from_secs(2);
/// Milliseconds: the limit of a refusal after that.
const AT_ONCE: u128 = 100;
const BACK: Duration = Duration::from_secs(1);

pub fn frozen(program: &Path) -> Result<Vec<Finding>> {
    run(program, |cluster| {
        cluster.freeze()?;
        pause(OUTAGE);
        cluster.go_on()
    })
}

pub fn stopped(program: &Path) -> Result<Vec<Finding>> {
    run(program, |cluster| {
        cluster.stop()?;
        pause(OUTAGE);
        cluster.start_again()
    })
}

pub fn restarted(program: &Path) -> Result<Vec<Finding>> {
    run(program, Cluster::restart)
}

fn run(program: &Path, fault: fn(&Cluster) -> Result<()>) -> Result<Vec<Finding>> {
    let without_reads = modes_without_reads(program)?;
    let cluster = Cluster::start()?;
    let server = Server::start(program, &Database::Postgres(cluster.url.clone()), &[WEAKEST_CHECK])?;
    let signed_in = SignedIn::register(server.port())?;
    let first = signed_in.modes.first().ok_or("the server has no mode")?.clone();
    // Each with whether it reads the database.
    let mut clients = Vec::new();
    for (mode, credential) in signed_in.each() {
        let ask = Ask::Get(me(mode), credential.clone());
        clients.push((Clients { ask, count: 4 }, !without_reads.contains(mode)));
    }
    for path in ["/", "/login"] {
        clients.push((Clients { ask: Ask::Page(path.to_owned()), count: 1 }, false));
    }
    clients.push((Clients { ask: Ask::LogIn(first), count: 2 }, true));
    let (clients, reads): (Vec<_>, Vec<_>) = clients.into_iter().unzip();

    let watch = Watch::start();
    let ((from, to), samples) = sample(server.port(), &clients, watch, || {
        pause(2000);
        let from = watch.elapsed();
        fault(&cluster)?;
        let to = watch.elapsed();
        pause(4000);
        Ok((from, to))
    })?;
    Ok(vec![judge(&samples, &reads, from, to)])
}

fn judge(samples: &[Sample], reads: &[bool], from: Duration, to: Duration) -> Finding {
    let mut checks = Checks::default();
    let of = |reading: bool| samples.iter().filter(move |sample| reads[sample.clients] == reading);
    let is_refused = |sample: &&Sample| sample.status != Some(200);
    let failed = of(false).filter(is_refused).count();
    checks.expect(failed == 0, || format!("{failed} requests that read nothing were not answered by 200"));
    let wrong = of(true).filter(|sample| !matches!(sample.status, Some(200 | 503))).count();
    checks.expect(wrong == 0, || format!("{wrong} requests had another answer than 200 or 503"));
    // A request at the last moment may be answered after the end.
    let during = |sample: &&Sample| sample.begin >= from + DETECTION && sample.begin + DETECTION < to;
    let late = longest(of(true).filter(during));
    checks.expect(late <= AT_ONCE, || format!("a refusal took {late} ms"));
    let first = longest(of(true).filter(|sample| sample.begin < from + DETECTION && sample.end() >= from));
    checks.expect(first <= DETECTION.as_millis(), || format!("the first refusal took {first} ms"));
    let untouched = longest(of(false).filter(|sample| sample.end() >= from && sample.begin < to));
    checks.expect(untouched <= DETECTION.as_millis(), || format!("a request that reads nothing took {untouched} ms"));
    let back = samples.iter().filter(is_refused).map(Sample::end).max().unwrap_or_default().saturating_sub(to);
    checks.expect(back <= BACK, || "an answer was refused later than a second after the end".to_owned());
    let (served, refused) = (of(false).filter(during).count(), of(true).filter(is_refused).count());
    checks.finding(
        "PostgreSQL",
        format!(
            "{:.1} s; without a read: {served} answered, slowest {untouched} ms; with one: {refused} refused by 503, slowest \
             {first} ms until the fault is known, then {late} ms; back after {} ms",
            to.saturating_sub(from).as_secs_f64(),
            back.as_millis()
        ),
    )
}
