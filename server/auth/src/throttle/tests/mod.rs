//! The default rates, on both databases. This file has the helpers that the tests share.

mod accounts;
mod addresses;
mod rates;
mod rows;
mod users;

use std::net::IpAddr;

use tokio::task::JoinHandle;

use super::known::KNOWN_FOR;
use super::*;
use crate::{
    Db, Seconds,
    mode::client::ClientAddress,
    testing::{World, request},
};

impl Throttle {
    async fn admit_anonymous(&self, req: &Parts, now: Timestamp) -> Result<(), AuthError> {
        self.admit(&self.anonymous_counters(req)?, now).await
    }
}

/// A request from this address. An empty text: without an address.
fn from(address: &str) -> Parts {
    let mut parts = request(&[]);
    if let Ok(address) = address.parse::<IpAddr>() {
        parts.extensions.insert(ClientAddress(address));
    }
    parts
}

/// A second process on the database of the world.
fn another_instance(world: &World) -> Throttle {
    Throttle::new(&world.auth.base).unwrap()
}

/// The seconds that a throttled caller has to wait.
fn wait<T: std::fmt::Debug>(outcome: Result<T, AuthError>) -> Option<i64> {
    match outcome {
        Ok(_) | Err(AuthError::InvalidCredentials) => None,
        Err(AuthError::Throttled { retry_after }) => Some(retry_after.0),
        Err(error) => panic!("{error}"),
    }
}

/// The number of concurrent attempts that were not throttled.
async fn admitted(attempts: Vec<JoinHandle<Option<i64>>>) -> usize {
    let mut admitted = 0;
    for attempt in attempts {
        admitted += usize::from(attempt.await.unwrap().is_none());
    }
    admitted
}

/// `times` wrong passwords, all of them admitted.
async fn fail(throttle: &Throttle, username: &str, address: &str, times: usize, now: Timestamp) {
    for _ in 0..times {
        throttle.admit_attempt(username, &from(address), now).await.unwrap();
    }
}

async fn try_from(throttle: &Throttle, username: &str, address: &str, now: Timestamp) -> Option<i64> {
    wait(throttle.admit_attempt(username, &from(address), now).await)
}
