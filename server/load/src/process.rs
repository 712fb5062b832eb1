//! The processes that are measured, and their databases.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::Result;

/// Waits of 20 ms for a process to end: 10 s.
const WAITS: u32 = 500;
/// The unit of the times in `/proc`.
const TICK: Duration = Duration::from_millis(10);
/// Offset of the version of the library that wrote last, in the header of a SQLite file.
const SQLITE_VERSION: usize = 96;

/// A process that listens on a free port. It ends when the value is dropped.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Process {
    /// Waits until the process prints where it listens.
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut process = Self { child, port: 0 };
        let mut lines = BufReader::new(stdout).lines().map_while(std::result::Result::ok);
        let line = lines.find(|line| line.contains("listens on")).ok_or("the process ended before it listened")?;
        process.port = line.rsplit(':').next().unwrap_or_default().parse()?;
        Ok(process)
    }

    /// The bare handler with this body.
    pub fn bare(body: &str) -> Result<Self> {
        Self::start(Command::new(env::current_exe()?).args(["bare", body]))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Processor time since the start, in user space and in the kernel. `None` on systems without `/proc`.
    pub fn processor_time(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id())).ok()?;
        // The name of the program, the second field, may contain blanks. It ends with the last bracket.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u32>().ok();
        Some((ticks()? + ticks()?) * TICK)
    }

    /// Lets the process end by itself, so that it closes its database.
    pub fn stop(&mut self) -> Result<()> {
        self.terminate()?;
        self.ended()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        Ok(())
    }

    /// Sends SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until the process has ended.
    pub fn ended(&mut self) -> Result<()> {
        for _ in 0..WAITS {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err("the server did not end".into())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A database driver.
#[derive(Clone)]
pub enum Database {
    /// A file in a temporary folder.
    Sqlite,
    /// A schema of this server.
    Postgres(String),
}

impl Database {
    /// PostgreSQL only where `TEST_POSTGRES_URL` names a server: see scripts/with-postgres.sh.
    pub fn available() -> Vec<Self> {
        let postgres = env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
        [Self::Sqlite].into_iter().chain(postgres.map(Self::Postgres)).collect()
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Asks the library inside of this server, or the database server.
    pub fn version(&self, program: &Path) -> Result<String> {
        match self {
            Self::Sqlite => {
                let mut server = Server::start(program, self, &[])?;
                server.process.stop()?;
                let file = fs::read(server.place.folder().join("latchkey.db"))?;
                let number = file.get(SQLITE_VERSION..SQLITE_VERSION + 4).ok_or("a short database file")?;
                let number = number.iter().fold(0, |number, byte| number * 256 + u32::from(*byte));
                Ok(format!("{}.{}.{}", number / 1_000_000, number / 1000 % 1000, number % 1000))
            }
            Self::Postgres(url) => psql(url, "show server_version"),
        }
    }
}

pub fn psql(url: &str, statement: &str) -> Result<String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--command", statement, url])
        .output()
        .map_err(|error| format!("psql: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    } else {
        Err(format!("psql: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// An empty schema. It is deleted when the value is dropped.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// One at a time.
    fn create(server: &str) -> Result<Self> {
        let schema = Self { server: server.to_owned(), name: format!("load_{}", std::process::id()) };
        psql(server, &format!("create schema {}", schema.name))?;
        Ok(schema)
    }

    fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{separator}options[search_path]={}", self.server, self.name)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let _ = psql(&self.server, &format!("drop schema {} cascade", self.name));
    }
}

/// An empty database, and a folder for the servers that use it. Fields are dropped in this order.
pub struct Place {
    schema: Option<Schema>,
    folder: TempDir,
    url: String,
}

impl Place {
    pub fn new(database: &Database) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let schema = match database {
            Database::Sqlite => None,
            Database::Postgres(server) => Some(Schema::create(server)?),
        };
        let url =
            schema.as_ref().map_or_else(|| format!("sqlite://{}/latchkey.db", folder.path().display()), Schema::url);
        Ok(Self { schema, folder, url })
    }

    /// As in `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL of the database server and the name of the schema.
    pub fn server_and_schema(&self) -> Option<(&str, &str)> {
        self.schema.as_ref().map(|schema| (schema.server.as_str(), schema.name.as_str()))
    }

    /// Starts a server as in production, but without throttles.
    pub fn serve(&self, program: &Path, settings: &[(&str, &str)]) -> Result<Process> {
        self.serve_by(Command::new(program), settings)
    }

    /// Starts a server by a command that has more around it.
    pub fn serve_by(&self, mut command: Command, settings: &[(&str, &str)]) -> Result<Process> {
        let site = env::var_os("LEPTOS_SITE_ROOT").map_or_else(|| PathBuf::from("target/site"), PathBuf::from);
        // One file for each server: several may run at a time.
        let (file, log) = tempfile::Builder::new().prefix("log").tempfile_in(self.folder.path())?.keep()?;
        let process = Process::start(
            command
                .env_clear()
                .envs([
                    ("PATH", env::var("PATH").unwrap_or_default().as_str()),
                    ("LISTEN_ADDR", "127.0.0.1:0"),
                    ("APP_ENV", "production"),
                    ("APP_SECRET", "5c3f0e9a7d1b48268f6e2a94c07b3d51"),
                    ("PUBLIC_ORIGIN", "https://latchkey.test"),
                    ("THROTTLE_ANON", "off"),
                    ("THROTTLE_REGISTER", "off"),
                    ("THROTTLE_ACCOUNT", "off"),
                    ("THROTTLE_ACCOUNT_TOTAL", "off"),
                    ("THROTTLE_USER", "off"),
                    // One account has all sign-ins. Beyond the limit, each login ends the oldest one.
                    ("SIGN_IN_LIMIT", "100000"),
                ])
                .env("DATA_DIR", self.folder.path().join("data"))
                .env("DATABASE_URL", &self.url)
                .env("LEPTOS_SITE_ROOT", site)
                .envs(settings.iter().copied())
                .stderr(file),
        );
        process.map_err(|error| format!("{error}\n{}", fs::read_to_string(&log).unwrap_or_default()).into())
    }
}

/// A server with an empty database. Fields are dropped in this order.
pub struct Server {
    process: Process,
    place: Place,
}

impl Server {
    pub fn start(program: &Path, database: &Database, settings: &[(&str, &str)]) -> Result<Self> {
        let place = Place::new(database)?;
        let process = place.serve(program, settings).map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Self { process, place })
    }

    pub fn port(&self) -> u16 {
        self.process.port
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }
}
