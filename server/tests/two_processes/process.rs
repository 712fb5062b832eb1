//! A process of the server, and single requests to it. Each request has its own connection, so that no pool orders
//! them.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub const APP_SECRET: &str = "5c3f0e9a7d1b48268f6e2a94c07b3d51";

/// A server process. It is killed at the end of the test.
pub struct Server {
    process: Child,
    pub port: u16,
    _data: tempfile::TempDir,
}

impl Server {
    pub fn start(database_url: &str, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .env("APP_SECRET", APP_SECRET)
            .env("PUBLIC_ORIGIN", "https://latchkey.test")
            .env("DATABASE_URL", database_url)
            .env("DATA_DIR", data.path())
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .env("RUST_LOG", "error")
            // These tests send more requests for one user than the default limit allows.
            .env("THROTTLE_USER", "1000000/hour")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let line = BufReader::new(process.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let port = line.rsplit(':').next().unwrap().parse().unwrap();
        Self { process, port, _data: data }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub struct Answer {
    pub status: u16,
    /// Name and value of each `Set-Cookie`.
    pub cookies: Vec<String>,
    pub body: Value,
}

/// Sends a request. `request` is the method and the path.
pub async fn call(port: u16, request: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let body = body.to_string();
    let headers = headers.iter().fold(String::new(), |lines, (name, value)| lines + name + ": " + value + "\r\n");
    let length = body.len();
    let request = format!(
        "{request} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n{headers}\r\n{body}"
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let set_cookies = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        cookies: set_cookies.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect(),
        body: serde_json::from_str(body).unwrap_or(Value::Null),
    }
}
