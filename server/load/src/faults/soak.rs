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
    Checks, Finding, me,
    sampling::{Ask, Watch, ask, pause},
};
use crate::{
    Result,
    client::{Client, Credential},
    count,
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
    let mut client = Client::connect(server.port())?;
    client.register()?;
    let modes = client.modes()?;
    let (answers, failed, has_ended) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let clients = thread::available_parallelism().map_or(1, NonZero::get);
    hash_on_every_core(server.port(), &modes, clients)?;
    let (early, late) = thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = None;
                let rest_after = |watch: Watch, has_succeeded: bool| {
                    let counter = if has_succeeded { &answers } else { &failed };
                    counter.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(watch.elapsed());
                };
                for mode in modes.iter().cycle() {
                    if has_ended.load(Ordering::Relaxed) {
                        break;
                    }
                    // A new credential for each round: an access token expires after five minutes.
                    let watch = Watch::start();
                    let credential = log_in(server.port(), mode);
                    rest_after(watch, credential.is_ok());
                    for request in credential.iter().flat_map(|credential| requests(mode, credential)) {
                        let watch = Watch::start();
                        rest_after(watch, ask(server.port(), &request, &mut connection) == Some(200));
                    }
                }
            });
        }
        let sizes = (|| {
            let early = highest(server.id(), minutes * 12)?;
            pause(minutes * 36_000);
            Ok((early, highest(server.id(), minutes * 12)?))
        })();
        has_ended.store(true, Ordering::Relaxed);
        sizes as Result<_>
    })?;
    let (answers, failed) = (answers.into_inner(), failed.into_inner());
    let mut checks = Checks::default();
    checks.expect(failed == 0, || format!("{failed} requests failed"));
    checks.expect(late <= early + GROWTH, || "the memory grows".to_owned());
    let text = format!(
        "{minutes} min, {answers} answers, {failed} failed; memory at most {} MiB in the first fifth of the time, {} MiB in the last",
        early / KIB,
        late / KIB
    );
    Ok(checks.finding(database.name(), text))
}

/// Logs in several times at once. Each password that is being hashed takes 19 MiB, and as many are hashed at once as
/// there are cores, later by chance: without this, the memory would seem to grow then.
fn hash_on_every_core(port: u16, modes: &[String], cores: usize) -> Result<()> {
    let modes: Vec<_> = modes.iter().cycle().take(2 * cores).collect();
    thread::scope(|scope| {
        let logins: Vec<_> = modes.into_iter().map(|mode| scope.spawn(move || log_in(port, mode).is_ok())).collect();
        let succeeded = logins.into_iter().all(|login| login.join().is_ok_and(|succeeded| succeeded));
        if succeeded { Ok(()) } else { Err("a login failed".into()) }
    })
}

fn log_in(port: u16, mode: &str) -> Result<Credential> {
    Client::connect(port)?.log_in(mode)
}

/// What a client asks for after a login.
fn requests(mode: &str, credential: &Credential) -> Vec<Ask> {
    let page = |path: &str| Ask::Page(path.to_owned());
    let of_one = || [Ask::Get(me(mode), credential.clone()), page("/"), page("/login")];
    (0..REQUESTS).flat_map(|_| of_one()).collect()
}

/// The largest KiB in memory in so many seconds.
fn highest(process: u32, seconds: u64) -> Result<u64> {
    let mut highest = 0;
    for _ in 0..seconds {
        pause(1000);
        highest = highest.max(resident(process)?);
    }
    Ok(highest)
}

/// KiB in memory.
fn resident(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no memory in /proc")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
