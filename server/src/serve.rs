//! Serves a router on a socket, with limits on connections. `axum::serve` has no time-outs and no maximum: clients that
//! never finish a request occupy connections, and a shutdown waits for them forever (slow loris; OWASP ASVS 5.0,
//! 15.2.2).

use std::{
    convert::Infallible,
    future::pending,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// Connections. The usual limit of open files is 1024; half of it is left for the database and for files of the app.
pub const MAX_CONNECTIONS: usize = 512;
/// A browser sends its first head within one round trip. With a longer limit, slow clients can occupy more connections.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// How long a connection may stay idle, or without its first head, while another one waits for a place: about twice as
/// long at most. So a new connection waits for about two seconds, also behind 1,000 slow clients. A client further away
/// than this from the server is refused while the server is full.
const IDLE_WHEN_FULL: Duration = Duration::from_secs(1);
/// Proxies keep an idle connection for 60 s (nginx, AWS ALB). With a shorter limit, the server could close a connection
/// while the proxy sends a request on it, and the proxy would answer 502.
const NEXT_HEAD: Duration = Duration::from_secs(75);
/// A client that reads nothing for this long is disconnected.
const STALLED_WRITE: Duration = Duration::from_secs(30);
/// Docker kills a container 10 s after SIGTERM. The rest of that time is for closing the database.
const SHUTDOWN: Duration = Duration::from_secs(8);
/// Maximum bytes of a head, and of buffered output: it limits the memory per connection. A cookie has at most 4 KiB.
const BUFFER_BYTES: usize = 64 * 1024;
/// Pause after `accept` fails because no file descriptor is free. Without it, the loop would use a whole core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Limits on connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections. Further ones wait in the queue of the system, which costs this process no memory. A short
    /// burst is served a little later; closing its connections would show the clients an error.
    pub connections: usize,
    /// From the connection to the last byte of its first head.
    pub first_head: Duration,
    /// The maximum time without a request while every place is taken. Slow and idle clients then give theirs to others.
    pub idle_when_full: Duration,
    /// From the last byte of an answer to the last byte of the next head: an idle connection, and a slow second
    /// request.
    pub next_head: Duration,
    /// The maximum wait of one write to a client.
    pub stalled_write: Duration,
    /// From the first signal until the open connections are closed.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: MAX_CONNECTIONS,
            first_head: FIRST_HEAD,
            idle_when_full: IDLE_WHEN_FULL,
            next_head: NEXT_HEAD,
            stalled_write: STALLED_WRITE,
            shutdown: SHUTDOWN,
        }
    }
}

/// How the shutdown ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Every request was answered.
    Graceful,
    /// The deadline passed. Open connections were closed.
    Deadline,
    /// A second signal arrived. Open connections were closed.
    Forced,
}

/// Serves until the first signal, then finishes the requests that have begun, until the deadline or a second signal.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    signals: &mut mpsc::Receiver<()>,
) -> Shutdown {
    let places = Arc::new(Semaphore::new(limits.connections));
    let is_full = Arc::new(AtomicBool::new(false));
    let (stop, stopping) = watch::channel(());
    // Dropping the set closes its connections.
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &places, &is_full) => accepted,
            () = signal(signals) => break,
            Some(_) = connections.join_next() => continue,
        };
        let requests = Requests { turns: AtomicU64::new(0), is_full: Arc::clone(&is_full) };
        connections.spawn(connection(stream, peer, router.clone(), limits, requests, stopping.clone(), place));
    }
    // After this, the system refuses new connections.
    drop(listener);
    drop(stop);
    let answered = async { while connections.join_next().await.is_some() {} };
    tokio::select! {
        answered = timeout(limits.shutdown, answered) => answered.map_or(Shutdown::Deadline, |()| Shutdown::Graceful),
        () = signal(signals) => Shutdown::Forced,
    }
}

/// Waits for the next signal; forever, if the sender is dropped.
async fn signal(signals: &mut mpsc::Receiver<()>) {
    if signals.recv().await.is_none() {
        pending::<()>().await;
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    is_full: &AtomicBool,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    is_full.store(places.available_permits() == 0, Ordering::Relaxed);
    // `acquire_owned` fails only if the semaphore is closed, and nothing closes it.
    let place = Arc::clone(places).acquire_owned().await.ok();
    is_full.store(false, Ordering::Relaxed);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            // The client disconnected before `accept`: not an error of the server.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// The requests of one connection, one after the other.
struct Requests {
    /// Raised when a request begins, and when its answer begins: odd while a request waits for its answer.
    turns: AtomicU64,
    /// Whether every place is taken.
    is_full: Arc<AtomicBool>,
}

impl Requests {
    fn have_begun(&self) -> bool {
        self.turns.load(Ordering::Relaxed) > 0
    }

    /// Ends when the connection was idle for this time, or twice this time at most, while every place was taken.
    async fn idle_when_full(&self, limit: Duration) {
        loop {
            let before = self.turns.load(Ordering::Relaxed);
            sleep(limit).await;
            let is_idle = before.is_multiple_of(2) && self.turns.load(Ordering::Relaxed) == before;
            if is_idle && self.is_full.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Ends if the first request has not begun within this time.
    async fn first_is_late(&self, limit: Duration) {
        sleep(limit).await;
        if self.have_begun() {
            pending::<()>().await;
        }
    }
}

/// Serves one connection to its end. The client or a limit ends it, so errors are not logged. `stopping` changes when
/// the server stops.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    requests: Requests,
    mut stopping: watch::Receiver<()>,
    _place: Option<OwnedSemaphorePermit>,
) {
    // Disable Nagle's algorithm: answers are written whole, and waiting for more output delays them by 40 ms. If this
    // call fails, the delay is the only effect.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stalled_write));
    let service = service_fn(|mut request: Request<Incoming>| {
        let turns = &requests.turns;
        turns.fetch_add(1, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            turns.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(response)
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.next_head)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut serving = pin!(serving);
    tokio::select! {
        // First, so that a request that has arrived is read before its connection counts as idle.
        biased;
        _ = &mut serving => return,
        _ = stopping.changed() => {}
        () = requests.first_is_late(limits.first_head) => return,
        () = requests.idle_when_full(limits.idle_when_full) => if !requests.have_begun() { return },
    }
    // Closes a connection between two requests now, and any other one after its answer.
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}
