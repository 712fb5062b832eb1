//! A PostgreSQL server of its own, which can be stopped and frozen. scripts/with-postgres.sh starts it and deletes it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use crate::{Result, process::psql};

pub struct Cluster {
    /// The script. It ends when its standard input is closed.
    script: Child,
    pub url: String,
    data: PathBuf,
    /// The folder of `pg_ctl`.
    programs: PathBuf,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let mut script = Command::new("scripts/with-postgres.sh")
            .args(["sh", "-c", "echo $TEST_POSTGRES_URL; exec cat"])
            .env_remove("TEST_POSTGRES_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = script.stdout.take().ok_or("no standard output")?;
        let url = BufReader::new(stdout).lines().next().ok_or("PostgreSQL did not start")??;
        let data = PathBuf::from(psql(&url, "show data_directory")?);
        // The first word is the path of the server's program.
        let options = fs::read_to_string(data.join("postmaster.opts"))?;
        let program = PathBuf::from(options.split(' ').next().unwrap_or_default());
        let programs = program.parent().ok_or("no folder of programs")?.to_owned();
        Ok(Self { script, url, data, programs })
    }

    pub fn stop(&self) -> Result<()> {
        self.control("stop --mode fast")
    }

    /// Starts a stopped server with the options of the script.
    pub fn start_again(&self) -> Result<()> {
        let options = fs::read_to_string(self.data.join("postmaster.opts"))?;
        let (_, options) = options.split_once(' ').ok_or("no options")?;
        self.control(&format!("start --options '{}'", options.trim().replace('"', "")))
    }

    pub fn restart(&self) -> Result<()> {
        self.control("restart --mode fast")
    }

    /// PostgreSQL refuses to run as root.
    fn control(&self, action: &str) -> Result<()> {
        let (program, data) = (self.programs.join("pg_ctl"), self.data.display());
        let line = format!(
            "cd {data} && {} {action} --wait --silent --pgdata {data} --log {data}/server.log",
            program.display()
        );
        let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let mut command = Command::new(if is_root { "runuser" } else { "sh" });
        if is_root {
            command.args(["-u", "postgres", "--", "sh"]);
        }
        let status = command.args(["-c", &line]).stdout(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(format!("pg_ctl {action}: {status}").into()) }
    }

    pub fn freeze(&self) -> Result<()> {
        // The main process first, so that it starts no further ones.
        Self::signal("STOP", &[self.main()?])?;
        Self::signal("STOP", &self.children()?)
    }

    pub fn go_on(&self) -> Result<()> {
        Self::signal("CONT", &self.children()?)?;
        Self::signal("CONT", &[self.main()?])
    }

    fn main(&self) -> Result<String> {
        let file = fs::read_to_string(self.data.join("postmaster.pid"))?;
        Ok(file.lines().next().ok_or("no process id")?.to_owned())
    }

    fn children(&self) -> Result<Vec<String>> {
        let main = self.main()?;
        let listed = fs::read_to_string(format!("/proc/{main}/task/{main}/children"))?;
        Ok(listed.split_whitespace().map(str::to_owned).collect())
    }

    /// A child may end during the call, so the status is no proof.
    fn signal(name: &str, processes: &[String]) -> Result<()> {
        Command::new("kill").arg(format!("-{name}")).args(processes).stderr(Stdio::null()).status()?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.go_on();
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}
