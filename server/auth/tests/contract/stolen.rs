//! A stolen credential stops working after every operation of the user or the operator that ends it, in every mode.

use auth::{
    AuthError, NewKey, RING_REFRESH, SigningAlgorithm, on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::{is_signed_in, signed_in_everywhere};

const NEW_PASSWORD: &str = "copper lantern by the weir";

on_both_databases! {
    async fn a_password_change_ends_every_credential_but_gives_the_caller_a_new_one(driver: Driver) {
        for mode in World::new(driver).await.unwrap().modes() {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let stolen = signed_in_everywhere(&world).await;
            let mine = world.log_in(mode, "alice").await.unwrap();
            let carried = world.auth.change_password(mode.0, PASSWORD, NEW_PASSWORD, &mine).await.unwrap();
            for (other, req) in stolen.iter().chain([&(mode, mine)]) {
                assert!(!is_signed_in(&world, *other, req).await, "{other} outlived a change by {mode}");
                assert!(world.auth.rotate(other.0, req).await.is_err(), "{other}: rotated");
            }
            assert!(is_signed_in(&world, mode, &present(&carried.issued)).await, "{mode}: the caller was signed out");
            let old = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await;
            assert!(matches!(old, Err(AuthError::InvalidCredentials)), "{mode}: the old password works");
            assert!(world.auth.login(mode.0, "alice", NEW_PASSWORD, &request(&[])).await.is_ok(), "{mode}");
        }
    }

    async fn a_stolen_credential_alone_cannot_change_the_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let refused = world.auth.change_password(mode.0, "not her password", NEW_PASSWORD, &req).await;
            assert!(matches!(refused, Err(AuthError::WrongPassword)), "{mode}");
            assert!(is_signed_in(&world, mode, &req).await, "{mode}: a refused change signed her out");
        }
    }

    async fn a_weak_new_password_changes_nothing(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (mode, req) = signed_in_everywhere(&world).await.remove(0);
        let refused = world.auth.change_password(mode.0, PASSWORD, "short", &req).await;
        assert!(matches!(refused, Err(AuthError::InvalidRegistration { password: Some(_), .. })));
        assert!(is_signed_in(&world, mode, &req).await);
    }

    async fn of_two_concurrent_password_changes_one_wins(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (mode, req) = signed_in_everywhere(&world).await.remove(0);
        let (one, two) = tokio::join!(
            world.auth.change_password(mode.0, PASSWORD, NEW_PASSWORD, &req),
            world.auth.change_password(mode.0, PASSWORD, "velvet anchor in the attic", &req),
        );
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    }

    async fn retiring_a_key_ends_its_credentials_within_the_refresh_of_the_ring(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let all = signed_in_everywhere(&world).await;
        let another = world.another_instance().unwrap();
        let new = NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: world.clock.now() };
        world.auth.rotate_keys(new).await.unwrap();
        world.auth.retire_key("1").await.unwrap();
        world.clock.advance(RING_REFRESH);
        for (mode, req) in &all {
            let here = is_signed_in(&world, *mode, req).await;
            let there = another.identify(mode.0, req).await.is_ok_and(|found| found.is_some());
            assert_eq!(here, there, "{mode}: two instances disagree");
            assert_eq!(here, !world.auth.mode(mode.0).unwrap().needs_key, "{mode}");
        }
    }

    async fn logging_out_everywhere_while_a_rotation_runs_leaves_no_successor(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            for round in 0..8 {
                let (mine, ending) = (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
                let ended = async {
                    // Later with each round.
                    for _ in 0..round * 40 {
                        tokio::task::yield_now().await;
                    }
                    world.auth.logout_everywhere(mode.0, &ending).await
                };
                let (rotated, ended) = tokio::join!(world.auth.rotate(mode.0, &mine), ended);
                ended.unwrap();
                if let Ok(issued) = rotated {
                    assert!(!is_signed_in(&world, mode, &present(&issued)).await, "{mode}: the successor lives");
                    assert!(world.auth.rotate(mode.0, &present(&issued)).await.is_err(), "{mode}: it rotates");
                }
                assert!(!is_signed_in(&world, mode, &mine).await, "{mode}");
            }
        }
    }
}
