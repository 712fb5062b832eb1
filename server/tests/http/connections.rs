//! Limits on connections, over real sockets: how long one may stay open, how many may be open, and how a shutdown
//! closes them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use server::{Limits, Shutdown, serve};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    task::JoinHandle,
    time::timeout,
};

/// Longer than any test takes, for limits that a test does not use.
const NEVER: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(100);
/// The time after which a waiting test fails.
const PATIENCE: Duration = Duration::from_secs(10);

const UNLIMITED: Limits = Limits {
    connections: 64,
    first_head: NEVER,
    idle_when_full: NEVER,
    next_head: NEVER,
    stalled_write: NEVER,
    shutdown: NEVER,
};

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: latchkey.test\r\n\r\n";
const LAST_REQUEST: &str = "GET / HTTP/1.1\r\nhost: latchkey.test\r\nconnection: close\r\n\r\n";
const HALF_A_HEAD: &str = "GET / HTTP/1.1\r\nhost: lat";

/// A server that runs until the test sends a signal.
struct Running {
    address: SocketAddr,
    signals: mpsc::Sender<()>,
    ended: JoinHandle<Shutdown>,
}

impl Running {
    async fn start(router: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (signals, mut received) = mpsc::channel(2);
        let ended = tokio::spawn(async move { serve(listener, router, limits, &mut received).await });
        Self { address, signals, ended }
    }

    /// A connection on which the client has sent `text`.
    async fn client(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn signal(&self) {
        self.signals.send(()).await.unwrap();
    }

    async fn ended(self) -> Shutdown {
        timeout(PATIENCE, self.ended).await.expect("the server is still running").unwrap()
    }
}

/// Everything that the server sends until it closes the connection.
async fn rest_of(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset counts as closed.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the connection is still open");
    String::from_utf8(bytes).unwrap()
}

/// Reads one answer of [`hello`], on a connection that stays open.
async fn answer(stream: &mut TcpStream) {
    let mut text = String::new();
    while !text.ends_with("hello") {
        let byte = timeout(PATIENCE, stream.read_u8()).await.expect("no answer").unwrap();
        text.push(char::from(byte));
    }
}

fn hello() -> Router {
    Router::new().fallback(|| async { "hello" })
}

/// A router that notifies `begun` and answers after `release` is notified.
fn hello_after(release: &Arc<Notify>, begun: &Arc<Notify>) -> Router {
    let (release, begun) = (Arc::clone(release), Arc::clone(begun));
    Router::new().fallback(move || async move {
        begun.notify_one();
        release.notified().await;
        "hello"
    })
}

#[tokio::test]
async fn the_router_learns_the_address_of_its_client() {
    let router = Router::new().fallback(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
    let server = Running::start(router, UNLIMITED).await;
    let client = server.client(LAST_REQUEST).await;
    let address = client.local_addr().unwrap().to_string();
    assert!(rest_of(client).await.ends_with(&address));
}

#[tokio::test]
async fn clients_that_never_finish_their_first_head_are_closed() {
    let server = Running::start(hello(), Limits { connections: 300, first_head: SHORT, ..UNLIMITED }).await;
    let mut clients = Vec::new();
    for text in [HALF_A_HEAD, ""].into_iter().cycle().take(300) {
        clients.push(server.client(text).await);
    }
    for client in clients {
        assert!(!rest_of(client).await.contains("200 OK"));
    }
    assert!(rest_of(server.client(LAST_REQUEST).await).await.ends_with("hello"));
}

#[tokio::test]
async fn slow_clients_that_take_every_place_give_them_to_others() {
    let server = Running::start(hello(), Limits { connections: 2, idle_when_full: SHORT, ..UNLIMITED }).await;
    let (_slow, _slower) = (server.client(HALF_A_HEAD).await, server.client(HALF_A_HEAD).await);
    assert!(rest_of(server.client(LAST_REQUEST).await).await.ends_with("hello"));
}

#[tokio::test]
async fn idle_clients_that_take_every_place_give_them_to_others() {
    let server = Running::start(hello(), Limits { connections: 2, idle_when_full: SHORT, ..UNLIMITED }).await;
    let (mut idle, mut other) = (server.client(REQUEST).await, server.client(REQUEST).await);
    answer(&mut idle).await;
    answer(&mut other).await;
    assert!(rest_of(server.client(LAST_REQUEST).await).await.ends_with("hello"));
    assert_eq!(rest_of(idle).await, "");
}

#[tokio::test]
async fn a_client_whose_answer_is_under_way_keeps_its_place() {
    let (release, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let limits = Limits { connections: 1, idle_when_full: SHORT, ..UNLIMITED };
    let server = Running::start(hello_after(&release, &begun), limits).await;
    let mut client = server.client(REQUEST).await;
    begun.notified().await;
    let waiting = server.client(LAST_REQUEST).await;
    assert!(timeout(SHORT * 4, begun.notified()).await.is_err(), "the other client got the place");
    release.notify_one();
    answer(&mut client).await;
    // It was not closed by its answer.
    client.write_all(REQUEST.as_bytes()).await.unwrap();
    begun.notified().await;
    release.notify_one();
    answer(&mut client).await;
    assert_eq!(rest_of(client).await, "");
    release.notify_one();
    assert!(rest_of(waiting).await.ends_with("hello"));
}

#[tokio::test]
async fn a_slow_client_keeps_its_place_while_others_are_free() {
    let server = Running::start(hello(), Limits { connections: 2, idle_when_full: SHORT, ..UNLIMITED }).await;
    let mut slow = server.client(HALF_A_HEAD).await;
    assert!(timeout(SHORT * 3, slow.read_u8()).await.is_err(), "the connection was closed");
}

#[tokio::test]
async fn a_head_after_the_first_has_a_limit_as_well() {
    let server = Running::start(hello(), Limits { next_head: SHORT, ..UNLIMITED }).await;
    for text in [HALF_A_HEAD, ""] {
        let mut client = server.client(REQUEST).await;
        answer(&mut client).await;
        client.write_all(text.as_bytes()).await.unwrap();
        assert!(!rest_of(client).await.contains("200 OK"), "{text:?}");
    }
}

#[tokio::test]
async fn an_answer_may_take_longer_than_the_head() {
    let (release, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let limits = Limits { first_head: SHORT, next_head: SHORT, ..UNLIMITED };
    let server = Running::start(hello_after(&release, &begun), limits).await;
    let client = server.client(LAST_REQUEST).await;
    begun.notified().await;
    tokio::time::sleep(SHORT * 2).await;
    release.notify_one();
    assert!(rest_of(client).await.ends_with("hello"));
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_gives_its_place_back() {
    let router = Router::new().fallback(|| async { vec![b'a'; 64 * 1024 * 1024] });
    let server = Running::start(router, Limits { connections: 1, stalled_write: SHORT, ..UNLIMITED }).await;
    let _deaf = server.client(REQUEST).await;
    assert!(rest_of(server.client(LAST_REQUEST).await).await.contains("200 OK"));
}

#[tokio::test]
async fn a_connection_too_many_waits_until_another_ends() {
    let server = Running::start(hello(), Limits { connections: 1, ..UNLIMITED }).await;
    let mut first = server.client(REQUEST).await;
    answer(&mut first).await;
    let mut second = server.client(LAST_REQUEST).await;
    assert!(timeout(SHORT, second.read_u8()).await.is_err(), "both were served at once");
    drop(first);
    assert!(rest_of(second).await.ends_with("hello"));
}

#[tokio::test]
async fn a_shutdown_answers_what_has_begun_and_accepts_nothing_new() {
    let (release, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = Running::start(hello_after(&release, &begun), UNLIMITED).await;
    let client = server.client(REQUEST).await;
    begun.notified().await;
    server.signal().await;
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.notify_one();
    assert!(rest_of(client).await.ends_with("hello"));
    assert_eq!(server.ended().await, Shutdown::Graceful);
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_idle_connections() {
    let server = Running::start(hello(), UNLIMITED).await;
    let mut client = server.client(REQUEST).await;
    answer(&mut client).await;
    server.signal().await;
    assert_eq!(rest_of(client).await, "");
    assert_eq!(server.ended().await, Shutdown::Graceful);
}

#[tokio::test]
async fn a_shutdown_ends_at_its_deadline_even_if_connections_are_open() {
    let (release, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = Running::start(hello_after(&release, &begun), Limits { shutdown: SHORT, ..UNLIMITED }).await;
    let (slow, half) = (server.client(REQUEST).await, server.client(HALF_A_HEAD).await);
    begun.notified().await;
    server.signal().await;
    assert_eq!(server.ended().await, Shutdown::Deadline);
    assert_eq!((rest_of(slow).await, rest_of(half).await), (String::new(), String::new()));
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let (release, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = Running::start(hello_after(&release, &begun), UNLIMITED).await;
    let client = server.client(REQUEST).await;
    begun.notified().await;
    server.signal().await;
    server.signal().await;
    assert_eq!(server.ended().await, Shutdown::Forced);
    assert_eq!(rest_of(client).await, "");
}
