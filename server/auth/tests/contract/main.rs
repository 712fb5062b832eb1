//! The contract: what is true of every mode, on both databases. No mode is named here, so that none has to be removed here.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod at_rest;
mod audit;
mod devices;
mod ending;
mod histories;
mod lifetimes;
mod races;
mod rotation;
mod sign_in;
mod stolen;
mod whole;

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

/// The end of a credential, as the mode announced it: dead now, or alive until then and not a second longer.
async fn assert_ended(world: &World, mode: ModeId, req: &Parts, revocation: Revocation) {
    match revocation {
        Revocation::Unreadable => panic!("{mode}: nothing has ended"),
        Revocation::Immediate => assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after its end"),
        Revocation::AtExpiry(until) => {
            assert!(until > world.clock.now(), "{mode}: an end in the past");
            move_to(world, until);
            assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after {until:?}");
        }
    }
}

/// Alice, signed in once by each mode.
async fn signed_in_everywhere(world: &World) -> Vec<(ModeId, Parts)> {
    let mut all = Vec::new();
    for mode in world.modes() {
        all.push((mode, world.log_in(mode, "alice").await.unwrap()));
    }
    all
}

/// How many sign-ins of this mode are on the user's list.
async fn listed(world: &World, mode: ModeId, user: &UserId) -> usize {
    world.auth.sign_ins_of(user, None).await.unwrap().iter().filter(|sign_in| sign_in.mode == mode.0).count()
}

/// Alice, where no limit on attempts cuts a long run short.
async fn unthrottled(driver: Driver) -> World {
    let settings = [("THROTTLE_USER", "off"), ("THROTTLE_ACCOUNT", "off"), ("THROTTLE_ACCOUNT_TOTAL", "off")];
    let world = World::with_settings(driver, &settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}
