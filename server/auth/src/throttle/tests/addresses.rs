//! Addresses: what one of them may do, and which ones an account knows.

use super::*;
use crate::{
    on_both_databases,
    testing::{PASSWORD, START},
};

/// Wrong passwords from so many addresses that no one of them is stopped for itself.
async fn fail_from_everywhere(throttle: &Throttle, username: &str, times: usize, now: Timestamp) {
    for n in 0..times {
        fail(throttle, username, &format!("198.51.100.{n}"), 1, now).await;
    }
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

    async fn registrations_count_as_logins_do(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ANON", "2/min")]).await.unwrap();
        let req = from("203.0.113.7");
        world.auth.register("alice", PASSWORD, &req).await.unwrap();
        let mode = world.modes()[0].0;
        world.auth.login(mode, "alice", PASSWORD, &req).await.unwrap();
        assert!(wait(world.auth.register("bob", PASSWORD, &req).await).is_some());
        assert!(wait(world.auth.login(mode, "alice", PASSWORD, &req).await).is_some());
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
