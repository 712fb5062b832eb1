//! Rotation: a new credential for the same sign-in.

use auth::{
    AuthError, IssuedBy, ReuseOutcome, Seconds, on_both_databases,
    testing::{World, present, with_key},
};

use crate::{is_signed_in, listed};

on_both_databases! {
    async fn twenty_replaced_credentials_are_kept_and_an_older_one_is_unknown(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        // The modes whose credential is one random value that a rotation replaces.
        for mode in world.auth.modes().filter(|mode| mode.remembers && !mode.needs_key).map(|mode| mode.id) {
            let mut all = vec![world.log_in(mode, "alice").await.unwrap()];
            for _ in 0..21 {
                all.push(present(&world.auth.rotate(mode.0, all.last().unwrap()).await.unwrap()));
            }
            let refusal = async |at: usize| match world.auth.identify(mode.0, &all[at]).await {
                Err(AuthError::Refused(refusal)) => refusal.as_str(),
                other => panic!("{mode}: {other:?}"),
            };
            assert_eq!((refusal(0).await, refusal(1).await, refusal(20).await), ("unknown", "replaced", "replaced"), "{mode}");
            assert!(is_signed_in(&world, mode, &all[21]).await, "{mode}");
        }
    }

    async fn a_rotation_by_a_clock_that_lags_moves_no_date_of_the_sign_in_back(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| mode.remembers).map(|mode| mode.id) {
            let mine = world.log_in(mode, "alice").await.unwrap();
            world.clock.advance(Seconds(90));
            let next = present(&world.auth.rotate(mode.0, &mine).await.unwrap());
            let dates = async || {
                let listed = world.auth.sign_ins_of(&alice, None).await.unwrap();
                let mine = listed.into_iter().find(|sign_in| sign_in.mode == mode.0).unwrap();
                (mine.last_seen_at, mine.idle_expires_at)
            };
            let before = dates().await;
            world.clock.advance(Seconds(-20));
            world.auth.rotate(mode.0, &next).await.unwrap();
            assert_eq!(dates().await, before, "{mode}");
        }
    }

    async fn rotation_counts_up_and_the_successor_works(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let mut req = world.log_in(mode, "alice").await.unwrap();
            for generation in 2..=4 {
                let issued = world.auth.rotate(mode.0, &req).await.unwrap();
                req = present(&issued);
                let caller = world.auth.identify(mode.0, &req).await.unwrap().unwrap();
                assert_eq!(caller.lifetime.generation, generation, "{mode}");
            }
        }
    }

    async fn the_replaced_credential_behaves_as_the_trial_reports(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let old = world.log_in(mode, "alice").await.unwrap();
            let trial = world.auth.rotate_and_try_again(mode.0, &old).await.unwrap();
            assert_eq!((trial.previous.generation, trial.issued.lifetime.generation), (1, 2), "{mode}");
            assert_eq!(is_signed_in(&world, mode, &old).await, matches!(trial.to_sign_in, ReuseOutcome::Accepted(_)), "{mode}");
            assert!(is_signed_in(&world, mode, &present(&trial.issued)).await, "{mode}: the trial ended the successor");
        }
    }

    async fn concurrent_rotations_leave_one_live_successor(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            // All requests come from tabs of one client.
            let req = with_key(&world.log_in(mode, "alice").await.unwrap(), "one pending key of all tabs");
            let before = listed(&world, mode, &alice).await;
            let tasks: Vec<_> = (0..16)
                .map(|_| {
                    let (auth, req) = (world.auth.clone(), req.clone());
                    tokio::spawn(async move { auth.rotate(mode.0, &req).await })
                })
                .collect();
            let (mut winners, mut successors) = (0, 0);
            for task in tasks {
                match task.await.unwrap() {
                    Ok(issued) => {
                        assert_eq!(issued.lifetime.generation, 2, "{mode}");
                        assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}: a winner is not signed in");
                        winners += 1;
                        successors += u32::from(issued.by == IssuedBy::Rotation);
                    }
                    Err(AuthError::Refused(_)) => {}
                    Err(error) => panic!("{mode}: {error}"),
                }
            }
            assert!(winners >= 1, "{mode}: no rotation succeeded");
            if world.auth.mode(mode.0).unwrap().remembers {
                assert_eq!(successors, 1, "{mode}: the others are retries of the first");
            }
            assert_eq!(listed(&world, mode, &alice).await, before, "{mode}");
        }
    }
}
