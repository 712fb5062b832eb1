//! "Your devices": the list of sign-ins, and ending them.

use auth::{
    AuthError, IssuedBy, Revocation, SIGN_INS_PER_PAGE, Seconds, on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::{is_signed_in, listed, signed_in_everywhere};

on_both_databases! {
    async fn every_mode_that_remembers_lists_its_sign_ins_and_the_callers_is_marked(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let listed = world.auth.sign_ins(mode.0, None, &req).await.unwrap();
            let current: Vec<_> = listed.iter().filter(|listed| listed.is_current).collect();
            let remembers = world.auth.mode(mode.0).unwrap().remembers;
            assert_eq!(current.len(), usize::from(remembers), "{mode}");
            assert!(current.iter().all(|listed| listed.sign_in.mode == mode.0), "{mode}");
        }
    }

    async fn a_sign_in_ended_from_the_list_is_dead_and_the_others_live(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let lost = world.log_in(mode, "alice").await.unwrap();
            let listed = world.auth.sign_ins(mode.0, None, &lost).await.unwrap();
            let Some(entry) = listed.into_iter().find(|listed| listed.is_current) else { continue };
            world.auth.end_sign_in(mode.0, entry.sign_in.id.as_str(), Some(PASSWORD), &req).await.unwrap();
            assert!(world.auth.rotate(mode.0, &lost).await.is_err(), "{mode}: rotated after its end");
            assert!(is_signed_in(&world, mode, &req).await, "{mode}: the wrong one ended");
        }
    }

    async fn only_the_callers_own_sign_in_ends_without_the_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.auth.modes().filter(|mode| mode.remembers).map(|mode| mode.id) {
            let (mine, other) = (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
            let all = world.auth.sign_ins(mode.0, None, &mine).await.unwrap();
            let id = |is_current| all.iter().find(|listed| listed.is_current == is_current && listed.sign_in.mode == mode.0).unwrap().sign_in.id.as_str().to_owned();
            let refused = world.auth.end_sign_in(mode.0, &id(false), None, &mine).await;
            assert!(matches!(refused, Err(AuthError::PasswordRequired)), "{mode}");
            let refused = world.auth.end_sign_in(mode.0, &id(false), Some("not her password"), &mine).await;
            assert!(matches!(refused, Err(AuthError::WrongPassword)), "{mode}");
            assert!(is_signed_in(&world, mode, &other).await, "{mode}");
            world.auth.end_sign_in(mode.0, &id(true), None, &mine).await.unwrap();
            assert!(world.auth.rotate(mode.0, &mine).await.is_err(), "{mode}");
        }
    }

    async fn no_user_ends_the_sign_in_of_another_user(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        world.sign_up("mallory").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let mallory = world.log_in(mode, "mallory").await.unwrap();
            for entry in world.auth.sign_ins(mode.0, None, &req).await.unwrap() {
                let id = entry.sign_in.id.as_str();
                let refused = world.auth.end_sign_in(mode.0, id, Some(PASSWORD), &mallory).await;
                assert!(matches!(refused, Err(AuthError::UnknownSignIn)), "{mode}");
            }
            assert!(is_signed_in(&world, mode, &req).await, "{mode}");
        }
    }

    async fn an_unknown_id_ends_no_sign_in(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (mode, req) = signed_in_everywhere(&world).await.remove(0);
        for text in ["", "%", "' or 1=1 --", "\0", "\u{1f980}", &"a".repeat(1000)] {
            let refused = world.auth.end_sign_in(mode.0, text, Some(PASSWORD), &req).await;
            assert!(matches!(refused, Err(AuthError::UnknownSignIn)), "{text:?}");
            assert!(world.auth.sign_ins(mode.0, Some(text), &req).await.unwrap().is_empty(), "{text:?}");
        }
    }

    async fn ending_all_others_keeps_the_callers_sign_in_with_its_absolute_end_and_a_new_credential(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let everywhere = signed_in_everywhere(&world).await;
            let issued = world.auth.login(mode.0, "alice", PASSWORD, &request(&[])).await.unwrap();
            let mine = present(&issued);
            world.clock.advance(Seconds(100));
            let carried = world.auth.end_others(mode.0, PASSWORD, &mine).await.unwrap();
            assert_eq!((carried.issued.by, carried.revocation), (IssuedBy::Rotation, Revocation::Immediate), "{mode}");
            assert_eq!(carried.issued.sign_in, issued.sign_in, "{mode}");
            let (before, after) = (issued.lifetime, carried.issued.lifetime);
            assert_eq!(after.absolute_expires_at, before.absolute_expires_at, "{mode}: the absolute end moved");
            assert_eq!(after.generation, before.generation + 1, "{mode}");
            assert!(is_signed_in(&world, mode, &present(&carried.issued)).await, "{mode}: the caller was signed out");
            assert!(world.auth.rotate(mode.0, &present(&carried.issued)).await.is_ok(), "{mode}: the new credential does not rotate");
            for (other, req) in everywhere.iter().chain([&(mode, mine)]) {
                assert!(!is_signed_in(&world, *other, req).await, "{other} outlived it, ended by {mode}");
            }
        }
    }

    async fn ending_all_others_asks_for_the_password(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let refused = world.auth.end_others(mode.0, "not her password", &req).await;
            assert!(matches!(refused, Err(AuthError::WrongPassword)), "{mode}");
            assert!(is_signed_in(&world, mode, &req).await, "{mode}: a refused request ended the sign-in");
        }
    }

    async fn of_two_concurrent_requests_to_end_all_others_one_wins_and_the_caller_stays_signed_in(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let (one, two) = tokio::join!(
                world.auth.end_others(mode.0, PASSWORD, &req),
                world.auth.end_others(mode.0, PASSWORD, &req),
            );
            let (winner, loser) = if one.is_ok() { (one, two) } else { (two, one) };
            let issued = winner.unwrap().issued;
            assert!(matches!(loser, Err(AuthError::Conflict | AuthError::Refused(_))), "{mode}: {loser:?}");
            assert!(is_signed_in(&world, mode, &present(&issued)).await, "{mode}");
        }
    }

    async fn beyond_the_limit_the_least_recently_seen_sign_in_ends(driver: Driver) {
        let world = World::with_settings(driver, &[("SIGN_IN_LIMIT", "3")]).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mode = world.auth.modes().find(|mode| mode.remembers && !mode.renews_silently).unwrap().id;
        let mut all = Vec::new();
        for _ in 0..3 {
            world.clock.advance(Seconds(100));
            all.push(world.log_in(mode, "alice").await.unwrap());
        }
        world.clock.advance(Seconds(100));
        assert!(is_signed_in(&world, mode, &all[0]).await);
        all.push(world.log_in(mode, "alice").await.unwrap());
        assert_eq!(listed(&world, mode, &alice).await, 3);
        let mut live = Vec::new();
        for req in &all {
            live.push(is_signed_in(&world, mode, req).await);
        }
        assert_eq!(live, [true, false, true, true]);
    }

    async fn the_list_is_paged_without_gaps(driver: Driver) {
        let world = World::with_settings(driver, &[("SIGN_IN_LIMIT", "1000")]).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mode = world.auth.modes().find(|mode| mode.remembers).unwrap().id;
        let count = SIGN_INS_PER_PAGE + 3;
        let mut made = Vec::new();
        for _ in 0..count {
            let user = world.auth.find_user("alice").await.unwrap().unwrap();
            made.extend(world.begin_as(mode, user).await.unwrap().sign_in);
        }
        let first = world.auth.sign_ins_of(&alice, None).await.unwrap();
        let second = world.auth.sign_ins_of(&alice, first.last().map(|last| last.id.as_str())).await.unwrap();
        assert_eq!((first.len(), second.len()), (SIGN_INS_PER_PAGE as usize, 3));
        let ids: Vec<_> = first.iter().chain(&second).map(|sign_in| sign_in.id.clone()).collect();
        made.reverse();
        assert_eq!(ids, made, "newest first");
    }

    async fn ended_sign_ins_are_pruned_with_the_rows_of_their_mode(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mut rows = 0;
        for (mode, req) in signed_in_everywhere(&world).await {
            let next = present(&world.auth.rotate(mode.0, &req).await.unwrap());
            world.auth.logout(mode.0, &next).await.unwrap();
            rows += u64::from(world.auth.mode(mode.0).unwrap().remembers);
        }
        world.clock.advance(Seconds::days(1));
        let deleted = world.auth.prune(1000).await.unwrap();
        assert!(deleted >= 2 * rows, "{deleted} of {rows}");
        assert_eq!(world.auth.prune(1000).await.unwrap(), 0);
    }

    async fn without_a_credential_the_list_is_refused(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for mode in world.modes() {
            let refused = world.auth.sign_ins(mode.0, None, &request(&[])).await;
            assert!(matches!(refused, Err(AuthError::Missing)), "{mode}");
        }
    }
}
