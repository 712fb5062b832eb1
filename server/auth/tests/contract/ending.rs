//! Ending credentials: the announced revocation, and its effect.

use auth::{
    AuthError, ModeId, Refusal, Revocation, Seconds, Transport, on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::{assert_ended, is_signed_in, move_to};

/// The modes whose credential is one random value that a rotation replaces.
fn replaceable_modes(world: &World) -> impl Iterator<Item = ModeId> + '_ {
    world.auth.modes().filter(|mode| mode.remembers && !mode.needs_key).map(|mode| mode.id)
}

fn is_replaced<T>(outcome: &Result<T, AuthError>) -> bool {
    matches!(outcome, Err(AuthError::Refused(Refusal::Replaced(_))))
}

on_both_databases! {
    async fn logging_out_ends_the_credential_at_the_announced_instant(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let ended = world.auth.logout(mode.0, &req).await.unwrap();
            assert_ended(&world, mode, &req, ended.revocation).await;
            let rotated = world.auth.rotate(mode.0, &req).await;
            assert!(matches!(rotated, Err(AuthError::Refused(_))), "{mode}: rotated after its end");
        }
    }

    async fn a_credential_of_an_ended_sign_in_cannot_end_all_others(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            // An access token may outlive its sign-in for minutes and still grants access. It must not begin a new
            // sign-in.
            let copy = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout(mode.0, &copy).await.unwrap();
            let rotated = world.auth.rotate(mode.0, &copy).await.is_ok();
            let carried = world.auth.end_others(mode.0, PASSWORD, &copy).await.is_ok();
            assert_eq!(carried, rotated, "{mode}");
        }
    }

    async fn a_replaced_credential_still_ends_its_sign_in_on_logout(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| mode.remembers).map(|mode| mode.id) {
            let old = world.log_in(mode, "alice").await.unwrap();
            let next = present(&world.auth.rotate(mode.0, &old).await.unwrap());
            let ended = world.auth.logout(mode.0, &old).await.unwrap();
            assert!(world.auth.rotate(mode.0, &next).await.is_err(), "{mode}: its successor lives");
            assert_ended(&world, mode, &next, ended.revocation).await;
        }
    }

    async fn an_unreadable_credential_ends_nothing_and_the_response_says_so(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for mode in world.auth.modes() {
            let mut req = request(&[("authorization", "Bearer garbage")]);
            if let Some(cookie) = mode.cookie {
                req.headers.insert("cookie", format!("{cookie}=garbage").parse().unwrap());
            }
            let ended = world.auth.logout(mode.id.0, &req).await.unwrap();
            assert_eq!(ended.revocation, Revocation::Unreadable, "{}", mode.id);
        }
    }

    async fn with_replaced_credential_end_any_use_of_a_replaced_credential_ends_its_sign_in(driver: Driver) {
        let world = World::with_settings(driver, &[("REPLACED_CREDENTIAL", "end")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in replaceable_modes(&world) {
            for attempt in 0..5 {
                let old = world.log_in(mode, "alice").await.unwrap();
                let next = present(&world.auth.rotate(mode.0, &old).await.unwrap());
                let outcome = match attempt {
                    0 => world.auth.identify(mode.0, &old).await.map(drop),
                    1 => world.auth.rotate(mode.0, &old).await.map(drop),
                    2 => world.auth.logout_all(mode.0, &old).await.map(drop),
                    3 => world.auth.end_others(mode.0, PASSWORD, &old).await.map(drop),
                    _ => world.auth.change_password(mode.0, "not her password", PASSWORD, &old).await.map(drop),
                };
                assert!(is_replaced(&outcome), "{mode}: attempt {attempt}: {outcome:?}");
                assert!(!is_signed_in(&world, mode, &next).await, "{mode}: attempt {attempt}");
            }
        }
    }

    async fn with_replaced_credential_end_the_loser_of_two_concurrent_rotations_ends_the_sign_in(driver: Driver) {
        let world = World::with_settings(driver, &[("REPLACED_CREDENTIAL", "end")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in replaceable_modes(&world) {
            for _ in 0..4 {
                let old = world.log_in(mode, "alice").await.unwrap();
                let (one, two) = tokio::join!(world.auth.rotate(mode.0, &old), world.auth.rotate(mode.0, &old));
                assert!(is_replaced(&one) != is_replaced(&two), "{mode}");
                for issued in [one, two].into_iter().flatten() {
                    assert!(!is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
                }
            }
        }
    }

    async fn with_replaced_credential_end_a_rotation_that_overtakes_the_end_of_others_ends_the_sign_in(driver: Driver) {
        let world = World::with_settings(driver, &[("REPLACED_CREDENTIAL", "end")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut overtaken = 0;
        for mode in replaceable_modes(&world) {
            // The rotation begins later in each round, while the password of the other call is hashed.
            for turns in 0..8 {
                let old = world.log_in(mode, "alice").await.unwrap();
                let rotation = async {
                    for _ in 0..turns {
                        tokio::task::yield_now().await;
                    }
                    world.auth.rotate(mode.0, &old).await
                };
                let (ended, rotated) = tokio::join!(world.auth.end_others(mode.0, PASSWORD, &old), rotation);
                if is_replaced(&ended) {
                    overtaken += 1;
                    assert!(!is_signed_in(&world, mode, &present(&rotated.unwrap())).await, "{mode}");
                }
            }
        }
        assert!(overtaken > 0, "no rotation came first");
    }

    async fn under_the_check_signature_an_account_whose_sign_ins_ended_gets_no_later_copy(driver: Driver) {
        let world = World::with_settings(driver, &[("ACCESS_CHECK", "signature")]).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().map(|mode| mode.id) {
            let info = world.auth.mode(mode.0).unwrap();
            let mine = world.log_in(mode, "alice").await.unwrap();
            world.clock.advance(Seconds(90));
            let is_sealed = info.needs_key && info.transport == Transport::Cookie;
            assert_eq!(!world.auth.reseal(&mine).await.0.is_empty(), is_sealed, "{mode}");
            world.auth.expire(&alice).await.unwrap();
            assert!(world.auth.reseal(&mine).await.0.is_empty(), "{mode}");
        }
    }

    async fn an_answer_that_arrives_after_the_logout_signs_no_browser_in_again(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| mode.transport == Transport::Cookie).map(|mode| mode.id) {
            let mine = world.log_in(mode, "alice").await.unwrap();
            let out = world.auth.logout(mode.0, &mine).await.unwrap();
            // The browser keeps the cookies of the logout, and the late answer sets the credential again.
            let kept = out.set_cookies.iter().filter(|cookie| !cookie.0.value().is_empty());
            let kept = kept.map(|cookie| cookie.0.stripped().to_string());
            let late = [mine.headers["cookie"].to_str().unwrap().to_owned()].into_iter().chain(kept).collect::<Vec<_>>();
            let late = request(&[("cookie", &late.join("; "))]);
            assert!(!is_signed_in(&world, mode, &late).await, "{mode}");
        }
    }

    async fn logging_out_twice_succeeds(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout(mode.0, &req).await.unwrap();
            assert!(world.auth.logout(mode.0, &req).await.is_ok(), "{mode}");
            assert!(world.auth.logout(mode.0, &request(&[])).await.is_ok(), "{mode}");
        }
    }

    async fn logging_out_keeps_the_other_sign_ins_of_the_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let (here, there) =
                (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
            world.auth.logout(mode.0, &here).await.unwrap();
            assert!(is_signed_in(&world, mode, &there).await, "{mode}");
        }
    }

    async fn logging_out_of_all_devices_ends_the_sign_ins_of_this_user_only(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        world.sign_up("bob").await.unwrap();
        for mode in world.modes() {
            let (here, there) =
                (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
            let bobs = world.log_in(mode, "bob").await.unwrap();
            let ended = world.auth.logout_all(mode.0, &here).await.unwrap();
            assert!(is_signed_in(&world, mode, &bobs).await, "{mode}: bob was signed out");
            assert_ended(&world, mode, &there, ended.revocation).await;
        }
    }

    async fn logging_out_everywhere_ends_every_mode_at_once(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut all = Vec::new();
        for mode in world.modes() {
            all.push((mode, world.log_in(mode, "alice").await.unwrap()));
        }
        let ended = world.auth.logout_everywhere(all[0].0.0, &all[0].1).await.unwrap();
        assert_eq!(ended.revocation, Revocation::Immediate);
        for (mode, req) in &all {
            assert!(!is_signed_in(&world, *mode, req).await, "{mode}");
            assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}: rotated");
        }
    }

    async fn under_the_check_signature_no_credential_outlives_the_announced_revocation(driver: Driver) {
        let world = World::with_settings(driver, &[("ACCESS_CHECK", "signature")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut all = Vec::new();
        for mode in world.modes() {
            all.push((mode, world.log_in(mode, "alice").await.unwrap()));
        }
        let ended = world.auth.logout_everywhere(all[0].0.0, &all[0].1).await.unwrap();
        for (mode, req) in &all {
            // The attacker uses the copy while it lives, and keeps every renewed copy.
            let _ = world.auth.identify(mode.0, req).await;
            assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}: rotated");
            assert!(world.auth.end_others(mode.0, PASSWORD, req).await.is_err(), "{mode}: a dead caller ended all others");
        }
        if let Revocation::AtExpiry(until) = ended.revocation {
            move_to(&world, until);
        }
        for (mode, req) in &all {
            assert!(!is_signed_in(&world, *mode, req).await, "{mode}");
        }
    }

    async fn disabling_an_account_ends_every_credential_at_once(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mut all = Vec::new();
        for mode in world.modes() {
            all.push((mode, world.log_in(mode, "alice").await.unwrap()));
        }
        world.auth.disable(&alice).await.unwrap();
        for (mode, req) in &all {
            assert!(!is_signed_in(&world, *mode, req).await, "{mode}");
            assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}: rotated");
        }
    }
}
