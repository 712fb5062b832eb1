//! The contract of every mode, on both databases. No test names a mode, so deleting a mode changes no test.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod at_rest;
mod atomicity;
mod audit;
mod devices;
mod end_reasons;
mod ending;
mod histories;
mod lifetimes;
mod races;
mod replay;
mod rotation;
mod sign_in;
mod stolen;

use auth::{
    AuthError, ModeId, Revocation, Timestamp, UserId,
    testing::{Driver, World},
};
use http::request::Parts;

async fn is_signed_in(world: &World, mode: ModeId, req: &Parts) -> bool {
    match world.auth.identify(mode.0, req).await {
        Ok(found) => found.is_some(),
        Err(AuthError::Refused(_)) => false,
        Err(error) => panic!("{mode}: {error}"),
    }
}

fn move_to(world: &World, instant: Timestamp) {
    world.clock.advance(instant.since(world.clock.now()));
}

/// Checks an announced revocation: the credential is dead now, or lives until the announced instant and no second
/// longer.
async fn assert_ended(world: &World, mode: ModeId, req: &Parts, revocation: Revocation) {
    match revocation {
        Revocation::Unreadable => panic!("{mode}: the credential is unreadable"),
        Revocation::Immediate => assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after its end"),
        Revocation::AtExpiry(until) => {
            assert!(until > world.clock.now(), "{mode}: an end in the past");
            move_to(world, until);
            assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after {until:?}");
        }
    }
}

/// Signs alice in once by each mode.
async fn signed_in_everywhere(world: &World) -> Vec<(ModeId, Parts)> {
    let mut all = Vec::new();
    for mode in world.modes() {
        all.push((mode, world.log_in(mode, "alice").await.unwrap()));
    }
    all
}

/// The number of sign-ins of this mode on the user's list.
async fn listed(world: &World, mode: ModeId, user: &UserId) -> usize {
    world.auth.sign_ins_of(user, None).await.unwrap().iter().filter(|sign_in| sign_in.mode == mode.0).count()
}

/// A world with alice and without rate limits, for long runs.
async fn unthrottled(driver: Driver) -> World {
    let settings = [("THROTTLE_USER", "off"), ("THROTTLE_ACCOUNT", "off"), ("THROTTLE_ACCOUNT_TOTAL", "off")];
    let world = World::with_settings(driver, &settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}
