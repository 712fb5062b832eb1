//! Ending everything, at the same time as whatever could leave a credential behind. Nothing that was made before lives on.
//!
//! `RACE_ROUNDS=200 make unit` for the long run.

use auth::{
    Issued, ModeId, UserId, on_both_databases,
    testing::{PASSWORD, World, present},
};
use http::request::Parts;

use crate::{is_signed_in, listed};

const NEW_PASSWORD: &str = "copper lantern by the weir";

fn rounds() -> usize {
    std::env::var("RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8)
}

async fn world(driver: auth::testing::Driver) -> (World, UserId) {
    let settings = [("THROTTLE_USER", "off"), ("THROTTLE_ACCOUNT", "off"), ("THROTTLE_ACCOUNT_TOTAL", "off")];
    let world = World::with_settings(driver, &settings).await.unwrap();
    let alice = world.sign_up("alice").await.unwrap();
    (world, alice)
}

/// Expires the account after so many turns of the scheduler: in each round somewhere else within what runs beside it.
async fn expire_after(auth: &auth::Auth, turns: usize, user: &UserId) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
    auth.expire(user).await.unwrap();
}

/// Whatever came out, nothing lives: neither what was shown nor what was handed out.
async fn assert_nothing_lives(
    world: &World,
    (mode, round): (ModeId, usize),
    alice: &UserId,
    shown: Option<&Parts>,
    issued: Option<&Issued>,
) {
    for req in shown.cloned().into_iter().chain(issued.map(present)) {
        assert!(!is_signed_in(world, mode, &req).await, "{mode}, round {round}: a credential lives");
        assert!(world.auth.rotate(mode.0, &req).await.is_err(), "{mode}, round {round}: a credential rotates");
    }
    assert_eq!(listed(world, mode, alice).await, 0, "{mode}, round {round}");
}

on_both_databases! {
    async fn a_login_under_way_is_born_dead(driver: Driver) {
        let (world, alice) = world(driver).await;
        let other = world.another_instance().unwrap();
        for mode in world.modes() {
            for round in 0..rounds() {
                // As of the select that read the password hash.
                let user = world.auth.find_user("alice").await.unwrap().unwrap();
                let (begun, ()) = tokio::join!(world.begin(mode, user.clone()), expire_after(&other, round, &alice));
                assert_nothing_lives(&world, (mode, round), &alice, Some(&begun.unwrap()), None).await;
                // And one that goes on only after it.
                let late = world.begin(mode, user).await.unwrap();
                assert_nothing_lives(&world, (mode, round), &alice, Some(&late), None).await;
            }
        }
    }

    async fn a_rotation_under_way_leaves_no_successor(driver: Driver) {
        let (world, alice) = world(driver).await;
        let other = world.another_instance().unwrap();
        for mode in world.modes() {
            for round in 0..rounds() {
                let user = world.auth.find_user("alice").await.unwrap().unwrap();
                let mine = world.begin(mode, user).await.unwrap();
                let (rotated, ()) = tokio::join!(world.auth.rotate(mode.0, &mine), expire_after(&other, round * 3, &alice));
                assert_nothing_lives(&world, (mode, round), &alice, Some(&mine), rotated.as_ref().ok()).await;
            }
        }
    }

    async fn a_renewal_of_a_sealed_credential_under_way_leaves_no_later_copy(driver: Driver) {
        let (world, alice) = world(driver).await;
        let other = world.another_instance().unwrap();
        for mode in world.modes() {
            for round in 0..rounds() {
                let user = world.auth.find_user("alice").await.unwrap().unwrap();
                let mine = world.begin(mode, user).await.unwrap();
                world.clock.advance(auth::Seconds(90));
                let (later, ()) = tokio::join!(world.used(&mine), expire_after(&other, round, &alice));
                assert_nothing_lives(&world, (mode, round), &alice, Some(&later), None).await;
            }
        }
    }

    async fn a_caller_who_ends_all_others_ends_with_everything(driver: Driver) {
        let (world, alice) = world(driver).await;
        let other = world.another_instance().unwrap();
        for mode in world.modes() {
            for round in 0..rounds() {
                let user = world.auth.find_user("alice").await.unwrap().unwrap();
                let mine = world.begin(mode, user).await.unwrap();
                let (carried, ()) = tokio::join!(
                    world.auth.end_others(mode.0, PASSWORD, &mine),
                    expire_after(&other, round * 20, &alice),
                );
                // An expiry that came first refuses the caller; one that came second ends it.
                let issued = carried.as_ref().ok().map(|carried| &carried.issued);
                assert_nothing_lives(&world, (mode, round), &alice, Some(&mine), issued).await;
            }
        }
    }

    async fn a_caller_who_changes_the_password_ends_with_everything(driver: Driver) {
        let (world, alice) = world(driver).await;
        let other = world.another_instance().unwrap();
        let (mut current, mut next) = (PASSWORD, NEW_PASSWORD);
        for mode in world.modes() {
            for round in 0..rounds() {
                let user = world.auth.find_user("alice").await.unwrap().unwrap();
                let mine = world.begin(mode, user).await.unwrap();
                let (carried, ()) = tokio::join!(
                    world.auth.change_password(mode.0, current, next, &mine),
                    expire_after(&other, round * 20, &alice),
                );
                let issued = carried.as_ref().ok().map(|carried| &carried.issued);
                assert_nothing_lives(&world, (mode, round), &alice, Some(&mine), issued).await;
                if carried.is_ok() {
                    std::mem::swap(&mut current, &mut next);
                }
            }
        }
    }
}
