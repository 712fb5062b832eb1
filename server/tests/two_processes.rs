//! mode: jwt
//! Two processes of the server on one PostgreSQL, and many clients that refresh one token at the same moment.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::HashSet,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use auth::testing::{PASSWORD, postgres_schema_url};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Barrier,
};

const AT_ONCE: usize = 64;

/// `REFRESH_ROUNDS=200 make unit` for the long run.
fn rounds() -> usize {
    std::env::var("REFRESH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

/// A process that ends with the test.
struct Server {
    process: Child,
    port: u16,
    _data: tempfile::TempDir,
}

impl Server {
    fn start(database_url: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_server"))
            .env("APP_SECRET", "5c3f0e9a7d1b48268f6e2a94c07b3d51")
            .env("PUBLIC_ORIGIN", "https://latchkey.test")
            .env("DATABASE_URL", database_url)
            .env("DATA_DIR", data.path())
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .env("RUST_LOG", "error")
            // One user refreshes more often here than any person does in an hour.
            .env("THROTTLE_USER", "1000000/hour")
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

/// One request over one connection, without a client library's pool in between.
async fn post(port: u16, path: &str, body: Value) -> (u16, Value) {
    let body = body.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap_or(Value::Null))
}

/// Everybody refreshes the same token at once, half at either process. Gives the one successor that they all got.
async fn race(ports: [u16; 2], refresh: &str) -> String {
    let barrier = Arc::new(Barrier::new(AT_ONCE));
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|client| {
            let (barrier, refresh) = (Arc::clone(&barrier), refresh.to_owned());
            tokio::spawn(async move {
                barrier.wait().await;
                post(ports[client % 2], "/api/token/refresh/", json!({"refresh": refresh})).await
            })
        })
        .collect();
    let mut successors = HashSet::new();
    for task in tasks {
        let (status, body) = task.await.unwrap();
        assert_eq!(status, 200, "within the grace: {body}");
        successors.insert(body["refresh"].as_str().unwrap().to_owned());
    }
    assert_eq!(successors.len(), 1, "the clients went different ways");
    successors.into_iter().next().unwrap()
}

#[tokio::test]
async fn two_processes_agree_on_one_successor_however_many_refresh_at_once() {
    let database_url = postgres_schema_url().await.unwrap();
    let servers = [Server::start(&database_url), Server::start(&database_url)];
    let ports = [servers[0].port, servers[1].port];
    let credentials = json!({"username": "alice", "password": PASSWORD});
    assert_eq!(post(ports[0], "/api/register", credentials.clone()).await.0, 201);
    let (_, pair) = post(ports[1], "/api/token/", credentials).await;
    let first = pair["refresh"].as_str().unwrap().to_owned();
    let mut refresh = first.clone();
    for _ in 0..rounds() {
        refresh = race(ports, &refresh).await;
    }
    // A replay at one process is known to the other at once.
    let (status, body) = post(ports[0], "/api/token/refresh/", json!({"refresh": first})).await;
    assert_eq!((status, &body["reason"]), (401, &json!("refresh_token_reused")));
    let (status, body) = post(ports[1], "/api/token/refresh/", json!({"refresh": refresh})).await;
    assert_eq!((status, &body["reason"]), (401, &json!("revoked")));
}
