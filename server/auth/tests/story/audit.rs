//! What the audit trail tells, and what it does not.

use auth::{
    on_both_databases,
    testing::{PASSWORD, World, present, request},
};

use crate::signed_in_everywhere;

on_both_databases! {
    async fn a_sign_in_and_its_end_are_told_with_who_what_and_how(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            let rotated = world.auth.rotate(mode.0, &req).await.unwrap();
            world.auth.logout(mode.0, &present(&rotated)).await.unwrap();
            let trail = world.auth.audit_trail(Some(&alice), None, 100).await.unwrap();
            for (action, outcome) in [("login", "issued"), ("rotate", "rotated"), ("logout", "ok")] {
                let told = trail.iter().any(|event| {
                    (event.action.as_str(), event.outcome.as_str(), event.mode.as_deref()) == (action, outcome, Some(mode.0))
                });
                assert!(told, "{mode}: {action} {outcome} is not in the trail");
            }
        }
    }

    async fn a_wrong_password_is_told_to_the_account_that_it_was_tried_on(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        world.auth.login(mode.0, "alice", "not her password", &request(&[("user-agent", "thief")])).await.unwrap_err();
        let trail = world.auth.audit_trail(Some(&alice), None, 1).await.unwrap();
        assert_eq!((trail[0].action.as_str(), trail[0].user_agent.as_str()), ("login", "thief"));
        assert_ne!(trail[0].outcome, "issued");
    }

    async fn the_trail_is_read_page_by_page_without_gaps(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        signed_in_everywhere(&world).await;
        let all = world.auth.audit_trail(Some(&alice), None, 100).await.unwrap();
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let page = world.auth.audit_trail(Some(&alice), before.as_deref(), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id.clone());
            paged.extend(page.into_iter().map(|event| event.id));
        }
        assert_eq!(paged, all.into_iter().map(|event| event.id).collect::<Vec<_>>());
    }

    async fn the_trail_holds_no_secret_and_no_name_that_was_merely_typed(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        world.auth.login(mode.0, "my-password-in-the-wrong-field", PASSWORD, &request(&[])).await.unwrap_err();
        let all = world.auth.audit_trail(None, None, 100).await.unwrap();
        let text = format!("{all:?}");
        assert!(!all.is_empty() && !text.contains("my-password") && !text.contains(PASSWORD));
    }
}
