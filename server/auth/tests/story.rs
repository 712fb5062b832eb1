//! The contract: what is true of every mode, on both databases. No mode is named here, so that none has to be removed here.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use auth::{
    AuthError, Delivery, Issued, ModeId, Refusal, Revocation, Seconds, Timestamp, on_both_databases,
    testing::{PASSWORD, START, World, present, request},
};
use http::request::Parts;

async fn is_signed_in(world: &World, mode: ModeId, req: &Parts) -> bool {
    match world.auth.identify(mode.0, req).await {
        Ok(found) => found.is_some(),
        Err(AuthError::Refused(_)) => false,
        Err(error) => panic!("{mode}: {error}"),
    }
}

fn move_to(world: &World, instant: Timestamp) {
    world.clock.advance(instant.since(world.clock.now()));
}

/// The end of a credential, as the mode announced it: dead now, or alive until then and not a second longer.
async fn assert_ended(world: &World, mode: ModeId, req: &Parts, revocation: Revocation) {
    match revocation {
        Revocation::Immediate => assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after its end"),
        Revocation::AtExpiry(until) => {
            assert!(until > world.clock.now(), "{mode}: an end in the past");
            move_to(world, until);
            assert!(!is_signed_in(world, mode, req).await, "{mode}: alive after {until:?}");
        }
    }
}

on_both_databases! {
    async fn a_login_is_recognised_by_the_mode_that_made_it(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let caller = world.auth.identify(mode.0, &req).await.unwrap().unwrap().principal;
            assert_eq!((&caller.user_id, caller.username.as_str(), caller.mode), (&alice, "alice", mode));
            assert_eq!((caller.lifetime.issued_at, caller.lifetime.generation), (START, 1), "{mode}");
        }
    }

    async fn without_a_credential_nobody_calls(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for mode in world.modes() {
            assert!(world.auth.identify(mode.0, &request(&[])).await.unwrap().is_none(), "{mode}");
            let rotated = world.auth.rotate(mode.0, &request(&[])).await;
            assert!(matches!(rotated, Err(AuthError::Missing)), "{mode}");
        }
    }

    async fn no_mode_recognises_the_credential_of_another(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            for other in world.modes().into_iter().filter(|other| *other != mode) {
                assert!(!is_signed_in(&world, other, &req).await, "{other} took a credential of {mode}");
            }
        }
    }

    async fn wrong_password_unknown_and_disabled_user_cannot_be_told_apart(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let bob = world.sign_up("bob").await.unwrap();
        world.auth.disable(&bob).await.unwrap();
        let mode = world.modes()[0].0;
        for (username, password) in [("alice", "not her password"), ("nobody", PASSWORD), ("bob", PASSWORD), ("<>", "")] {
            let refused = world.auth.login(mode, username, password, &request(&[])).await.unwrap_err();
            assert!(matches!(refused, AuthError::InvalidCredentials), "{username}");
        }
    }

    async fn registering_a_taken_name_answers_as_if_it_were_free_and_changes_nothing(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let (id, username) = world.auth.register("ALICE", "another long passphrase").await.unwrap();
        assert_eq!(username.as_str(), "alice");
        assert_ne!(id, alice);
        assert!(world.log_in(world.modes()[0], "alice").await.is_ok());
    }

    async fn rotation_counts_up_and_the_successor_works(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let mut req = world.log_in(mode, "alice").await.unwrap();
            for generation in 2..=4 {
                let issued = world.auth.rotate(mode.0, &req).await.unwrap();
                req = present(&issued);
                let caller = world.auth.identify(mode.0, &req).await.unwrap().unwrap().principal;
                assert_eq!(caller.lifetime.generation, generation, "{mode}");
            }
        }
    }

    async fn the_predecessor_of_a_rotation_does_as_the_trial_says(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let old = world.log_in(mode, "alice").await.unwrap();
            let trial = world.auth.rotate_and_try_again(mode.0, &old).await.unwrap();
            assert_eq!((trial.previous.generation, trial.issued.lifetime.generation), (1, 2), "{mode}");
            assert_eq!(is_signed_in(&world, mode, &old).await, trial.to_sign_in.is_ok(), "{mode}");
            assert!(is_signed_in(&world, mode, &present(&trial.issued)).await, "{mode}: the trial ended the successor");
        }
    }

    async fn logging_out_ends_the_credential_when_the_mode_says(driver: Driver) {
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

    async fn logging_out_twice_is_logging_out(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout(mode.0, &req).await.unwrap();
            assert!(world.auth.logout(mode.0, &req).await.is_ok(), "{mode}");
            assert!(world.auth.logout(mode.0, &request(&[])).await.is_ok(), "{mode}");
        }
    }

    async fn logging_out_leaves_the_other_sign_ins_of_the_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let (here, there) =
                (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
            world.auth.logout(mode.0, &here).await.unwrap();
            assert!(is_signed_in(&world, mode, &there).await, "{mode}");
        }
    }

    async fn logging_out_of_all_devices_ends_every_sign_in_of_the_user_and_nobody_elses(driver: Driver) {
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

    async fn without_the_epoch_check_no_credential_outlives_what_logging_out_everywhere_announced(driver: Driver) {
        let world = World::with_settings(driver, &[("CHECK_EPOCH", "false")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut all = Vec::new();
        for mode in world.modes() {
            all.push((mode, world.log_in(mode, "alice").await.unwrap()));
        }
        let ended = world.auth.logout_everywhere(all[0].0.0, &all[0].1).await.unwrap();
        for (mode, req) in &all {
            // Whoever copied it uses it while it lasts, and takes whatever the server hands out for that.
            let _ = world.auth.identify(mode.0, req).await;
            assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}: rotated");
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

    async fn a_credential_dies_at_the_instant_of_its_expiry(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            move_to(&world, issued.lifetime.expires_at);
            let refused = world.auth.identify(mode.0, &present(&issued)).await;
            assert!(matches!(refused, Err(AuthError::Refused(Refusal::Expired))), "{mode}");
        }
    }

    async fn a_credential_lives_until_its_expiry(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            move_to(&world, issued.lifetime.expires_at.plus(Seconds(-1)));
            assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
        }
    }

    async fn whoever_keeps_using_it_stays_signed_in_until_the_absolute_end_and_no_longer(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let mut issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let end = issued.lifetime.absolute_expires_at;
            // Half-way to the end of each credential, the next.
            while issued.lifetime.expires_at < end {
                let half = issued.lifetime.expires_at.since(world.clock.now()).0 / 2;
                // Many rotations far from the end are all alike: a day at a time is enough where a credential lives minutes.
                let renewable = (end.0 - world.clock.now().0).min(86_400);
                let step = match &issued.delivery {
                    Delivery::Pair { refresh_expires_in, .. } => (refresh_expires_in.0 / 2).min(renewable),
                    _ => half,
                };
                world.clock.advance(Seconds(step.max(1)));
                if world.clock.now() >= end {
                    break;
                }
                issued = world.auth.rotate(mode.0, &present(&issued)).await.unwrap();
                assert_eq!(issued.lifetime.absolute_expires_at, end, "{mode}: rotation moved the absolute end");
            }
            move_to(&world, end);
            assert!(!is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
            assert!(world.auth.rotate(mode.0, &present(&issued)).await.is_err(), "{mode}: rotated");
        }
    }

    async fn mere_use_keeps_a_sliding_credential_alive(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| !mode.renews_silently).map(|mode| mode.id) {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let mut req = present(&issued);
            let idle = issued.lifetime.expires_at.since(START).0;
            for _ in 0..3 {
                world.clock.advance(Seconds(idle * 2 / 3));
                let found = world.auth.identify(mode.0, &req).await.unwrap().unwrap();
                if !found.set_cookies.is_empty() {
                    let (lifetime, set_cookies) = (found.principal.lifetime, found.set_cookies);
                    req = present(&Issued { lifetime, set_cookies, delivery: Delivery::Cookie });
                }
            }
            move_to(&world, START);
        }
    }

    async fn a_changed_credential_is_refused(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            for name in ["cookie", "authorization"] {
                let Some(value) = req.headers.get(name).map(|value| value.to_str().unwrap().to_owned()) else { continue };
                // Each character of the credential in turn, the header's own beginning excepted. The last digit of a
                // base64 text may carry unused bits, so the change is by more than one step.
                let start = value.find(['=', ' ']).unwrap() + 1;
                for at in (start..value.len()).step_by(7) {
                    let mut bytes = value.clone().into_bytes();
                    bytes[at] = if bytes[at] == b'A' { b'h' } else { b'A' };
                    let changed = String::from_utf8(bytes).unwrap();
                    let found = is_signed_in(&world, mode, &request(&[(name, &changed)])).await;
                    assert!(!found, "{mode}: accepted with a change at {at}");
                }
            }
        }
    }

    async fn a_second_login_from_the_same_client_leaves_one_credential_where_the_server_knows_them(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let before = world.auth.credentials(mode.0, &alice).await.unwrap().len();
            let again = world.auth.login(mode.0, "alice", PASSWORD, &req).await.unwrap();
            assert_eq!(world.auth.credentials(mode.0, &alice).await.unwrap().len(), before, "{mode}");
            assert!(is_signed_in(&world, mode, &present(&again)).await, "{mode}");
        }
    }

    async fn simultaneous_rotations_leave_one_line_of_succession(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let before = world.auth.credentials(mode.0, &alice).await.unwrap().len();
            let tasks: Vec<_> = (0..16)
                .map(|_| {
                    let (auth, req) = (world.auth.clone(), req.clone());
                    tokio::spawn(async move { auth.rotate(mode.0, &req).await })
                })
                .collect();
            let mut winners = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(issued) => {
                        assert_eq!(issued.lifetime.generation, 2, "{mode}");
                        assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}: a winner is not signed in");
                        winners += 1;
                    }
                    Err(AuthError::Refused(_)) => {}
                    Err(error) => panic!("{mode}: {error}"),
                }
            }
            assert!(winners >= 1, "{mode}: nobody won");
            assert_eq!(world.auth.credentials(mode.0, &alice).await.unwrap().len(), before, "{mode}");
        }
    }

    async fn the_database_holds_no_secret(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut secrets = vec![PASSWORD.to_owned()];
        for mode in world.modes() {
            let first = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let second = world.auth.rotate(mode.0, &present(&first)).await.unwrap();
            for issued in [&first, &second] {
                for (_, value) in &present(issued).headers {
                    secrets.extend(value.to_str().unwrap().split(['=', ' ']).skip(1).map(str::to_owned));
                }
            }
        }
        let dump = world.dump().await.unwrap();
        assert!(dump.contains("alice"), "the dump is no dump");
        for secret in secrets.iter().filter(|secret| secret.len() > 8) {
            assert!(!dump.contains(secret.as_str()), "found {secret}");
        }
    }
}
