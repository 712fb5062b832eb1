//! SIGKILL while the server writes: nothing that was acknowledged is undone, and no change is half done.
//!
//! The kernel keeps what a killed process has written, so this says nothing about a power cut. For that, every commit
//! waits for the disk (`synchronous=full` on SQLite, `fsync` on PostgreSQL).

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{Checks, Finding, me, sampling::pause};
use crate::{
    Result,
    client::{Client, Credential},
    count,
    process::{Database, Place},
};

/// Accounts, each with one client that acts.
const ACCOUNTS: usize = 4;
const LIMIT: Duration = Duration::from_secs(40);
/// With the strictest check, the end of a sign-in ends its access tokens, too.
const CHECK: (&str, &str) = ("ACCESS_CHECK", "sign-in");

#[derive(Default)]
struct Counts {
    acts: usize,
    ended: usize,
    changes: usize,
    /// Changes of a password without an answer, and how many of them were made.
    cut: usize,
    made: usize,
}

struct Account {
    name: String,
    password: String,
    /// Makes each new password different.
    number: usize,
}

/// What one client has been told until the process was killed.
#[derive(Default)]
struct Told {
    acts: usize,
    changes: usize,
    /// Credentials whose end was acknowledged, with their modes.
    ended: Vec<(String, Credential)>,
    /// A change of the password without an answer.
    cut: Option<CutChange>,
}

struct CutChange {
    new: String,
    mode: String,
    /// Another sign-in, which ends if the password changes.
    other: Credential,
}

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    let databases = Database::available();
    let rounds = count("FAULTS_KILLS", 200)? / u32::try_from(databases.len())?;
    databases.iter().map(|database| on(program, database, rounds)).collect()
}

fn on(program: &Path, database: &Database, rounds: u32) -> Result<Finding> {
    let place = Place::new(database)?;
    let mut server = place.serve(program, &[CHECK])?;
    let mut client = Client::connect(server.port)?;
    let modes = client.modes()?;
    let mut accounts: Vec<_> = (0..ACCOUNTS)
        .map(|index| Account { name: format!("account{index}"), password: password(index, 0), number: 0 })
        .collect();
    for account in &accounts {
        client.register_as(&account.name, &account.password)?;
    }
    let (mut checks, mut counts) = (Checks::default(), Counts::default());
    for round in 0..rounds {
        let is_over = AtomicBool::new(false);
        let port = server.port;
        let told = thread::scope(|scope| {
            let threads: Vec<_> = accounts
                .iter_mut()
                .enumerate()
                .map(|(index, account)| {
                    let (modes, is_over) = (&modes, &is_over);
                    scope.spawn(move || {
                        let mut told = Told::default();
                        // It ends by the error of a connection to a killed process.
                        let outcome = act(port, index + round as usize, account, index, modes, &mut told, is_over);
                        (told, outcome.err())
                    })
                })
                .collect();
            // Another instant in each round.
            pause(u64::from(100 + round * 37 % 300));
            is_over.store(true, Ordering::SeqCst);
            server.kill()?;
            threads
                .into_iter()
                .map(|thread| thread.join().map_err(|_| "a client panicked".into()))
                .collect::<Result<Vec<_>>>()
        })?;
        server = place.serve(program, &[CHECK])?;
        let mut client = Client::connect_with_limit(server.port, LIMIT)?;
        for (account, (told, early)) in accounts.iter_mut().zip(told) {
            if let Some(error) = early {
                checks.expect(false, || format!("before the kill: {error}"));
            }
            verify(&mut client, account, &told, &mut checks, &mut counts)?;
        }
        if !checks.0.is_empty() {
            break;
        }
    }
    let Counts { acts, ended, changes, cut, made } = counts;
    Ok(checks.finding(
        database.name(),
        format!(
            "{rounds} kills, {acts} acknowledged ends with {ended} ended credentials, of these {changes} changes of a \
             password; {cut} changes cut off, {made} of them made"
        ),
    ))
}

fn password(index: usize, number: usize) -> String {
    format!("gravel otter lampshade {index} {number}")
}

/// Ends sign-ins until the process is killed. `Err`: an answer that was not expected.
fn act(
    port: u16,
    turn: usize,
    account: &mut Account,
    index: usize,
    modes: &[String],
    told: &mut Told,
    is_over: &AtomicBool,
) -> Result<()> {
    let Ok(mut client) = Client::connect_with_limit(port, LIMIT) else { return Ok(()) };
    for turn in turn.. {
        // All three acts in every mode.
        let mode = &modes[turn / 3 % modes.len()];
        let log_in = |client: &mut Client| client.log_in_as(mode, &account.name, &account.password);
        let (Ok(other), Ok(mine)) = (log_in(&mut client), log_in(&mut client)) else { break };
        let (other, mine) = (Credential::of(&other.expect(200)?)?, Credential::of(&mine.expect(200)?)?);
        let mut send =
            |path: &str, fields: &[(&str, &str)]| client.post(path, &mine.headers(), &mine.body_with(fields));
        match turn % 3 {
            0 => {
                let Ok(answer) = send(&format!("/api/{mode}/logout"), &[]) else { break };
                if answer.expect(204)?.is_revoked {
                    told.ended.push((mode.clone(), mine));
                }
            }
            1 => {
                let path = format!("/api/{mode}/credentials/end-others");
                let Ok(answer) = send(&path, &[("password", &account.password)]) else { break };
                answer.expect(200)?;
                told.ended.extend([other, mine].map(|credential| (mode.clone(), credential)));
            }
            _ => {
                account.number += 1;
                let new = password(index, account.number);
                let fields = [("mode", mode.as_str()), ("current", &account.password), ("new", &new)];
                let Ok(answer) = send("/api/account/password", &fields) else {
                    told.cut = Some(CutChange { new, mode: mode.clone(), other });
                    break;
                };
                answer.expect(200)?;
                account.password = new;
                told.changes += 1;
                told.ended.extend([other, mine].map(|credential| (mode.clone(), credential)));
            }
        }
        told.acts += 1;
    }
    if is_over.load(Ordering::SeqCst) { Ok(()) } else { Err("the connection ended".into()) }
}

fn verify(
    client: &mut Client,
    account: &mut Account,
    told: &Told,
    checks: &mut Checks,
    counts: &mut Counts,
) -> Result<()> {
    for (mode, credential) in &told.ended {
        let status = client.get(&me(mode), &credential.headers())?.status;
        checks.expect(status == 401, || {
            format!("a credential whose end was acknowledged is answered by {status}, {mode}")
        });
    }
    let mut works = |password: &str| -> Result<bool> {
        let mode = told.ended.first().map(|(mode, _)| mode).or(told.cut.as_ref().map(|cut| &cut.mode));
        let Some(mode) = mode else { return Ok(true) };
        Ok(client.log_in_as(mode, &account.name, password)?.status == 200)
    };
    match &told.cut {
        None => {
            let is_right = works(&account.password)?;
            checks.expect(is_right, || "the password of the last acknowledged change does not work".to_owned());
        }
        Some(cut) => {
            let (old, new) = (works(&account.password)?, works(&cut.new)?);
            let other = client.get(&me(&cut.mode), &cut.other.headers())?.status == 200;
            checks.expect(old != new && old == other, || {
                format!("half a change: old password {old}, new password {new}, other sign-in {other}")
            });
            counts.cut += 1;
            if new {
                counts.made += 1;
                account.password.clone_from(&cut.new);
            }
        }
    }
    counts.acts += told.acts;
    counts.ended += told.ended.len();
    counts.changes += told.changes;
    Ok(())
}
