//! SIGTERM under load: no answer is lost. A request without an answer has had no effect, so its client may send it
//! again (RFC 9110, 9.2.2; RFC 9112, 9.3.1).

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{
    Checks, Finding, me,
    sampling::{Watch, pause},
};
use crate::{
    Result,
    client::{Client, Credential},
    process::{Database, Place},
};

const STOPS: u64 = 20;
const CLIENTS: usize = 8;
const LIMIT: Duration = Duration::from_secs(40);
/// 8 s for answers, 1 s for the database.
const BOUND: Duration = Duration::from_secs(9);

/// One sign-in, which its client rotates again and again.
struct Rotation {
    mode: String,
    credential: Credential,
    answered: usize,
    /// The last request had no answer.
    is_cut: bool,
    /// … and it was the first one of its connection.
    is_first: bool,
}

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    Database::available().iter().map(|database| on(program, database)).collect()
}

fn on(program: &Path, database: &Database) -> Result<Finding> {
    let place = Place::new(database)?;
    let mut server = place.serve(program, &[])?;
    let mut client = Client::connect(server.port)?;
    client.register()?;
    let modes = modes_that_refuse_a_rotated_credential(&mut client)?;
    if modes.is_empty() {
        return Ok(Finding::skipped(database.name(), "no mode tells whether a rotation was made"));
    }
    let (mut checks, mut slowest) = (Checks::default(), Duration::ZERO);
    let (mut answered, mut unread, mut first) = (0, 0, 0);
    for stop in 0..STOPS {
        let mut client = Client::connect(server.port)?;
        let mut rotations = Vec::new();
        for index in 0..CLIENTS {
            let mode = modes[index % modes.len()].clone();
            let credential = client.log_in(&mode)?;
            rotations.push(Rotation { mode, credential, answered: 0, is_cut: false, is_first: false });
        }
        let (port, is_over) = (server.port, AtomicBool::new(false));
        let took = thread::scope(|scope| {
            for (index, rotation) in rotations.iter_mut().enumerate() {
                let is_over = &is_over;
                // Half of the clients open a connection for each request.
                scope.spawn(move || rotation.run(port, index % 2 == 0, is_over));
            }
            pause(100 + stop * 7);
            let watch = Watch::start();
            server.terminate()?;
            let ended = server.ended();
            let took = watch.elapsed();
            is_over.store(true, Ordering::Relaxed);
            ended.map(|()| took)
        })?;
        slowest = slowest.max(took);
        server = place.serve(program, &[])?;
        let mut client = Client::connect(server.port)?;
        for rotation in &rotations {
            answered += rotation.answered;
            let status = client.get(&me(&rotation.mode), &rotation.credential.headers())?.status;
            checks.expect(status == 200, || {
                format!("a rotation was made, but its answer was lost: {status}, {}", rotation.mode)
            });
            unread += usize::from(rotation.is_cut && !rotation.is_first);
            first += usize::from(rotation.is_cut && rotation.is_first);
        }
    }
    checks.expect(slowest <= BOUND, || format!("a stop took {} ms", slowest.as_millis()));
    let text = format!(
        "{STOPS} stops, the slowest {} ms; {answered} answers; closed before the request was read: {unread} connections that \
         had been used, {first} new ones; lost answers: {}",
        slowest.as_millis(),
        checks.0.len()
    );
    Ok(checks.finding(database.name(), text))
}

impl Rotation {
    /// Rotates until the server is gone.
    fn run(&mut self, port: u16, keeps_connection: bool, is_over: &AtomicBool) {
        let mut connection = None;
        while !is_over.load(Ordering::Relaxed) {
            let is_first = connection.is_none();
            if is_first {
                // Refused: nothing was sent.
                let Ok(client) = Client::connect_with_limit(port, LIMIT) else { return };
                connection = Some(client);
            }
            let Some(client) = &mut connection else { return };
            let path = format!("/api/{}/rotate", self.mode);
            let answer = client.post(&path, &self.credential.headers(), &self.credential.body());
            let next = answer.and_then(|answer| {
                let is_last = answer.is_last;
                Ok((Credential::of(&answer.expect(200)?)?, is_last))
            });
            let Ok((next, is_last)) = next else {
                (self.is_cut, self.is_first) = (true, is_first);
                return;
            };
            self.answered += 1;
            self.credential = next;
            if is_last || !keeps_connection {
                connection = None;
            }
        }
    }
}

/// In these modes, `/me` tells whether a rotation was made.
fn modes_that_refuse_a_rotated_credential(client: &mut Client) -> Result<Vec<String>> {
    let mut modes = Vec::new();
    for mode in client.modes()? {
        let credential = client.log_in(&mode)?;
        client.post(&format!("/api/{mode}/rotate"), &credential.headers(), &credential.body())?.expect(200)?;
        if client.get(&me(&mode), &credential.headers())?.status == 401 {
            modes.push(mode);
        }
    }
    Ok(modes)
}
