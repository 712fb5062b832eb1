//! The default rates, on both databases.

use std::net::IpAddr;

use super::*;
use crate::{
    Settings,
    db::{read, write},
    on_both_databases,
    secret::new_id,
    testing::{APP_SECRET, PASSWORD, START, World, present, request},
};

/// A request from this address; none: from wherever.
fn from(address: &str) -> Parts {
    let mut parts = request(&[]);
    if let Ok(address) = address.parse::<IpAddr>() {
        parts.extensions.insert(ClientAddress(address));
    }
    parts
}

/// A second process beside the world's own, over the same database.
fn another_instance(world: &World) -> Throttle {
    Throttle::new(&world.auth.base).unwrap()
}

fn user() -> UserId {
    serde_json::from_value(new_id(START).unwrap().into()).unwrap()
}

/// How long the caller is told to wait, if it is.
fn wait<T: std::fmt::Debug>(outcome: Result<T, AuthError>) -> Option<i64> {
    match outcome {
        Ok(_) | Err(AuthError::InvalidCredentials) => None,
        Err(AuthError::Throttled { retry_after }) => Some(retry_after.0),
        Err(error) => panic!("{error}"),
    }
}

/// `times` wrong passwords that are let through.
async fn fail(throttle: &Throttle, username: &str, address: &str, times: usize, now: Timestamp) {
    for _ in 0..times {
        let attempt = throttle.admit_attempt(username, &from(address), now).await.unwrap();
        throttle.settle::<()>(&attempt, Err(&AuthError::InvalidCredentials), now).await.unwrap();
    }
}

/// Wrong passwords from so many addresses that no one of them is stopped for itself.
async fn fail_from_everywhere(throttle: &Throttle, username: &str, times: usize, now: Timestamp) {
    for n in 0..times {
        fail(throttle, username, &format!("198.51.100.{n}"), 1, now).await;
    }
}

/// As if the only count had come so far. A thousand writes would take a second.
async fn skip_to(throttle: &Throttle, hits: i64) {
    let skip = "update throttle set hits = $1";
    let rows = write!(&throttle.db, |db| sqlx::query(skip).bind(hits).execute(db).await.unwrap().rows_affected());
    assert_eq!(rows, 1);
}

async fn try_from(throttle: &Throttle, username: &str, address: &str, now: Timestamp) -> Option<i64> {
    wait(throttle.admit_attempt(username, &from(address), now).await)
}

on_both_databases! {
    async fn twenty_requests_a_minute_pass_and_the_next_passes_after_the_window(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (throttle, req) = (&world.auth.throttle, from("203.0.113.7"));
        for n in 0..20 {
            let now = START.plus(Seconds(n));
            assert_eq!(wait(throttle.admit_anonymous(&req, now).await), None, "{n}");
        }
        assert_eq!(wait(throttle.admit_anonymous(&req, START.plus(Seconds(20))).await), Some(40));
        assert_eq!(wait(throttle.admit_anonymous(&req, START.plus(Seconds(59))).await), Some(1));
        assert_eq!(wait(throttle.admit_anonymous(&req, START.plus(Seconds(60))).await), None);
    }

    async fn a_user_changes_a_thousand_things_an_hour(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (throttle, alice, bob) = (&world.auth.throttle, user(), user());
        throttle.admit_user(&alice, START).await.unwrap();
        skip_to(throttle, 999).await;
        throttle.admit_user(&alice, START).await.unwrap();
        assert_eq!(wait(throttle.admit_user(&alice, START).await), Some(3600));
        assert_eq!(wait(throttle.admit_user(&bob, START).await), None);
    }

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
        let mut admitted = 0;
        for task in tasks {
            admitted += usize::from(task.await.unwrap().is_none());
        }
        assert_eq!(admitted, 20);
    }

    async fn guesses_that_run_at_once_are_no_more_than_guesses_one_after_another(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let auth = world.auth.clone();
                tokio::spawn(async move { wait(auth.login(mode, "alice", "wrong", &from("203.0.113.7")).await) })
            })
            .collect();
        let mut checked = 0;
        for task in tasks {
            checked += usize::from(task.await.unwrap().is_none());
        }
        assert_eq!(checked, 10);
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

    async fn a_throttled_login_does_not_look_at_the_password(driver: Driver) {
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

    async fn a_password_that_was_not_looked_at_does_not_count(driver: Driver) {
        let rates = [("THROTTLE_ACCOUNT", "2/min"), ("THROTTLE_ACCOUNT_TOTAL", "2/hour")];
        let world = World::with_settings(driver, &rates).await.unwrap();
        let throttle = &world.auth.throttle;
        for _ in 0..5 {
            let attempt = throttle.admit_attempt("alice", &from("203.0.113.7"), START).await.unwrap();
            let busy: Result<(), _> = Err(AuthError::Overloaded { retry_after: Seconds(1) });
            throttle.settle(&attempt, busy.as_ref(), START).await.unwrap();
        }
    }

    async fn every_spelling_of_a_name_is_the_same_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        fail(&world.auth.throttle, "ALICE", "203.0.113.7", 10, START).await;
        assert!(try_from(&world.auth.throttle, "alice", "203.0.113.7", START).await.is_some());
    }

    async fn a_strangers_failures_do_not_stop_the_owner_elsewhere(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let throttle = &world.auth.throttle;
        fail(throttle, "alice", "198.51.100.1", 10, START).await;
        assert!(try_from(throttle, "alice", "198.51.100.1", START).await.is_some());
        assert!(try_from(throttle, "alice", "203.0.113.7", START).await.is_none());
    }

    async fn failures_from_everywhere_stop_all_but_addresses_that_the_account_knows(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (throttle, home, mode) = (&world.auth.throttle, "203.0.113.7", world.modes()[0].0);
        world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
        fail_from_everywhere(throttle, "alice", 100, START).await;
        assert_eq!(try_from(throttle, "alice", "192.0.2.1", START).await, Some(3600));
        assert_eq!(wait(world.auth.login(mode, "alice", PASSWORD, &from(home)).await), None);
        assert_eq!(wait(another_instance(&world).admit_attempt("alice", &from(home), START).await), None);
    }

    async fn guessing_from_an_address_that_the_account_knows_is_still_slow(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (home, mode) = ("203.0.113.7", world.modes()[0].0);
        world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
        fail(&world.auth.throttle, "alice", home, 10, START).await;
        assert_eq!(try_from(&world.auth.throttle, "alice", home, START).await, Some(60));
    }

    async fn an_address_is_forgotten_thirty_days_after_the_last_login_from_it(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (throttle, home, mode) = (&world.auth.throttle, "203.0.113.7", world.modes()[0].0);
        for _ in 0..2 {
            world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
            world.clock.advance(Seconds(KNOWN_FOR.0 - 1));
        }
        let now = world.auth.now();
        fail_from_everywhere(throttle, "alice", 100, now).await;
        assert!(try_from(throttle, "alice", home, now).await.is_none());
        assert!(try_from(throttle, "alice", home, now.plus(Seconds(1))).await.is_some());
    }

    async fn knowing_an_address_is_knowing_it_for_one_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let home = "203.0.113.7";
        world.auth.login(world.modes()[0].0, "alice", PASSWORD, &from(home)).await.unwrap();
        fail_from_everywhere(&world.auth.throttle, "bob", 100, START).await;
        assert!(try_from(&world.auth.throttle, "bob", home, START).await.is_some());
    }

    async fn registrations_count_as_logins_do(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ANON", "2/min")]).await.unwrap();
        let req = from("203.0.113.7");
        world.auth.register("alice", PASSWORD, &req).await.unwrap();
        let mode = world.modes()[0].0;
        world.auth.login(mode, "alice", PASSWORD, &req).await.unwrap();
        assert!(wait(world.auth.register("bob", PASSWORD, &req).await).is_some());
        assert!(wait(world.auth.login(mode, "alice", PASSWORD, &req).await).is_some());
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

    async fn a_dead_credential_uses_up_nothing_of_its_user(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_USER", "2/hour")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let dead = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout_all(mode.0, &dead).await.unwrap();
            for _ in 0..5 {
                let outcome = world.auth.rotate(mode.0, &dead).await;
                assert!(matches!(outcome, Err(AuthError::Refused(_))), "{mode}: {outcome:?}");
            }
            let alive = world.log_in(mode, "alice").await.unwrap();
            assert!(world.auth.rotate(mode.0, &alive).await.is_ok(), "{mode}");
            world.clock.advance(Seconds::hours(1));
        }
    }

    async fn who_is_refused_costs_the_database_nothing_more(driver: Driver) {
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

    async fn without_its_database_nobody_is_admitted(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.auth.db().close().await;
        let refused = world.auth.throttle.admit_anonymous(&from("203.0.113.7"), START).await;
        assert!(matches!(refused, Err(AuthError::Database(_))));
    }

    async fn what_was_typed_is_nowhere_in_the_database_and_from_where_only_in_the_trail(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let mode = world.modes()[0].0;
        let typed = "typed into the wrong field";
        world.auth.login(mode, typed, "wrong", &from("203.0.113.7")).await.unwrap_err();
        let dump = world.dump().await.unwrap();
        for secret in [typed, SecretHash::of(typed.as_bytes()).as_str()] {
            assert!(!dump.contains(secret), "{secret}");
        }
        let keys: Vec<String> =
            read!(world.auth.db(), |db| sqlx::query_scalar("select key_hash from throttle").fetch_all(db).await.unwrap());
        let address = SecretHash::of(b"203.0.113.7");
        assert!(!keys.is_empty());
        assert!(keys.iter().all(|key| !key.contains("203.0.113") && key != address.as_str()), "{keys:?}");
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

    async fn a_rate_that_is_off_stops_nobody(driver: Driver) {
        let off = ["THROTTLE_ANON", "THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_TOTAL"].map(|name| (name, "off"));
        let world = World::with_settings(driver, &off).await.unwrap();
        fail(&world.auth.throttle, "alice", "203.0.113.7", 150, START).await;
        for _ in 0..150 {
            world.auth.throttle.admit_anonymous(&from("203.0.113.7"), START).await.unwrap();
        }
    }
}

#[test]
fn an_ipv6_network_counts_as_one_and_a_mapped_ipv4_address_as_itself() {
    let network = |address| network(&from(address)).unwrap();
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
    assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
}

#[test]
fn no_two_pairs_of_address_and_account_run_into_one() {
    assert_ne!(origin(None, "\u{1}\u{2}\u{3}\u{4}alice"), origin(Some(&[1, 2, 3, 4]), "alice"));
    assert_ne!(origin(None, "alice"), origin(Some(&[0; 4]), "alice"));
}

#[tokio::test]
async fn a_rate_that_cannot_be_read_is_no_start() {
    let settings = Settings::new([("THROTTLE_ANON".to_owned(), "none".to_owned())]);
    let db = Db::connect("sqlite::memory:").await.unwrap();
    assert!(Throttle::new(&Base::new(db.clone(), Keys::new(APP_SECRET, db).unwrap(), settings).unwrap()).is_err());
}
