//! The commit, the machine and the versions of a run.

use std::{fs, num::NonZero, path::Path, process::Command, thread};

use crate::{Plan, Result, process::Database};

pub struct Machine {
    /// Name and value of each fact, for the table at the top.
    pub facts: Vec<(&'static str, String)>,
}

impl Machine {
    pub fn describe(program: &Path, plan: Plan) -> Result<Self> {
        let mut facts = Self::here();
        facts
            .push(("wrk", first_line("wrk", &["--version"]).split(" Copyright").next().unwrap_or_default().to_owned()));
        for database in Database::available() {
            facts.push((database.name(), database.version(program)?));
        }
        facts.push(("rounds", format!("{} of {} s for each figure", plan.rounds, plan.seconds)));
        Ok(Self { facts })
    }

    /// What does not depend on the server.
    pub fn here() -> Vec<(&'static str, String)> {
        vec![
            ("date", first_line("date", &["-u", "+%F"])),
            ("commit", commit()),
            ("processor", processor()),
            ("cores", thread::available_parallelism().map_or(1, NonZero::get).to_string()),
            ("memory", memory().unwrap_or_else(|| "unknown".to_owned())),
            ("system", first_line("uname", &["-srm"])),
            ("Rust", first_line("rustc", &["--version"])),
        ]
    }
}

fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").to_owned()
}

/// The files that a run writes do not count as changes.
fn commit() -> String {
    let commit = first_line("git", &["rev-parse", "--short", "HEAD"]);
    let changes = Command::new("git").args(["status", "--porcelain", "--", ".", ":!docs/performance.*"]).output();
    if changes.is_ok_and(|changes| changes.stdout.is_empty()) { commit } else { format!("{commit} with changes") }
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    model.map_or_else(|| first_line("uname", &["-m"]), str::to_owned)
}

fn memory() -> Option<String> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let kib: u64 =
        info.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim().split(' ').next()?.parse().ok()?;
    Some(format!("{} GiB", (kib + (1 << 19)) >> 20))
}
