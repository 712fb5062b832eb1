//! Password checks on one account: which of them count, and when the next one is refused.

use super::*;
use crate::{
    on_both_databases,
    testing::{PASSWORD, START},
    throttle::counts::throttled,
};

on_both_databases! {
    async fn concurrent_guesses_are_limited_like_sequential_ones(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move { wait(auth.login(mode, "alice", "wrong", &from("203.0.113.7")).await) })
            })
            .collect();
        assert_eq!(admitted(tasks).await, 10);
    }

    async fn an_account_that_does_not_exist_is_throttled_like_one_that_does(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        for username in ["alice", "nobody", "<>"] {
            let mut answers = Vec::new();
            for _ in 0..11 {
                answers.push(world.auth.login(mode, username, "wrong", &request(&[])).await.unwrap_err().to_string());
            }
            assert!(answers[..10].iter().all(|answer| *answer == AuthError::InvalidCredentials.to_string()), "{username}");
            assert_eq!(answers[10], throttled(START, START).to_string(), "{username}");
        }
    }

    async fn a_throttled_login_does_not_check_the_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        fail(&world.auth.throttle, "alice", "", 10, START).await;
        let mode = world.modes()[0].0;
        assert_eq!(wait(world.auth.login(mode, "alice", PASSWORD, &request(&[])).await), Some(60));
        world.clock.advance(Seconds(60));
        assert_eq!(wait(world.auth.login(mode, "alice", PASSWORD, &request(&[])).await), None);
    }

    async fn only_failures_count_against_an_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        for n in 0..15 {
            assert_eq!(wait(world.auth.login(mode, "alice", PASSWORD, &from("203.0.113.7")).await), None, "{n}");
        }
    }

    async fn a_password_that_was_not_checked_does_not_count(driver: Driver) {
        let rates = [("THROTTLE_ACCOUNT", "2/min"), ("THROTTLE_ACCOUNT_TOTAL", "2/hour")];
        let world = World::with_settings(driver, &rates).await.unwrap();
        let throttle = &world.auth.throttle;
        for _ in 0..5 {
            let attempt = throttle.admit_attempt("alice", &from("203.0.113.7"), START).await.unwrap();
            throttle.give_back(&attempt, START).await.unwrap();
        }
    }

    async fn a_login_that_fails_after_the_check_of_its_password_does_not_count(driver: Driver) {
        let rates = [("THROTTLE_ACCOUNT", "1/min"), ("THROTTLE_ACCOUNT_TOTAL", "1/hour")];
        let world = World::with_settings(driver, &rates).await.unwrap();
        world.sign_up("alice").await.unwrap();
        execute(&world, "alter table audit_events rename to missing").await.unwrap();
        let (mode, req) = (world.modes()[0].0, from("203.0.113.7"));
        for n in 0..3 {
            let outcome = world.auth.login(mode, "alice", PASSWORD, &req).await;
            assert!(matches!(outcome, Err(AuthError::Database(_))), "{n}: {outcome:?}");
        }
    }

    async fn a_login_that_its_account_refuses_counts_for_its_address(driver: Driver) {
        let rates = [("THROTTLE_ANON", "3/min"), ("THROTTLE_ACCOUNT", "1/min")];
        let world = World::with_settings(driver, &rates).await.unwrap();
        let req = from("203.0.113.7");
        // Each instance refuses for the first time, so none refuses from its cache.
        for (n, refused) in [false, true, true].into_iter().enumerate() {
            let outcome = another_instance(&world).admit_login("alice", &req, START).await;
            assert_eq!(wait(outcome).is_some(), refused, "{n}");
        }
        assert!(wait(another_instance(&world).admit_login("bob", &req, START).await).is_some());
    }

    async fn every_spelling_of_a_name_is_the_same_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        fail(&world.auth.throttle, "ALICE", "203.0.113.7", 10, START).await;
        assert!(try_from(&world.auth.throttle, "alice", "203.0.113.7", START).await.is_some());
    }
}

async fn execute(world: &World, sql: &'static str) -> Result<u64, AuthError> {
    Ok(crate::db::db_execute!(world.auth.db(), sql))
}
