//! The clock of the server's machine is set forward and back, by libfaketime. Time limits do not follow it: they count
//! on the monotonic clock.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{Checks, Finding, SignedIn, me, sampling::pause};
use crate::{
    Result,
    client::Client,
    process::{Database, Place},
};

/// Seconds. Longer than the idle time of some modes, shorter than that of others.
const JUMP: i64 = 3600;

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    let Some(library) = library() else {
        return Ok(vec![Finding::skipped(
            "SQLite",
            "libfaketime is not installed. Tests with a virtual clock: `server/auth/tests/contract/lifetimes.rs`",
        )]);
    };
    let place = Place::new(&Database::Sqlite)?;
    let time = place.folder().join("time");
    fs::write(&time, "+0")?;
    let settings = [
        ("LD_PRELOAD", library.to_str().ok_or("the path of libfaketime")?),
        ("FAKETIME_TIMESTAMP_FILE", time.to_str().ok_or("the path of the clock")?),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    let server = place.serve_by(Command::new(program), &settings)?;
    let port = server.port;
    let mut client = Client::connect(port)?;
    let mut checks = Checks::default();
    let before = SignedIn::register(port)?;
    let mut expiries = Vec::new();
    for (mode, credential) in before.each() {
        let body: Value = serde_json::from_str(&client.get(&me(mode), &credential.headers())?.expect(200)?.body)?;
        let auth = &body["auth"];
        let (from, until) = (auth["issued_at"].as_i64(), auth["expires_at"].as_i64());
        expiries.push(until.ok_or("no expiry")? - from.ok_or("no start")?);
    }
    let end_by_jump = expiries.iter().filter(|lifetime| **lifetime < JUMP).count();

    fs::write(&time, format!("+{JUMP}"))?;
    pause(100);
    for ((mode, lifetime), status) in before.modes.iter().zip(&expiries).zip(before.statuses(port)?) {
        let expected = if *lifetime < JUMP { 401 } else { 200 };
        checks.expect(status == expected, || format!("forward, {mode}: {status} instead of {expected}"));
    }
    let credentials = before.modes.iter().map(|mode| client.log_in(mode)).collect::<Result<_>>()?;
    let ahead = SignedIn { modes: before.modes.clone(), credentials };
    let statuses = ahead.statuses(port)?;
    checks.expect(statuses.iter().all(|status| *status == 200), || format!("forward, new sign-ins: {statuses:?}"));

    fs::write(&time, "+0")?;
    pause(100);
    for (mode, credential) in ahead.each() {
        let answer = client.get(&me(mode), &credential.headers())?;
        let body: Value = serde_json::from_str(&answer.body)?;
        checks.expect(answer.status == 401 && body["reason"] == "not_yet_valid", || {
            format!("back, a credential of the future, {mode}: {} {}", answer.status, body["reason"])
        });
    }
    let credentials = before.modes.iter().map(|mode| client.log_in(mode)).collect::<Result<_>>();
    checks.expect(credentials.is_ok(), || "back: no login".to_owned());
    if let Ok(credentials) = credentials {
        let statuses = SignedIn { modes: before.modes.clone(), credentials }.statuses(port)?;
        checks.expect(statuses.iter().all(|status| *status == 200), || format!("back, new sign-ins: {statuses:?}"));
    }
    let text = format!(
        "forward: {end_by_jump} of {} credentials expire, new ones work; back: {} credentials of the future are refused as \
         not yet valid, new ones work",
        before.modes.len(),
        ahead.modes.len()
    );
    Ok(vec![checks.finding("SQLite", text)])
}

/// Where Debian installs it.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?;
    folders.flatten().map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).find(|file| file.exists())
}
