//! Addresses: their limits, and those that an account knows.

use super::{super::attempt::account_at_network, *};
use crate::{
    on_both_databases,
    testing::{PASSWORD, START, present},
};

/// Wrong passwords from so many addresses that none of them reaches its own limit.
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

    async fn registrations_and_logins_share_the_anonymous_rate(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ANON", "2/min")]).await.unwrap();
        let req = from("203.0.113.7");
        world.auth.register("alice", PASSWORD, &req).await.unwrap();
        let mode = world.modes()[0].0;
        world.auth.login(mode, "alice", PASSWORD, &req).await.unwrap();
        assert!(wait(world.auth.register("bob", PASSWORD, &req).await).is_some());
        assert!(wait(world.auth.login(mode, "alice", PASSWORD, &req).await).is_some());
    }

    async fn failures_at_one_address_do_not_stop_the_owner_at_another(driver: Driver) {
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

    async fn an_address_becomes_unknown_thirty_days_after_the_last_login_from_it(driver: Driver) {
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

    async fn a_new_password_makes_every_address_unknown_but_the_one_that_it_was_set_from(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (throttle, mode) = (&world.auth.throttle, world.modes()[0].0);
        let (home, thief, new) = ("203.0.113.7", "192.0.2.66", "lantern marble quietly adrift");
        world.auth.login(mode, "alice", PASSWORD, &from(thief)).await.unwrap();
        let mut req = present(&world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap());
        req.extensions.extend(from(home).extensions);
        world.auth.change_password(mode, PASSWORD, new, &req).await.unwrap();
        fail_from_everywhere(throttle, "alice", 100, START).await;
        assert!(try_from(throttle, "alice", thief, START).await.is_some());
        assert!(try_from(throttle, "alice", home, START).await.is_none());
    }

    async fn an_address_is_known_again_after_a_login_in_the_new_epoch(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let (throttle, home, mode) = (&world.auth.throttle, "203.0.113.7", world.modes()[0].0);
        world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
        world.auth.expire(&alice).await.unwrap();
        world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
        fail_from_everywhere(throttle, "alice", 100, START).await;
        assert!(try_from(throttle, "alice", home, START).await.is_none());
    }

    async fn the_owner_of_many_ipv6_networks_is_stopped_too(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        // Within a /56, the customer controls the last 8 bits of the /64. Within a /48, 16 bits.
        for (prefix, networks, limit) in [("2001:db8:1:1", 256, 80), ("2001:db8:2:", 65_536, 320)] {
            let admitted = async |n: usize| {
                let network = if networks == 256 { format!("{prefix}{n:02x}") } else { format!("{prefix}{:x}", n << 8) };
                wait(world.auth.throttle.admit_anonymous(&from(&format!("{network}::1")), START).await).is_none()
            };
            let mut passed = 0;
            for n in 0..=limit {
                passed += usize::from(admitted(n % 250).await);
            }
            assert_eq!(passed, limit, "{prefix}");
        }
        assert!(world.auth.throttle.admit_anonymous(&from("2001:db8:3::1"), START).await.is_ok());
    }

    async fn guesses_from_the_networks_of_one_ipv6_customer_are_counted_together(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ACCOUNT_TOTAL", "off")]).await.unwrap();
        let throttle = &world.auth.throttle;
        for n in 0..4 {
            fail(throttle, "alice", &format!("2001:db8:1:10{n}::1"), 10, START).await;
        }
        assert_eq!(try_from(throttle, "alice", "2001:db8:1:1ff::1", START).await, Some(60));
        assert_eq!(try_from(throttle, "alice", "2001:db8:1:2ff::1", START).await, None);
    }

    async fn guesses_of_the_neighbours_do_not_stop_the_owner_at_a_known_address(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ANON", "off"), ("THROTTLE_ACCOUNT_TOTAL", "off")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (throttle, home, mode) = (&world.auth.throttle, "2001:db8:1:100::1", world.modes()[0].0);
        world.auth.login(mode, "alice", PASSWORD, &from(home)).await.unwrap();
        for n in 1..5 {
            fail(throttle, "alice", &format!("2001:db8:1:10{n}::1"), 10, START).await;
        }
        assert!(try_from(throttle, "alice", "2001:db8:1:105::1", START).await.is_some());
        assert_eq!(wait(world.auth.login(mode, "alice", PASSWORD, &from(home)).await), None);
    }

    async fn a_right_password_is_given_back_to_the_wider_networks_too(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ANON", "off"), ("THROTTLE_ACCOUNT", "1/min")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0].0;
        for n in 0..17 {
            let outcome = world.auth.login(mode, "alice", PASSWORD, &from(&format!("2001:db8:1:{n}::1"))).await;
            assert_eq!(wait(outcome), None, "{n}");
        }
    }

    async fn registrations_have_a_rate_of_their_own(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (throttle, req) = (&world.auth.throttle, from("203.0.113.7"));
        for n in 0..5 {
            assert_eq!(wait(throttle.admit_registration(&req, START).await), None, "{n}");
        }
        assert_eq!(wait(world.auth.register("bob", PASSWORD, &req).await), Some(3600));
        assert_eq!(wait(throttle.admit_anonymous(&req, START).await), None);
        assert_eq!(wait(world.auth.register("bob", PASSWORD, &from("203.0.113.8")).await), None);
    }

    async fn a_name_with_a_nul_is_counted_and_never_reaches_the_database(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        assert_eq!(try_from(&world.auth.throttle, "al\u{0}ice", "203.0.113.7", START).await, None);
    }

    async fn an_address_is_known_to_one_account_only(driver: Driver) {
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
    let network = |address| networks(&from(address)).swap_remove(0).bytes;
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
    assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
}

#[test]
fn different_pairs_of_address_and_account_have_different_keys() {
    assert_ne!(account_at_network(None, "\u{1}\u{2}\u{3}\u{4}alice"), account_at_network(Some(&[1, 2, 3, 4]), "alice"));
    assert_ne!(account_at_network(None, "alice"), account_at_network(Some(&[0; 4]), "alice"));
}
