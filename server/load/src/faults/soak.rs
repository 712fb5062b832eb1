//! Half of the load for minutes: memory stays flat, and no request fails. There is one client for each core, and it
//! rests for as long as its request took.

use std::{
    fs,
    num::NonZero,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};

use super::{
    Checks, Finding, SignedIn, me,
    sampling::{Ask, Watch, ask, pause},
};
use crate::{
    Result, count,
    process::{Database, Server},
};

/// KiB that may be added from the first fifth of the time to the last: caches that fill, and the allocator.
const GROWTH: u64 = 16 * KIB;
const KIB: u64 = 1024;
/// Requests of each kind for one login, whose hash costs as much as all of them.
const REQUESTS: usize = 20;

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    let minutes = count("FAULTS_SOAK_MINUTES", 1)?;
    Database::available().iter().map(|database| on(program, database, u64::from(minutes))).collect()
}

fn on(program: &Path, database: &Database, minutes: u64) -> Result<Finding> {
    let server = Server::start(program, database, &[])?;
    let signed_in = SignedIn::register(server.port())?;
    let (answers, failed, has_ended) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let clients = thread::available_parallelism().map_or(1, NonZero::get);
    let (early, late) = thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = None;
                for request in requests(&signed_in).iter().cycle() {
                    if has_ended.load(Ordering::Relaxed) {
                        break;
                    }
                    let watch = Watch::start();
                    let status = ask(server.port(), request, &mut connection);
                    let counter = if status == Some(200) { &answers } else { &failed };
                    counter.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(watch.elapsed());
                }
            });
        }
        let sizes = (|| {
            let early = lowest(server.id(), minutes * 12)?;
            pause(minutes * 36_000);
            Ok((early, lowest(server.id(), minutes * 12)?))
        })();
        has_ended.store(true, Ordering::Relaxed);
        sizes as Result<_>
    })?;
    let (answers, failed) = (answers.into_inner(), failed.into_inner());
    let mut checks = Checks::default();
    checks.expect(failed == 0, || format!("{failed} requests failed"));
    checks.expect(late <= early + GROWTH, || "the memory grows".to_owned());
    let text = format!(
        "{minutes} min, {answers} answers, {failed} failed; memory at least {} MiB in the first fifth of the time, {} MiB in the last",
        early / KIB,
        late / KIB
    );
    Ok(checks.finding(database.name(), text))
}

/// What a client asks for, in turn.
fn requests(signed_in: &SignedIn) -> Vec<Ask> {
    let mut requests = Vec::new();
    for (mode, credential) in signed_in.each() {
        for _ in 0..REQUESTS {
            requests.push(Ask::Get(me(mode), credential.clone()));
            requests.extend(["/", "/login"].map(|path| Ask::Page(path.to_owned())));
        }
        requests.push(Ask::LogIn(mode.clone()));
    }
    requests
}

/// The smallest KiB in memory in so many seconds. Each password that is being hashed adds 19 MiB until it is done, so a
/// single look can be that much too high. A leak raises the smallest, too.
fn lowest(process: u32, seconds: u64) -> Result<u64> {
    let mut lowest = u64::MAX;
    for _ in 0..seconds {
        pause(1000);
        lowest = lowest.min(resident(process)?);
    }
    Ok(lowest)
}

/// KiB in memory.
fn resident(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory in /proc")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
