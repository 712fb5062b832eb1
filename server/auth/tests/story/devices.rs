//! "Your devices": the list, and ending what is on it.

use auth::{
    AuthError, CredentialId, IssuedBy, Revocation, on_both_databases,
    testing::{World, present, request},
};

use crate::{is_signed_in, signed_in_everywhere};

on_both_databases! {
    async fn every_mode_that_knows_its_credentials_lists_them_and_the_callers_is_marked(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let all = signed_in_everywhere(&world).await;
        for (mode, req) in &all {
            let listed = world.auth.credentials(mode.0, req).await.unwrap();
            let current: Vec<_> = listed.iter().filter(|listed| listed.current).collect();
            let knows = listed.iter().any(|listed| listed.mode == *mode);
            assert_eq!(current.len(), usize::from(knows), "{mode}");
            assert!(current.iter().all(|listed| listed.mode == *mode), "{mode}");
        }
    }

    async fn a_credential_ended_from_the_list_is_dead_and_the_others_live(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let lost = world.log_in(mode, "alice").await.unwrap();
            let listed = world.auth.credentials(mode.0, &lost).await.unwrap();
            let Some(entry) = listed.into_iter().find(|listed| listed.current) else { continue };
            world.auth.end_credential(mode.0, &entry.credential.id, &req).await.unwrap();
            assert!(world.auth.rotate(mode.0, &lost).await.is_err(), "{mode}: rotated after its end");
            assert!(is_signed_in(&world, mode, &req).await, "{mode}: the wrong one ended");
        }
    }

    async fn nobody_ends_the_credential_of_somebody_else(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        world.sign_up("mallory").await.unwrap();
        for (mode, req) in signed_in_everywhere(&world).await {
            let mallory = world.log_in(mode, "mallory").await.unwrap();
            for entry in world.auth.credentials(mode.0, &req).await.unwrap() {
                let refused = world.auth.end_credential(mode.0, &entry.credential.id, &mallory).await;
                assert!(matches!(refused, Err(AuthError::UnknownCredential)), "{mode}");
            }
            assert!(is_signed_in(&world, mode, &req).await, "{mode}");
        }
    }

    async fn a_name_that_is_on_no_list_ends_nothing(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let (mode, req) = signed_in_everywhere(&world).await.remove(0);
        for text in ["", "%", "' or 1=1 --", "\0", "\u{1f980}"] {
            let refused = world.auth.end_credential(mode.0, &CredentialId::new(text.to_owned()), &req).await;
            assert!(matches!(refused, Err(AuthError::UnknownCredential)), "{text:?}");
        }
    }

    async fn ending_all_others_leaves_the_caller_signed_in_by_a_new_credential_alone(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let everywhere = signed_in_everywhere(&world).await;
            let mine = world.log_in(mode, "alice").await.unwrap();
            let afresh = world.auth.end_other_credentials(mode.0, &mine).await.unwrap();
            assert_eq!((afresh.issued.by, afresh.revocation), (IssuedBy::Login, Revocation::Immediate));
            assert!(is_signed_in(&world, mode, &present(&afresh.issued)).await, "{mode}: the caller was signed out");
            for (other, req) in everywhere.iter().chain([&(mode, mine)]) {
                assert!(!is_signed_in(&world, *other, req).await, "{other} outlived it, ended by {mode}");
            }
        }
    }

    async fn without_a_credential_there_is_no_list(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        for mode in world.modes() {
            let refused = world.auth.credentials(mode.0, &request(&[])).await;
            assert!(matches!(refused, Err(AuthError::Missing)), "{mode}");
        }
    }
}
