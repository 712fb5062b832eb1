//! Login and authentication.

use auth::{
    AuthError, on_both_databases,
    testing::{PASSWORD, START, World, present, request},
};

use crate::{is_signed_in, listed};

on_both_databases! {
    async fn a_login_is_recognised_by_the_mode_that_made_it(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let caller = world.auth.identify(mode.0, &req).await.unwrap().unwrap();
            assert_eq!((&caller.user_id, caller.username.as_str(), caller.mode), (&alice, "alice", mode));
            assert_eq!((caller.lifetime.issued_at, caller.lifetime.generation), (START, 1), "{mode}");
        }
    }

    async fn without_a_credential_there_is_no_caller(driver: Driver) {
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
                assert!(!is_signed_in(&world, other, &req).await, "{other} accepted a credential of {mode}");
            }
        }
    }

    async fn wrong_password_unknown_user_and_disabled_user_are_indistinguishable(driver: Driver) {
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
        let (id, username) = world.auth.register("ALICE", "another long passphrase", &request(&[])).await.unwrap();
        assert_eq!(username.as_str(), "alice");
        assert_ne!(id, alice);
        assert!(world.log_in(world.modes()[0], "alice").await.is_ok());
    }

    async fn a_changed_credential_is_refused(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            for name in ["cookie", "authorization"] {
                let Some(value) = req.headers.get(name).map(|value| value.to_str().unwrap().to_owned()) else { continue };
                // Change each character of the credential, but not the name or scheme in front of it. The last digit of
                // a base64 text may contain unused bits, so the change is larger than one step.
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

    async fn a_second_login_from_the_same_client_leaves_one_sign_in_where_the_server_keeps_rows(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let before = listed(&world, mode, &alice).await;
            let again = world.auth.login(mode.0, "alice", PASSWORD, &req).await.unwrap();
            assert_eq!(listed(&world, mode, &alice).await, before, "{mode}");
            assert!(is_signed_in(&world, mode, &present(&again)).await, "{mode}");
        }
    }
}
