//! Lifetimes: every credential dies at its expiry, and not before.

use auth::{
    AuthError, CLOCK_TOLERANCE, Delivery, Refusal, Seconds, on_both_databases,
    testing::{PASSWORD, World, present, request},
    touch_interval,
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

    async fn continued_use_keeps_a_sign_in_alive_until_its_absolute_end(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let mut issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let end = issued.lifetime.absolute_expires_at;
            // Rotate half-way to the expiry of each credential.
            while issued.lifetime.expires_at < end {
                let half = issued.lifetime.expires_at.since(world.clock.now()).0 / 2;
                // Rotations far from the end are all alike. For a credential that lives minutes, test one day of them.
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

    async fn use_without_rotation_keeps_a_sliding_credential_alive(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| !mode.renews_silently).map(|mode| mode.id) {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let mut req = present(&issued);
            let idle = issued.lifetime.expires_at.since(world.clock.now()).0;
            for _ in 0..3 {
                world.clock.advance(Seconds(idle * 2 / 3));
                req = world.used(&req).await;
                assert!(is_signed_in(&world, mode, &req).await, "{mode}");
            }
        }
    }

    async fn idle_time_counts_from_the_last_use_to_within_a_twentieth_of_it(driver: Driver) {
        for idle in [20, 200, 2000] {
            let text = idle.to_string();
            let names = ["SESSION_IDLE_LIFETIME", "COOKIE_IDLE_LIFETIME", "OPAQUE_IDLE_LIFETIME"];
            let world = World::with_settings(driver, &names.map(|name| (name, text.as_str()))).await.unwrap();
            world.sign_up("alice").await.unwrap();
            for mode in world.auth.modes().filter(|mode| !mode.renews_silently).map(|mode| mode.id) {
                let mut req = world.log_in(mode, "alice").await.unwrap();
                // Not a multiple of the interval between writes of "last seen".
                for step in [idle / 4 + 1, idle / 3, idle / 7 + 1] {
                    world.clock.advance(Seconds(step));
                    req = world.used(&req).await;
                    assert!(is_signed_in(&world, mode, &req).await, "{mode}");
                }
                world.clock.advance(Seconds(idle - touch_interval(Seconds(idle)).0));
                let later = world.used(&req).await;
                assert!(is_signed_in(&world, mode, &later).await, "{mode}: dead too early");
                world.clock.advance(Seconds(idle));
                assert!(!is_signed_in(&world, mode, &later).await, "{mode}: alive too long");
            }
        }
    }

    async fn a_lifetime_of_seconds_is_enforced_like_one_of_days(driver: Driver) {
        let names = ["SESSION_IDLE_LIFETIME", "COOKIE_IDLE_LIFETIME", "OPAQUE_IDLE_LIFETIME"];
        let world = World::with_settings(driver, &names.map(|name| (name, "8"))).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| !mode.renews_silently).map(|mode| mode.id) {
            let mut req = world.log_in(mode, "alice").await.unwrap();
            for _ in 0..10 {
                world.clock.advance(Seconds(4));
                req = world.used(&req).await;
                assert!(is_signed_in(&world, mode, &req).await, "{mode}");
            }
        }
    }

    async fn a_clock_that_is_set_back_revives_nothing(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let before = world.clock.now();
            world.clock.advance(Seconds(-CLOCK_TOLERANCE.0));
            assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}: within the tolerance");
            world.clock.advance(Seconds(-1));
            let outcome = world.auth.identify(mode.0, &present(&issued)).await;
            assert!(matches!(outcome, Err(AuthError::Refused(Refusal::NotYetValid))), "{mode}: {outcome:?}");
            assert!(world.auth.rotate(mode.0, &present(&issued)).await.is_err(), "{mode}: rotated");
            move_to(&world, before);
        }
    }
}
