//! The rate of changes by one user, across all modes.

use super::*;
use crate::{
    db::db_execute,
    mode::ModeId,
    on_both_databases,
    random::new_id,
    testing::{PASSWORD, START, present},
    work::{Crypto, Recording, Step, StepKind},
};

fn user() -> UserId {
    serde_json::from_value(new_id(START).unwrap().into()).unwrap()
}

/// Sets the only counter to this value: a thousand writes would take a second.
async fn skip_to(throttle: &Throttle, hits: i64) {
    let skip = async || -> Result<u64, AuthError> {
        Ok(db_execute!(&throttle.counts.db, "update throttle set hits = $1", hits))
    };
    assert_eq!(skip().await.unwrap(), 1);
}

/// A dead credential of alice.
async fn dead(world: &World, mode: ModeId) -> Parts {
    let dead = world.log_in(mode, "alice").await.unwrap();
    world.auth.logout_all(mode.0, &dead).await.unwrap();
    dead
}

on_both_databases! {
    async fn a_user_can_make_a_thousand_changes_an_hour(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (throttle, alice, bob) = (&world.auth.throttle, user(), user());
        throttle.admit_user(&alice, START).await.unwrap();
        skip_to(throttle, 999).await;
        throttle.admit_user(&alice, START).await.unwrap();
        assert_eq!(wait(throttle.admit_user(&alice, START).await), Some(3600));
        assert_eq!(wait(throttle.admit_user(&bob, START).await), None);
    }

    async fn rotations_count_for_the_user_whatever_the_mode(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_USER", "2/hour")]).await.unwrap();
        for (n, mode) in world.modes().into_iter().enumerate() {
            let username = format!("user{n}");
            world.sign_up(&username).await.unwrap();
            let mut req = world.log_in(mode, &username).await.unwrap();
            for _ in 0..2 {
                req = present(&world.auth.rotate(mode.0, &req).await.unwrap());
            }
            assert_eq!(wait(world.auth.rotate(mode.0, &req).await), Some(3600), "{mode}");
            world.clock.advance(Seconds::hours(1));
        }
    }

    async fn a_change_of_the_password_counts_before_its_hashes(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_USER", "2/hour")]).await.unwrap();
        for (n, mode) in world.modes().into_iter().enumerate() {
            let username = format!("user{n}");
            world.sign_up(&username).await.unwrap();
            let req = world.log_in(mode, &username).await.unwrap();
            let change = async |current| world.auth.change_password(mode.0, current, "short", &req).await;
            assert!(matches!(change(PASSWORD).await, Err(AuthError::InvalidRegistration { .. })), "{mode}");
            assert!(matches!(change("not the password").await, Err(AuthError::WrongPassword)), "{mode}");
            for current in [PASSWORD, "not the password"] {
                let recording = Recording::default();
                assert_eq!(wait(recording.of(Box::pin(change(current))).await), Some(3600), "{mode}");
                let is_hash = |step: &Step| step.kind == StepKind::Crypto(Crypto::PasswordHash);
                assert!(!recording.steps().iter().any(is_hash), "{mode}: a password was hashed");
            }
            assert_eq!(wait(world.auth.end_others(mode.0, PASSWORD, &req).await), Some(3600), "{mode}");
            world.clock.advance(Seconds::hours(1));
        }
    }

    async fn a_dead_credential_does_not_use_up_the_rate_of_its_user(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_USER", "2/hour")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let dead = dead(&world, mode).await;
            for _ in 0..5 {
                let outcome = world.auth.rotate(mode.0, &dead).await;
                assert!(matches!(outcome, Err(AuthError::Refused(_))), "{mode}: {outcome:?}");
            }
            let alive = world.log_in(mode, "alice").await.unwrap();
            assert!(world.auth.rotate(mode.0, &alive).await.is_ok(), "{mode}");
            world.clock.advance(Seconds::hours(1));
        }
    }

    async fn concurrent_use_of_a_dead_credential_does_not_use_up_the_rate_either(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_USER", "2/hour")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let dead = dead(&world, mode).await;
            let attempts = (0..8).map(|_| {
                let (auth, dead) = (world.auth.clone(), dead.clone());
                tokio::spawn(async move { auth.rotate(mode.0, &dead).await.map(drop) })
            });
            for attempt in attempts.collect::<Vec<_>>() {
                assert!(attempt.await.unwrap().is_err(), "{mode}");
            }
            let alive = world.log_in(mode, "alice").await.unwrap();
            assert!(world.auth.rotate(mode.0, &alive).await.is_ok(), "{mode}");
            world.clock.advance(Seconds::hours(1));
        }
    }
}
