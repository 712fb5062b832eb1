//! Serves a router on a socket, with limits on connections. `axum::serve` has no time-outs and no bound: clients that never
//! finish a request hold their connections, and a shutdown waits for them without end (slow loris; OWASP ASVS 5.0, 15.2.2).

use std::{convert::Infallible, future::pending, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// Connections. The usual limit of open files is 1024; the other half is for the database and for files of the app.
pub const MAX_CONNECTIONS: usize = 512;
/// A browser sends its first head within one round trip. A longer limit gives slow clients more connections to hold.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// Proxies keep a connection to us for 60 s (nginx, AWS ALB). With a shorter limit we close one at the moment at which the proxy
/// sends a request on it, and the proxy answers 502.
const NEXT_HEAD: Duration = Duration::from_secs(75);
/// A client that reads nothing for so long does not want its answer.
const STALLED_WRITE: Duration = Duration::from_secs(30);
/// Docker kills a container 10 s after it asked it to stop. The rest is for closing the database.
const SHUTDOWN: Duration = Duration::from_secs(8);
/// Bytes of a head, and of an answer that waits to be written: a bound on memory per connection. A cookie has at most 4 KiB.
const BUFFER_BYTES: usize = 64 * 1024;
/// Pause after the system has no file descriptor for a connection. Without one, the loop would use a whole core.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections. Further ones wait in the system's queue, which holds no memory of ours: a short burst is served a
    /// little later, while closing them would show its clients an error.
    pub connections: usize,
    /// From the connection to the last byte of its first head.
    pub first_head: Duration,
    /// From the last byte of an answer to the last byte of the next head: an idle connection, and a slow second request.
    pub next_head: Duration,
    /// How long one write to a client may wait.
    pub stalled_write: Duration,
    /// From the first signal to the end of the requests that are being answered.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: MAX_CONNECTIONS,
            first_head: FIRST_HEAD,
            next_head: NEXT_HEAD,
            stalled_write: STALLED_WRITE,
            shutdown: SHUTDOWN,
        }
    }
}

/// How serving has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request was answered.
    Answered,
    /// The deadline passed; the connections that were left are closed.
    Deadline,
    /// A second signal came; so are they.
    AtOnce,
}

/// Serves until a signal comes, then answers the requests that have begun: until the deadline, or until a second signal.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, signals: &mut mpsc::Receiver<()>) -> Ended {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    // Dropping the set closes its connections.
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = signal(signals) => break,
            Some(_) = connections.join_next() => continue,
        };
        connections.spawn(connection(stream, peer, router.clone(), limits, graceful.watcher(), place));
    }
    // From here on, the system refuses new connections.
    drop(listener);
    tokio::select! {
        answered = timeout(limits.shutdown, graceful.shutdown()) => answered.map_or(Ended::Deadline, |()| Ended::Answered),
        () = signal(signals) => Ended::AtOnce,
    }
}

/// The next signal. Never, where nobody is left to send one.
async fn signal(signals: &mut mpsc::Receiver<()>) {
    if signals.recv().await.is_none() {
        pending::<()>().await;
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // An error means a closed semaphore, and nobody closes it.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            // The client has gone: its problem.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves one connection to its end. What ends it is the client's doing or a limit: nothing to log at each.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    watcher: Watcher,
    _place: Option<OwnedSemaphorePermit>,
) {
    // Answers are written whole: waiting for more to send delays them by 40 ms. A failure costs those, and nothing else.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stalled_write));
    let requested = Arc::new(Notify::new());
    let service = service_fn(|mut request: Request<Incoming>| {
        requested.notify_one();
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            Ok::<_, Infallible>(response)
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.next_head)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut serving = pin!(watcher.watch(serving));
    tokio::select! {
        _ = &mut serving => return,
        () = requested.notified() => {}
        () = sleep(limits.first_head) => return,
    }
    let _ = serving.await;
}
