//! Clients that ask without a pause for as long as a fault lasts, and the times of their answers.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result,
    client::{self, Client, Credential},
};

/// Longer than any limit of the server.
const LIMIT: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(5);

/// Measures time.
#[derive(Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock of the machine")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

pub fn pause(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

/// What a client asks for, again and again.
pub enum Ask {
    Get(String, Credential),
    Post(String, Credential),
    Page(String),
    LogIn(String),
}

/// A number of clients that ask for the same.
pub struct Clients {
    pub ask: Ask,
    pub count: usize,
}

/// One request.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Index of its [`Clients`].
    pub clients: usize,
    pub begin: Duration,
    pub took: Duration,
    /// `None`: no answer.
    pub status: Option<u16>,
}

impl Sample {
    pub fn end(&self) -> Duration {
        self.begin + self.took
    }
}

/// Runs `fault` while the clients ask.
pub fn sample<T>(
    port: u16,
    clients: &[Clients],
    watch: Watch,
    fault: impl FnOnce() -> Result<T>,
) -> Result<(T, Vec<Sample>)> {
    let (samples, has_ended) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let outcome = thread::scope(|scope| {
        for (index, clients) in clients.iter().enumerate() {
            let (samples, has_ended) = (&samples, &has_ended);
            for _ in 0..clients.count {
                scope.spawn(move || {
                    let mut connection = None;
                    let mut own = Vec::new();
                    while !has_ended.load(Ordering::Relaxed) {
                        let begin = watch.elapsed();
                        let status = ask(port, &clients.ask, &mut connection);
                        if status.is_none() {
                            connection = None;
                        }
                        own.push(Sample { clients: index, begin, took: watch.elapsed().saturating_sub(begin), status });
                        thread::sleep(PAUSE);
                    }
                    samples.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
                });
            }
        }
        let outcome = fault();
        has_ended.store(true, Ordering::Relaxed);
        outcome
    })?;
    Ok((outcome, samples.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Asks once. `None`: no answer. The connection is kept for the next request.
pub fn ask(port: u16, ask: &Ask, connection: &mut Option<Client>) -> Option<u16> {
    if let Ask::Page(path) = ask {
        return client::page(port, path, LIMIT).ok();
    }
    if connection.is_none() {
        *connection = Client::connect_with_limit(port, LIMIT).ok();
    }
    let client = connection.as_mut()?;
    let answer = match ask {
        Ask::Get(path, credential) => client.get(path, &credential.headers()),
        Ask::Post(path, credential) => client.post(path, &credential.headers(), &credential.body()),
        Ask::LogIn(mode) => client.post(&format!("/api/{mode}/login"), &[], &client::account()),
        Ask::Page(_) => return None,
    };
    let answer = answer.ok()?;
    if answer.is_last {
        *connection = None;
    }
    Some(answer.status)
}

/// Milliseconds of the longest.
pub fn longest<'a>(samples: impl Iterator<Item = &'a Sample>) -> u128 {
    samples.map(|sample| sample.took.as_millis()).max().unwrap_or_default()
}
