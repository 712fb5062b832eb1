//! The counters in the database: shared by all instances, exact under concurrency, and without readable content.

use super::*;
use crate::{
    db::db_fetch_all,
    on_both_databases,
    secret::SecretHash,
    testing::{PASSWORD, START},
};

on_both_databases! {
    async fn two_instances_share_the_count(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (one, two, req) = (&world.auth.throttle, another_instance(&world), from("203.0.113.7"));
        for _ in 0..10 {
            one.admit_anonymous(&req, START).await.unwrap();
            two.admit_anonymous(&req, START).await.unwrap();
        }
        assert!(wait(one.admit_anonymous(&req, START).await).is_some());
        assert!(wait(two.admit_anonymous(&req, START).await).is_some());
    }

    async fn concurrent_requests_never_exceed_the_limit(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let instances = [world.auth.throttle.clone(), another_instance(&world)];
        let tasks: Vec<_> = (0..60)
            .map(|n| {
                let throttle = instances[n % 2].clone();
                tokio::spawn(async move { wait(throttle.admit_anonymous(&from("203.0.113.7"), START).await) })
            })
            .collect();
        assert_eq!(admitted(tasks).await, 20);
    }

    async fn a_refused_flood_runs_no_more_statements(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (throttle, req) = (&world.auth.throttle, from("203.0.113.7"));
        fail(throttle, "alice", "203.0.113.7", 10, START).await;
        for _ in 0..20 {
            throttle.admit_anonymous(&req, START).await.unwrap();
        }
        assert!(wait(throttle.admit_anonymous(&req, START).await).is_some());
        assert!(try_from(throttle, "alice", "203.0.113.7", START).await.is_some());
        world.auth.db().close().await;
        assert!(wait(throttle.admit_anonymous(&req, START).await).is_some());
        assert!(try_from(throttle, "alice", "203.0.113.7", START).await.is_some());
    }

    async fn without_its_database_no_attempt_is_admitted(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.auth.db().close().await;
        let refused = world.auth.throttle.admit_anonymous(&from("203.0.113.7"), START).await;
        assert!(matches!(refused, Err(AuthError::Database(_))));
    }

    async fn typed_names_are_not_stored_and_addresses_are_only_in_the_audit_log(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let mode = world.modes()[0].0;
        let typed = "typed into the wrong field";
        world.auth.login(mode, typed, "wrong", &from("203.0.113.7")).await.unwrap_err();
        let dump = world.dump().await.unwrap();
        for secret in [typed, SecretHash::of(typed.as_bytes()).as_str()] {
            assert!(!dump.contains(secret), "{secret}");
        }
        let rows = async || -> Result<Vec<(String,)>, AuthError> {
            Ok(db_fetch_all!(world.auth.db(), "select key_hash from throttle union all select key_hash from known_addresses"))
        };
        let keys = rows().await.unwrap();
        let address = SecretHash::of(b"203.0.113.7");
        assert!(!keys.is_empty());
        assert!(keys.iter().all(|(key,)| !key.contains("203.0.113") && key != address.as_str()), "{keys:?}");
    }

    async fn expired_rows_are_pruned_in_batches_and_live_ones_stay(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let throttle = &world.auth.throttle;
        for n in 0..5 {
            throttle.admit_anonymous(&from(&format!("198.51.100.{n}")), START).await.unwrap();
        }
        let later = START.plus(Seconds(60));
        for _ in 0..20 {
            throttle.admit_anonymous(&from("203.0.113.7"), later).await.unwrap();
        }
        assert_eq!(throttle.prune(START.plus(Seconds(59)), 3).await.unwrap(), 0);
        assert_eq!(throttle.prune(later, 3).await.unwrap(), 3);
        assert_eq!(throttle.prune(later, 3).await.unwrap(), 2);
        assert!(wait(throttle.admit_anonymous(&from("203.0.113.7"), later).await).is_some());
    }

    async fn a_known_address_is_pruned_when_it_has_expired(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        world.auth.login(mode, "alice", PASSWORD, &from("203.0.113.7")).await.unwrap();
        let known = async || -> Result<Vec<(String,)>, AuthError> {
            Ok(db_fetch_all!(world.auth.db(), "select key_hash from known_addresses"))
        };
        let end = START.plus(KNOWN_FOR);
        world.auth.throttle.prune(Timestamp(end.0 - 1), 100).await.unwrap();
        assert_eq!(known().await.unwrap().len(), 1);
        world.auth.throttle.prune(end, 100).await.unwrap();
        assert_eq!(known().await.unwrap().len(), 0);
    }
}
