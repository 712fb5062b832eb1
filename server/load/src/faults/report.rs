//! The line of each finding, and the table of docs/performance.md.

use std::{
    fmt::{self, Write as _},
    path::Path,
};

use super::{Fault, Finding, PROBLEMS, Verdict};
use crate::{Result, machine::Machine, process::Database, report};

pub struct Line {
    name: &'static str,
    done: &'static str,
    finding: Finding,
}

impl Line {
    pub fn new(fault: &Fault, finding: Finding) -> Self {
        Self { name: fault.name, done: fault.done, finding }
    }

    pub fn has_failed(&self) -> bool {
        matches!(self.finding.verdict, Verdict::Failed(_))
    }

    fn outcome(&self) -> String {
        match &self.finding.verdict {
            Verdict::Ok => "ok".to_owned(),
            Verdict::Failed(problems) => {
                let mut distinct = problems.clone();
                distinct.sort();
                distinct.dedup();
                distinct.truncate(PROBLEMS);
                format!("FAILED, {} problems: {}", problems.len(), distinct.join("; "))
            }
            Verdict::Skipped(reason) => format!("SKIPPED: {reason}"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { database, figures, .. } = &self.finding;
        write!(f, "{} ({database}): {}. {}. {figures}", self.name, self.done, self.outcome())
    }
}

pub fn write(lines: &[Line], program: &Path) -> Result<()> {
    let mut text = String::from("\n| fact | value |\n|---|---|\n");
    let mut facts = Machine::here();
    for database in Database::available() {
        facts.push((database.name(), database.version(program)?));
    }
    for (name, value) in facts {
        writeln!(text, "| {name} | {value} |")?;
    }
    text.push_str("\n| fault | what is done | database | figures | outcome |\n|---|---|---|---|---|\n");
    for line in lines {
        let Finding { database, figures, .. } = &line.finding;
        writeln!(text, "| `{}` | {} | {database} | {figures} | {} |", line.name, line.done, line.outcome())?;
    }
    text.push('\n');
    report::replace("faults", &text)
}
