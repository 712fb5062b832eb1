//! `make faults`: faults of the disk, of the database and of the process, and what clients see of them. One file for
//! each fault.

mod clock;
mod cluster;
mod disk;
mod kill;
mod outage;
mod pool;
mod report;
mod sampling;
mod slow;
mod soak;
mod starts;
mod stop;

use std::path::Path;

use crate::{
    Result,
    client::{self, Client},
    process::{Database, Server},
};

/// One fault: it is caused, and the checks of what clients then see are the findings.
struct Fault {
    name: &'static str,
    /// What is done.
    done: &'static str,
    run: fn(&Path) -> Result<Vec<Finding>>,
}

const FAULTS: [Fault; 11] = [
    Fault {
        name: "kill-9",
        done: "the process is killed by SIGKILL while it writes, and starts again",
        run: kill::run,
    },
    Fault { name: "frozen", done: "PostgreSQL is frozen by SIGSTOP, then goes on", run: outage::frozen },
    Fault { name: "stopped", done: "PostgreSQL is stopped, then started", run: outage::stopped },
    Fault { name: "restarted", done: "PostgreSQL restarts", run: outage::restarted },
    Fault { name: "two-starts", done: "two processes start at once on a new database", run: starts::run },
    Fault { name: "disk-full", done: "no byte is left on the disk of SQLite", run: disk::full },
    Fault { name: "read-only", done: "the disk of SQLite becomes read-only between two starts", run: disk::read_only },
    Fault { name: "pool", done: "a lock makes transactions take every connection to PostgreSQL", run: pool::run },
    Fault { name: "clock", done: "the clock is set an hour forward, then back", run: clock::run },
    Fault { name: "slow-clients", done: "1,000 clients send one byte of their head a second", run: slow::run },
    Fault { name: "stop", done: "SIGTERM while clients rotate credentials", run: stop::run },
];

/// It takes as long as `FAULTS_SOAK_MINUTES` says, so it is the last.
const SOAK: Fault = Fault { name: "soak", done: "half of the load that the server can carry", run: soak::run };

/// What one fault showed on one database.
struct Finding {
    database: &'static str,
    figures: String,
    verdict: Verdict,
}

enum Verdict {
    Ok,
    /// What is wrong.
    Failed(Vec<String>),
    /// Why this machine cannot cause the fault.
    Skipped(String),
}

/// The problems of a finding that are printed. A fault that fails in each round has one for each.
const PROBLEMS: usize = 3;

impl Finding {
    fn skipped(database: &'static str, reason: impl Into<String>) -> Self {
        Self { database, figures: String::new(), verdict: Verdict::Skipped(reason.into()) }
    }
}

/// The failed checks of a fault.
#[derive(Default)]
struct Checks(Vec<String>);

impl Checks {
    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.0.push(otherwise());
        }
    }

    fn finding(self, database: &'static str, figures: String) -> Finding {
        let verdict = if self.0.is_empty() { Verdict::Ok } else { Verdict::Failed(self.0) };
        Finding { database, figures, verdict }
    }
}

/// Causes the faults of these names; without names, all of them. Only a run of all writes docs/performance.md.
pub fn run(program: &Path, names: &[&str]) -> Result<()> {
    let all: Vec<_> = FAULTS.iter().chain([&SOAK]).collect();
    if let Some(unknown) = names.iter().find(|name| all.iter().all(|fault| fault.name != **name)) {
        let known: Vec<_> = all.iter().map(|fault| fault.name).collect();
        return Err(format!("no fault {unknown}. The faults: {}", known.join(" ")).into());
    }
    let mut lines = Vec::new();
    for fault in all.iter().filter(|fault| names.is_empty() || names.contains(&fault.name)) {
        let findings = (fault.run)(program).unwrap_or_else(|error| {
            vec![Checks(vec![format!("the test itself failed: {error}")]).finding("", String::new())]
        });
        for finding in findings {
            let line = report::Line::new(fault, finding);
            eprintln!("{line}");
            lines.push(line);
        }
    }
    if names.is_empty() {
        report::write(&lines, program)?;
    }
    match lines.iter().filter(|line| line.has_failed()).count() {
        0 => Ok(()),
        failed => Err(format!("{failed} of {} checks failed", lines.len()).into()),
    }
}

/// The credential of one sign-in in each mode, of one account.
struct SignedIn {
    modes: Vec<String>,
    credentials: Vec<client::Credential>,
}

impl SignedIn {
    fn register(port: u16) -> Result<Self> {
        let mut client = Client::connect(port)?;
        client.register()?;
        let modes = client.modes()?;
        let credentials = modes.iter().map(|mode| client.log_in(mode)).collect::<Result<_>>()?;
        Ok(Self { modes, credentials })
    }

    fn each(&self) -> impl Iterator<Item = (&String, &client::Credential)> {
        self.modes.iter().zip(&self.credentials)
    }

    /// The status of `/me` in each mode.
    fn statuses(&self, port: u16) -> Result<Vec<u16>> {
        let mut client = Client::connect(port)?;
        self.each().map(|(mode, credential)| Ok(client.get(&me(mode), &credential.headers())?.status)).collect()
    }
}

fn me(mode: &str) -> String {
    format!("/api/{mode}/me")
}

/// The access check with which some modes read nothing.
const WEAKEST_CHECK: (&str, &str) = ("ACCESS_CHECK", "signature");

/// The modes whose `/me` reads nothing with the weakest access check: their credential works after the end of all
/// sign-ins.
fn modes_without_reads(program: &Path) -> Result<Vec<String>> {
    let server = Server::start(program, &Database::Sqlite, &[WEAKEST_CHECK])?;
    let signed_in = SignedIn::register(server.port())?;
    let mut client = Client::connect(server.port())?;
    let mut without = Vec::new();
    for (mode, credential) in signed_in.each() {
        client.post(&format!("/api/{mode}/logout-all"), &credential.headers(), &credential.body())?.expect(204)?;
        if client.get(&me(mode), &credential.headers())?.status == 200 {
            without.push(mode.clone());
        }
    }
    Ok(without)
}
