//! A full disk, and a read-only one, under a SQLite database. The disk is a small file system in memory that only the
//! server's process sees (`unshare`).

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    Checks, Finding, SignedIn,
    sampling::{Watch, pause},
};
use crate::{
    Result,
    client::{Client, Credential, page},
    process::{Database, Place, Process},
};

const SIZE: &str = "size=8m";
/// Milliseconds of the full disk: the use of a sign-in is written once a minute, so each one is due by then.
const FULL: u64 = 61_000;
const LIMIT: Duration = Duration::from_secs(40);

/// A place whose folder is a small disk.
struct Disk {
    place: Place,
    namespace: &'static [&'static str],
}

impl Disk {
    /// `None`: this machine does not allow it.
    fn new() -> Result<Option<Self>> {
        let place = Place::new(&Database::Sqlite)?;
        // As root, or as a user with a namespace of its own.
        for namespace in [&["--mount"][..], &["--user", "--map-root-user", "--mount"]] {
            let line = format!("mount -t tmpfs -o {SIZE} tmpfs {}", place.folder().display());
            let probe =
                Command::new("unshare").args(namespace).args(["sh", "-c", &line]).stderr(Stdio::null()).status();
            if probe.is_ok_and(|status| status.success()) {
                return Ok(Some(Self { place, namespace }));
            }
        }
        Ok(None)
    }

    /// Starts the server on the disk after `prepare`, a line of shell.
    fn serve(&self, program: &Path, prepare: &str) -> Result<Process> {
        let mut command = Command::new("unshare");
        let program = fs::canonicalize(program)?;
        let line = format!("{prepare} && exec {}", program.display());
        command.args(self.namespace).args(["sh", "-c", &line]);
        self.place.serve_by(command, &[])
    }

    fn mount(&self) -> String {
        format!("mount -t tmpfs -o {SIZE} tmpfs {}", self.place.folder().display())
    }

    /// The folder as the process sees it.
    fn seen_by(&self, process: &Process) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", process.id(), self.place.folder().display()))
    }
}

const SKIPPED: &str = "this machine does not allow `unshare --mount`, so there is no small disk";

pub fn full(program: &Path) -> Result<Vec<Finding>> {
    let Some(disk) = Disk::new()? else { return Ok(vec![Finding::skipped("SQLite", SKIPPED)]) };
    let mut server = disk.serve(program, &disk.mount())?;
    let port = server.port;
    let signed_in = SignedIn::register(port)?;
    let mut client = Client::connect_with_limit(port, LIMIT)?;
    let mut ended = Vec::new();
    for mode in &signed_in.modes {
        let credential = client.log_in(mode)?;
        let answer = client.post(&format!("/api/{mode}/logout"), &credential.headers(), &credential.body())?;
        if answer.expect(204)?.is_revoked {
            ended.push((mode, credential));
        }
    }
    let filler = disk.seen_by(&server).join("filler");
    fill(&filler)?;

    let mut checks = Checks::default();
    let (mut refused, mut reads, watch) = (0, 0, Watch::start());
    let end = Duration::from_millis(FULL);
    while watch.elapsed() < end {
        for mode in &signed_in.modes {
            let status = client.post(&format!("/api/{mode}/login"), &[], &crate::client::account())?.status;
            checks.expect(status == 503 || status == 200, || format!("a login is answered by {status}, {mode}"));
            refused += u32::from(status == 503);
        }
        for path in ["/", "/login"] {
            let status = page(port, path, LIMIT)?;
            checks.expect(status == 200, || format!("{path} is answered by {status}"));
        }
        let statuses = signed_in.statuses(port)?;
        reads += statuses.len();
        let now = watch.elapsed().as_secs();
        checks.expect(statuses.iter().all(|status| *status == 200), || format!("after {now} s, /me: {statuses:?}"));
        if !checks.0.is_empty() {
            break;
        }
        pause(500);
    }
    checks.expect(refused > 0, || "no write was refused".to_owned());
    fs::remove_file(&filler)?;
    let watch = Watch::start();
    let logged_in = client.log_in(&signed_in.modes[0]);
    let back = watch.elapsed().as_millis();
    checks.expect(logged_in.is_ok(), || "no login after the disk has space again".to_owned());
    is_kept(port, &signed_in, &ended, &mut checks)?;
    server.stop()?;
    let text = format!(
        "{} s; {refused} logins refused by 503, {reads} of {reads} reads answered; a login {back} ms after there is space",
        FULL / 1000
    );
    Ok(vec![checks.finding("SQLite", text)])
}

/// Writes until no byte is left.
fn fill(path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    for size in [1 << 16, 1 << 12, 1] {
        let block = vec![0; size];
        while file.write_all(&block).is_ok() {}
    }
    Ok(())
}

/// Checks that acknowledged sign-ins and ends still hold.
fn is_kept(port: u16, signed_in: &SignedIn, ended: &[(&String, Credential)], checks: &mut Checks) -> Result<()> {
    let statuses = signed_in.statuses(port)?;
    checks.expect(statuses.iter().all(|status| *status == 200), || format!("sign-ins were lost: {statuses:?}"));
    let mut client = Client::connect(port)?;
    for (mode, credential) in ended {
        let status = client.get(&super::me(mode), &credential.headers())?.status;
        checks.expect(status == 401, || format!("an ended credential is answered by {status}, {mode}"));
    }
    Ok(())
}

pub fn read_only(program: &Path) -> Result<Vec<Finding>> {
    // A running process keeps its files open for writing, and with those no disk can be made read-only. So the disk
    // changes between two starts: `nsenter` keeps the file system of the first one.
    let Some(disk) = Disk::new()? else { return Ok(vec![Finding::skipped("SQLite", SKIPPED)]) };
    let folder = disk.place.folder().display().to_string();
    let mut checks = Checks::default();
    // A process that only keeps the file system mounted.
    let mut keeper = Command::new("unshare")
        .args(disk.namespace)
        .args(["sh", "-c", &format!("{} && exec cat", disk.mount())])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let inside = Inside { keeper: keeper.id().to_string(), is_root: disk.namespace.len() == 1 };
    let outcome = (|| {
        while !inside.run(&format!("mountpoint -q {folder}"))? {
            pause(20);
        }
        let mut server = inside.serve(&disk.place, program)?;
        let signed_in = SignedIn::register(server.port)?;
        server.stop()?;
        checks.expect(inside.run(&format!("mount -o remount,ro {folder}"))?, || {
            "the disk was not made read-only".to_owned()
        });
        let watch = Watch::start();
        let refused = inside.serve(&disk.place, program).err();
        let took = watch.elapsed().as_millis();
        checks.expect(refused.is_some(), || "the server started on a read-only disk".to_owned());
        checks.expect(took < 10_000, || format!("the refusal of the start took {took} ms"));
        inside.run(&format!("mount -o remount,rw {folder}"))?;
        let mut server = inside.serve(&disk.place, program)?;
        is_kept(server.port, &signed_in, &[], &mut checks)?;
        server.stop()?;
        let reason = refused.map(|error| error.to_string()).unwrap_or_default();
        let reason = reason.lines().last().and_then(|line| line.rsplit(": ").next()).unwrap_or_default();
        Ok(format!("the start is refused after {took} ms ({reason}); writable again, it starts and all sign-ins live"))
    })();
    drop(keeper.stdin.take());
    keeper.wait()?;
    outcome.map(|text| vec![checks.finding("SQLite", text)])
}

/// Runs commands in the namespace of a process.
struct Inside {
    keeper: String,
    is_root: bool,
}

impl Inside {
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.keeper, "--mount"]);
        if !self.is_root {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.args(["sh", "-c", line]);
        command
    }

    fn run(&self, line: &str) -> Result<bool> {
        Ok(self.command(line).stderr(Stdio::null()).status()?.success())
    }

    fn serve(&self, place: &Place, program: &Path) -> Result<Process> {
        // `nsenter` changes the working directory, so every path is absolute.
        let (program, here) = (fs::canonicalize(program)?, std::env::current_dir()?);
        place.serve_by(self.command(&format!("cd {} && exec {}", here.display(), program.display())), &[])
    }
}
