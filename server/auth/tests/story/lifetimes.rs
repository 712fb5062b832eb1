//! Dates: every credential dies when it says, and not before.

use auth::{
    AuthError, Delivery, Issued, IssuedBy, Refusal, Seconds, on_both_databases,
    testing::{PASSWORD, START, World, present, request},
};

use crate::{is_signed_in, move_to};

on_both_databases! {
    async fn a_credential_dies_at_the_instant_of_its_expiry(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            move_to(&world, issued.lifetime.expires_at);
            let refused = world.auth.identify(mode.0, &present(&issued)).await;
            assert!(matches!(refused, Err(AuthError::Refused(Refusal::Expired))), "{mode}");
        }
    }

    async fn a_credential_lives_until_its_expiry(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            move_to(&world, issued.lifetime.expires_at.plus(Seconds(-1)));
            assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
        }
    }

    async fn whoever_keeps_using_it_stays_signed_in_until_the_absolute_end_and_no_longer(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let mut issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let end = issued.lifetime.absolute_expires_at;
            // Half-way to the end of each credential, the next.
            while issued.lifetime.expires_at < end {
                let half = issued.lifetime.expires_at.since(world.clock.now()).0 / 2;
                // Many rotations far from the end are all alike: a day at a time is enough where a credential lives minutes.
                let renewable = (end.0 - world.clock.now().0).min(86_400);
                let step = match &issued.delivery {
                    Delivery::Pair { refresh_expires_in, .. } => (refresh_expires_in.0 / 2).min(renewable),
                    _ => half,
                };
                world.clock.advance(Seconds(step.max(1)));
                if world.clock.now() >= end {
                    break;
                }
                issued = world.auth.rotate(mode.0, &present(&issued)).await.unwrap();
                assert_eq!(issued.lifetime.absolute_expires_at, end, "{mode}: rotation moved the absolute end");
            }
            move_to(&world, end);
            assert!(!is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
            assert!(world.auth.rotate(mode.0, &present(&issued)).await.is_err(), "{mode}: rotated");
        }
    }

    async fn mere_use_keeps_a_sliding_credential_alive(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| !mode.renews_silently).map(|mode| mode.id) {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let mut req = present(&issued);
            let idle = issued.lifetime.expires_at.since(START).0;
            for _ in 0..3 {
                world.clock.advance(Seconds(idle * 2 / 3));
                let found = world.auth.identify(mode.0, &req).await.unwrap().unwrap();
                if !found.set_cookies.is_empty() {
                    let (lifetime, set_cookies) = (found.principal.lifetime, found.set_cookies);
                    let (by, delivery) = (IssuedBy::Rotation, Delivery::Cookie);
                    req = present(&Issued { by, credential: None, lifetime, set_cookies, delivery });
                }
            }
            move_to(&world, START);
        }
    }
}
