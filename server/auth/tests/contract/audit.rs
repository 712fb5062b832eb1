//! The content of the audit log.

use auth::{
    AuditEvent, AuthError, ClientAddress, Refusal, Seconds, UserId, on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::signed_in_everywhere;

/// The number of events of this user, or of all.
async fn events(world: &World, user: Option<&UserId>) -> usize {
    match user {
        Some(user) => world.auth.audit_log_of(user, None, 100).await.unwrap().len(),
        None => world.auth.audit_log(None, 100).await.unwrap().len(),
    }
}

on_both_databases! {
    async fn a_login_and_a_logout_are_recorded_with_user_action_and_outcome(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let rotated = world.auth.rotate(mode.0, &req).await.unwrap();
            world.auth.logout(mode.0, &present(&rotated)).await.unwrap();
            let log = world.auth.audit_log_of(&alice, None, 100).await.unwrap();
            for (action, outcome) in [("login", "issued"), ("rotate", "rotated"), ("logout", "ok")] {
                let recorded = log.iter().any(|event| {
                    (event.action.as_str(), event.outcome.as_str(), event.mode.as_deref()) == (action, outcome, Some(mode.0))
                });
                assert!(recorded, "{mode}: {action} {outcome} is not in the audit log");
            }
        }
    }

    async fn events_of_a_credential_can_be_traced_to_its_login(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            world.auth.logout(mode.0, &present(&issued)).await.unwrap();
            let log = world.auth.audit_log_of(&alice, None, 2).await.unwrap();
            assert_eq!((log[0].action.as_str(), log[1].action.as_str()), ("logout", "login"));
            assert_eq!(log[0].credential_hash, log[1].credential_hash, "{mode}");
            assert!(log[1].credential_hash.is_some(), "{mode}");
        }
    }

    async fn a_wrong_password_is_recorded_for_its_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        world.auth.login(mode.0, "alice", "not her password", &request(&[("user-agent", "thief")])).await.unwrap_err();
        let log = world.auth.audit_log_of(&alice, None, 1).await.unwrap();
        assert_eq!((log[0].action.as_str(), log[0].user_agent.as_str()), ("login", "thief"));
        assert_ne!(log[0].outcome, "issued");
    }

    async fn the_audit_log_is_paged_without_gaps(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        signed_in_everywhere(&world).await;
        let all = world.auth.audit_log_of(&alice, None, 100).await.unwrap();
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let page = world.auth.audit_log_of(&alice, before.as_deref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id.clone());
            paged.extend(page.into_iter().map(|event| event.id));
        }
        assert_eq!(paged, all.into_iter().map(|event| event.id).collect::<Vec<_>>());
    }

    async fn the_audit_log_contains_no_secret_and_no_typed_name(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        world.auth.login(mode.0, "my-password-in-the-wrong-field", PASSWORD, &request(&[])).await.unwrap_err();
        let all = world.auth.audit_log(None, 100).await.unwrap();
        let text = format!("{all:?}");
        assert!(!all.is_empty() && !text.contains("my-password") && !text.contains(PASSWORD));
    }

    async fn each_wrong_password_is_recorded(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let before = events(&world, Some(&alice)).await;
        for _ in 0..3 {
            world.auth.login(world.modes()[0].0, "alice", "not her password", &request(&[])).await.unwrap_err();
        }
        assert_eq!(events(&world, Some(&alice)).await, before + 3);
    }

    async fn a_dead_credential_is_recorded_for_its_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let stolen = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout_all(mode.0, &stolen).await.unwrap();
            let outcome = world.auth.rotate(mode.0, &stolen).await;
            // A deleted row no longer identifies the user.
            if !matches!(outcome, Err(AuthError::Refused(Refusal::Unknown))) {
                let log = world.auth.audit_log_of(&alice, None, 1).await.unwrap();
                assert_eq!((log[0].action.as_str(), log[0].mode.as_deref()), ("rotate", Some(mode.0)));
                assert_ne!(log[0].outcome, "rotated");
            }
        }
    }

    /// A client with a dead credential, or with none, must not be able to fill the disk.
    async fn an_event_that_any_client_can_repeat_is_recorded_once_a_minute(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let dead = signed_in_everywhere(&world).await;
        world.auth.logout_everywhere(dead[0].0.0, &dead[0].1).await.unwrap();
        let nothing = request(&[]);
        let ask = async || {
            for (mode, dead) in &dead {
                for req in [dead, &nothing] {
                    _ = world.auth.identify(mode.0, req).await;
                    _ = world.auth.rotate(mode.0, req).await;
                    _ = world.auth.logout(mode.0, req).await;
                }
            }
        };
        ask().await;
        let once = events(&world, None).await;
        ask().await;
        assert_eq!(events(&world, None).await, once);

        world.clock.advance(Seconds(60));
        ask().await;
        assert!(events(&world, None).await > once, "a repeated event is not recorded any more");
    }

    async fn made_up_ids_of_sign_ins_are_one_event(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let before = events(&world, Some(&alice)).await;
            for n in 0..5 {
                let id = format!("01890a5d-ac96-774b-bcce-b302099a805{n}");
                let outcome = world.auth.end_sign_in(mode.0, &id, None, &req).await;
                assert!(matches!(outcome, Err(AuthError::UnknownSignIn)), "{mode}: {outcome:?}");
            }
            assert_eq!(events(&world, Some(&alice)).await, before + 1, "{mode}");
        }
    }

    async fn a_network_of_addresses_repeats_one_event(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let mode = world.modes()[0];
        for (address, expected) in [("2001:db8::1", 1), ("2001:db8::2", 1), ("2001:db8:0:1::1", 2), ("192.0.2.1", 3)] {
            let mut req = request(&[]);
            req.extensions.insert(ClientAddress(address.parse().unwrap()));
            world.auth.rotate(mode.0, &req).await.unwrap_err();
            assert_eq!(events(&world, None).await, expected, "{address}");
        }
    }

    async fn repeating_a_logout_from_all_devices_is_recorded_once_a_minute(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            for _ in 0..3 {
                // A token that outlives its sign-in can repeat the logout.
                _ = world.auth.logout_all(mode.0, &req).await;
            }
            let log = world.auth.audit_log_of(&alice, None, 100).await.unwrap();
            let recorded = |event: &&AuditEvent| (event.action.as_str(), event.mode.as_deref()) == ("logout-all", Some(mode.0));
            assert_eq!(log.iter().filter(recorded).count(), 1, "{mode}");
        }
    }

    async fn a_token_revoked_by_a_service_is_recorded_for_its_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let Some(bearer) = req.headers.get("authorization") else { continue };
            let token = bearer.to_str().unwrap().trim_start_matches("Bearer ");
            world.auth.revoke_token(token, &request(&[])).await.unwrap();
            let log = world.auth.audit_log_of(&alice, None, 100).await.unwrap();
            let login = log.iter().find(|event| (event.action.as_str(), event.mode.as_deref()) == ("login", Some(mode.0)));
            assert_eq!((log[0].action.as_str(), log[0].mode.as_deref()), ("logout", Some(mode.0)));
            assert_eq!(log[0].credential_hash, login.unwrap().credential_hash, "{mode}");
        }
    }
}
