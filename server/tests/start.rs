//! The server as a process: on which database it starts, and how a signal stops it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

const PRODUCTION: [(&str, &str); 3] = [
    ("APP_ENV", "production"),
    ("APP_SECRET", "5c3f0e9a7d1b48268f6e2a94c07b3d51"),
    ("PUBLIC_ORIGIN", "https://latchkey.test"),
];
const DEVELOPMENT: [(&str, &str); 2] = [("APP_ENV", "development"), ("APP_SECRET", PRODUCTION[1].1)];

/// A data directory, for several processes one after the other.
struct Machine(TempDir);

/// A listening server. It is killed at the end of the test.
struct Running {
    process: Child,
    port: u16,
}

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Starts the server. `Err` is the standard error of a process that did not start.
    fn start(&self, settings: &[(&str, &str)]) -> Result<Running, String> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .env_clear()
            .env("DATA_DIR", self.0.path().join("data"))
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .env("RUST_LOG", "off")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let listens = lines.map(Result::unwrap).find(|line| line.starts_with("Latchkey listens"));
        if let Some(line) = listens {
            return Ok(Running { process, port: line.rsplit(':').next().unwrap().parse().unwrap() });
        }
        assert_eq!(process.wait().unwrap().code(), Some(1));
        let mut text = String::new();
        process.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        Err(text)
    }

    fn refused(&self, settings: &[(&str, &str)]) -> String {
        self.start(settings).err().expect("the server started")
    }
}

impl Running {
    fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port))
    }

    #[cfg(unix)]
    fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn production_does_not_start_on_the_database_of_a_demonstration() {
    let machine = Machine::new();
    drop(machine.start(&[&DEVELOPMENT[..], &[("DEMO_USERS", "true")]].concat()).unwrap());
    let refused = machine.refused(&PRODUCTION);
    assert!(refused.contains("alice, root") && refused.contains("server user passwd"), "{refused}");
}

#[test]
fn the_database_of_a_demonstration_is_not_served_to_the_network_either() {
    let machine = Machine::new();
    drop(machine.start(&[&DEVELOPMENT[..], &[("DEMO_USERS", "true")]].concat()).unwrap());
    let refused = machine.refused(&[&DEVELOPMENT[..], &[("LISTEN_ADDR", "0.0.0.0:0")]].concat());
    assert!(refused.contains("alice, root"), "{refused}");
}

#[test]
fn production_starts_on_an_empty_database() {
    Machine::new().start(&PRODUCTION).unwrap();
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_process_and_a_second_one_does_so_even_if_clients_are_connected() {
    let machine = Machine::new();
    let mut idle = machine.start(&PRODUCTION).unwrap();
    let _client = idle.connect().unwrap();
    idle.terminate();
    assert!(idle.process.wait().unwrap().success());
    let mut busy = machine.start(&PRODUCTION).unwrap();
    busy.connect().unwrap().write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
    let mut client = busy.connect().unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: lat").unwrap();
    busy.terminate();
    // Two signals of the same kind merge if the process has not handled the first one.
    while busy.connect().is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
    busy.terminate();
    assert!(busy.process.wait().unwrap().success());
}
