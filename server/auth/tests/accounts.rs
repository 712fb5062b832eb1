//! Accounts: import, listing, disabling, enabling, expiry. Each end of a sign-in is tested in every mode.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use auth::{
    AuthError, DjangoHash, ModeId, PasswordProblem, Role, Seconds, UserId, Username, on_both_databases,
    testing::{PASSWORD, START, World, request},
};
use http::request::Parts;

/// A Django hash of [`PASSWORD`]: see `server/auth/src/users/password/django.rs`.
const DJANGO: &str = "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=";
const NEW_PASSWORD: &str = "marble lantern quietly";

async fn import(world: &World, username: &str, password: &str, active: bool) -> Option<UserId> {
    let password = DjangoHash::parse(password).unwrap();
    world.auth.import(&Username::parse(username).unwrap(), password.as_ref(), Role::User, active).await.unwrap()
}

async fn sign_in_by_all(world: &World, username: &str) -> Vec<(ModeId, Parts)> {
    let mut all = Vec::new();
    for mode in world.modes() {
        all.push((mode, world.log_in(mode, username).await.unwrap()));
    }
    all
}

async fn assert_all_signed_out(world: &World, sign_ins: &[(ModeId, Parts)]) {
    for (mode, req) in sign_ins {
        let found = world.auth.identify(mode.0, req).await;
        assert!(matches!(found, Err(AuthError::Refused(_))), "{mode}: recognised");
        assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}: rotated");
    }
}

async fn can_log_in(world: &World, username: &str, password: &str) -> bool {
    match world.auth.login(world.modes()[0].0, username, password, &request(&[])).await {
        Ok(_) => true,
        Err(AuthError::InvalidCredentials) => false,
        Err(error) => panic!("{error}"),
    }
}

async fn names_after(world: &World, after: Option<&Username>, limit: u32) -> Vec<Username> {
    world.auth.users(after, limit).await.unwrap().into_iter().map(|user| user.username).collect()
}

on_both_databases! {
    async fn an_imported_user_can_log_in_repeatedly_with_the_old_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        import(&world, "alice", DJANGO, true).await.unwrap();
        assert!(!can_log_in(&world, "alice", "not her password").await);
        assert!(can_log_in(&world, "alice", PASSWORD).await);
        assert!(can_log_in(&world, "alice", PASSWORD).await);
    }

    async fn a_user_imported_disabled_or_without_a_password_cannot_log_in(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = import(&world, "alice", DJANGO, false).await.unwrap();
        import(&world, "bob", "!0KVl2ouAM2CX7ryRqoq6z7yIgcaIjf64sls4EUt0", true).await.unwrap();
        assert!(!can_log_in(&world, "alice", PASSWORD).await);
        for typed in ["", "!", "!0KVl2ouAM2CX7ryRqoq6z7yIgcaIjf64sls4EUt0"] {
            assert!(!can_log_in(&world, "bob", typed).await, "{typed:?}");
        }
        world.auth.enable(&alice).await.unwrap();
        assert!(can_log_in(&world, "alice", PASSWORD).await);
    }

    async fn an_import_does_not_change_an_existing_account(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.auth.register("alice", NEW_PASSWORD, &request(&[])).await.unwrap();
        assert!(import(&world, "ALICE", DJANGO, true).await.is_none());
        assert!(can_log_in(&world, "alice", NEW_PASSWORD).await);
    }

    async fn an_expiry_ends_every_sign_in_and_keeps_the_account_enabled(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let sign_ins = sign_in_by_all(&world, "alice").await;
        world.auth.expire(&alice).await.unwrap();
        assert_all_signed_out(&world, &sign_ins).await;
        assert!(can_log_in(&world, "alice", PASSWORD).await);
    }

    async fn a_reenabled_account_accepts_logins_but_no_older_credential(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let sign_ins = sign_in_by_all(&world, "alice").await;
        world.auth.disable(&alice).await.unwrap();
        assert!(!can_log_in(&world, "alice", PASSWORD).await);
        world.auth.enable(&alice).await.unwrap();
        assert_all_signed_out(&world, &sign_ins).await;
        assert!(can_log_in(&world, "alice", PASSWORD).await);
    }

    async fn enabling_an_enabled_account_ends_no_sign_in(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let sign_ins = sign_in_by_all(&world, "alice").await;
        world.auth.enable(&alice).await.unwrap();
        for (mode, req) in &sign_ins {
            assert!(world.auth.identify(mode.0, req).await.is_ok(), "{mode}");
        }
    }

    async fn setting_a_password_ends_every_sign_in_and_the_old_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let sign_ins = sign_in_by_all(&world, "alice").await;
        world.auth.set_password(&alice, NEW_PASSWORD).await.unwrap();
        assert_all_signed_out(&world, &sign_ins).await;
        assert!(!can_log_in(&world, "alice", PASSWORD).await);
        assert!(can_log_in(&world, "alice", NEW_PASSWORD).await);
    }

    async fn a_password_that_breaks_the_rules_changes_nothing(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for (password, problem) in
            [("short", PasswordProblem::TooShort), ("alicealicealice", PasswordProblem::TooCommon), ("", PasswordProblem::Characters)]
        {
            let refused = world.auth.set_password(&alice, password).await.unwrap_err();
            let AuthError::InvalidRegistration { username: None, password: Some(found) } = refused else {
                panic!("{refused}");
            };
            assert_eq!(found, problem, "{password}");
        }
        assert!(can_log_in(&world, "alice", PASSWORD).await);
    }

    async fn an_unknown_id_is_reported_as_unknown_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let unknown: UserId = serde_json::from_str("\"00000000-0000-7000-8000-000000000000\"").unwrap();
        for outcome in [
            world.auth.disable(&unknown).await.map(drop),
            world.auth.enable(&unknown).await.map(drop),
            world.auth.expire(&unknown).await.map(drop),
            world.auth.set_password(&unknown, NEW_PASSWORD).await,
        ] {
            assert!(matches!(outcome, Err(AuthError::UnknownUser)));
        }
    }

    async fn a_user_is_found_by_any_spelling_of_the_name(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        assert_eq!(world.auth.find_user("ALICE").await.unwrap().unwrap().id, alice);
        for name in ["bob", "", "<alice>"] {
            assert!(world.auth.find_user(name).await.unwrap().is_none(), "{name:?}");
        }
    }

    async fn the_next_page_of_users_starts_after_the_last_name(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for name in ["dora", "alice", "carol", "bob", "민준"] {
            import(&world, name, "!", true).await.unwrap();
        }
        let first = names_after(&world, None, 3).await;
        let second = names_after(&world, first.last(), 3).await;
        assert_eq!(first.iter().chain(&second).map(Username::as_str).collect::<Vec<_>>(), ["alice", "bob", "carol", "dora", "민준"]);
        assert!(names_after(&world, second.last(), 3).await.is_empty());
        assert!(names_after(&world, None, 0).await.is_empty());
    }

    async fn a_list_of_users_contains_role_and_dates(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let (root, _) = world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        world.clock.advance(Seconds(60));
        assert!(can_log_in(&world, "root", PASSWORD).await);
        world.clock.advance(Seconds(60));
        world.auth.disable(root.as_ref().unwrap()).await.unwrap();
        let user = world.auth.users(None, 1).await.unwrap().remove(0);
        assert_eq!((Some(user.id), user.role, user.created_at), (root, Role::Admin, START));
        assert_eq!((user.last_login_at, user.disabled_at), (Some(START.plus(Seconds(60))), Some(START.plus(Seconds(120)))));
    }

    async fn only_a_successful_login_updates_the_last_login(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        assert!(!can_log_in(&world, "alice", "not her password").await);
        assert_eq!(world.auth.users(None, 1).await.unwrap()[0].last_login_at, None);
    }

    async fn without_update_last_login_no_login_updates_the_last_login(driver: Driver) {
        let world = World::with_settings(driver, &[("UPDATE_LAST_LOGIN", "false")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        assert!(can_log_in(&world, "alice", PASSWORD).await);
        assert_eq!(world.auth.users(None, 1).await.unwrap()[0].last_login_at, None);
    }
}
