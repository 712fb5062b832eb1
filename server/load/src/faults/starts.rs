//! Two processes start at once on a new database: both serve.

use std::{path::Path, thread};

use super::{Checks, Finding};
use crate::{
    Result,
    client::Client,
    process::{Database, Place},
};

const PAIRS: usize = 20;

pub fn run(program: &Path) -> Result<Vec<Finding>> {
    Database::available().iter().map(|database| on(program, database)).collect()
}

fn on(program: &Path, database: &Database) -> Result<Finding> {
    let mut checks = Checks::default();
    let mut served = 0;
    for _ in 0..PAIRS {
        let place = Place::new(database)?;
        let started = thread::scope(|scope| {
            let threads =
                [(); 2].map(|()| scope.spawn(|| place.serve(program, &[]).map_err(|error| error.to_string())));
            threads.map(|thread| thread.join().unwrap_or_else(|_| Err("a start panicked".to_owned())))
        });
        match started {
            [Ok(one), Ok(other)] => {
                // Both have one key ring: each accepts what the other has made.
                Client::connect(one.port)?.register()?;
                let mut clients = [Client::connect(one.port)?, Client::connect(other.port)?];
                for mode in clients[0].modes()? {
                    let credential = clients[0].log_in(&mode)?;
                    clients[1].get(&super::me(&mode), &credential.headers())?.expect(200)?;
                }
                served += 1;
            }
            started => {
                for error in started.into_iter().filter_map(Result::err) {
                    let reason = error.lines().last().unwrap_or_default().to_owned();
                    checks.expect(false, || format!("a process did not start: {reason}"));
                }
            }
        }
    }
    Ok(checks.finding(database.name(), format!("{PAIRS} pairs, in {served} both serve")))
}
