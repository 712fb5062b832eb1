//! Slow loris: clients that send their head one byte at a time, and never its end.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use super::{
    Checks, Finding, SignedIn, me,
    sampling::{Watch, pause},
};
use crate::{
    Result,
    client::{Client, Credential},
    process::{Database, Server},
    sample::percentile,
};

const SLOW_CLIENTS: usize = 1000;
const MEASURED: Duration = Duration::from_secs(25);
const LIMIT: Duration = Duration::from_mins(1);
/// Milliseconds.
const BOUND: f64 = 100.0;
/// Milliseconds. On a full server, a slow client keeps its place for 1 s. Half of them wait in the system's queue.
const NEW_BOUND: f64 = 5000.0;

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    let server = Server::start(program, &Database::Sqlite, &[])?;
    let port = server.port();
    let signed_in = SignedIn::register(port)?;
    let (mode, credential) = signed_in.each().next().ok_or("the server has no mode")?;
    let mut open = Client::connect_with_limit(port, LIMIT)?;
    open.get(&me(mode), &credential.headers())?.expect(200)?;
    let (is_over, closed) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (times, new) = thread::scope(|scope| -> Result<_> {
        scope.spawn(|| drip(port, &is_over, &closed));
        // Until every place is taken.
        pause(2000);
        let new = scope.spawn(|| measure(port, None, mode, credential));
        let times = measure(port, Some(open), mode, credential);
        let new = new.join().map_err(|_| "a client panicked")?;
        is_over.store(true, Ordering::Relaxed);
        Ok((times?, new?))
    })?;
    let mut checks = Checks::default();
    let (p50, p99) = (percentile(times.iter().copied(), 50), percentile(times.iter().copied(), 99));
    let slowest_new = new.iter().copied().fold(0.0, f64::max);
    let closed = closed.load(Ordering::Relaxed);
    checks.expect(p99 <= BOUND, || format!("p99 of an open connection is {p99:.1} ms"));
    checks.expect(slowest_new <= NEW_BOUND, || format!("a new connection waited {slowest_new:.0} ms"));
    checks.expect(closed >= SLOW_CLIENTS / 2, || format!("the server closed {closed} slow clients only"));
    let text = format!(
        "{} answers on an open connection, p50 {p50:.1} ms, p99 {p99:.1} ms; {} on new ones, slowest {slowest_new:.0} ms; \
         {closed} slow clients closed",
        times.len(),
        new.len()
    );
    Ok(vec![checks.finding("SQLite", text)])
}

/// Keeps the slow clients connected. A client whose connection was closed comes back.
fn drip(port: u16, is_over: &AtomicBool, closed: &AtomicUsize) {
    let connect = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        stream.set_nonblocking(true).ok()?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: lat").ok()?;
        Some(stream)
    };
    let mut streams: Vec<_> = (0..SLOW_CLIENTS).map(|_| connect()).collect();
    while !is_over.load(Ordering::Relaxed) {
        pause(1000);
        for stream in &mut streams {
            let is_closed = stream.as_mut().is_none_or(|stream| {
                let mut byte = [0];
                let end = match stream.read(&mut byte) {
                    Ok(_) => true,
                    Err(error) => error.kind() != ErrorKind::WouldBlock,
                };
                end || stream.write_all(b"a").is_err()
            });
            if is_closed {
                closed.fetch_add(1, Ordering::Relaxed);
                *stream = connect();
            }
        }
    }
}

/// Milliseconds of each answer: on one connection, or on a new one for each request.
fn measure(port: u16, mut open: Option<Client>, mode: &str, credential: &Credential) -> Result<Vec<f64>> {
    let (mut times, watch) = (Vec::new(), Watch::start());
    while watch.elapsed() < MEASURED {
        let begin = watch.elapsed();
        let headers = credential.headers();
        match &mut open {
            Some(client) => client.get(&me(mode), &headers)?.expect(200)?,
            None => Client::connect_with_limit(port, LIMIT)?.get(&me(mode), &headers)?.expect(200)?,
        };
        times.push(watch.elapsed().saturating_sub(begin).as_secs_f64() * 1e3);
        pause(5);
    }
    Ok(times)
}
