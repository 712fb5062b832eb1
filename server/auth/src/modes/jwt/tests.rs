//! Rotation over time: what a refresh token is good for, once, twice, and too late.

use http::request::Parts;

use super::INFO;
use crate::{
    AuthError, BodyCredential, Delivery, Issued, NewKey, Refusal, Replay, Revocation, Seconds, SecretString,
    SigningAlgorithm, TokenGrant,
    db::write,
    on_both_databases,
    testing::{Driver, PASSWORD, START, World, present, request},
};

async fn log_in(world: &World) -> Issued {
    world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap()
}

async fn world(driver: Driver) -> World {
    let world = World::new(driver).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

fn refresh_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Pair { refresh: Some(refresh), .. } => refresh.expose().to_owned(),
        other => panic!("no refresh token in {other:?}"),
    }
}

/// As if the tokens had been made while the denylist was off.
async fn forget_noted(world: &World) {
    let forget = "delete from jwt_access_tokens";
    let rows = write!(world.auth.db(), |db| sqlx::query(forget).execute(db).await.unwrap().rows_affected());
    assert_eq!(rows, 1);
}

async fn obtain_sliding(world: &World) -> Issued {
    world.auth.obtain_tokens(TokenGrant::Sliding, "alice", PASSWORD, &request(&[])).await.unwrap()
}

fn sliding_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Token { token, .. } => token.expose().to_owned(),
        other => panic!("no sliding token in {other:?}"),
    }
}

fn refusal(outcome: Result<Issued, AuthError>) -> Refusal {
    match outcome {
        Err(AuthError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn a_retry_within_the_grace_gets_the_same_successor(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        let second = world.auth.rotate(INFO.id.0, &first).await.unwrap();
        world.clock.advance(Seconds(10));
        let retried = world.auth.rotate(INFO.id.0, &first).await.unwrap();
        assert_eq!(refresh_text(&retried), refresh_text(&second));
    }

    async fn a_replay_after_the_grace_ends_the_whole_family(driver: Driver) {
        let world = world(driver).await;
        let stolen = present(&log_in(&world).await);
        let second = world.auth.rotate(INFO.id.0, &stolen).await.unwrap();
        world.clock.advance(Seconds(11));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &stolen).await), Refusal::Replayed(Replay::Parent));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Replayed(Replay::DeadFamily));
    }

    async fn a_grandparent_is_a_replay_even_within_the_grace(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        let second = present(&world.auth.rotate(INFO.id.0, &first).await.unwrap());
        world.auth.rotate(INFO.id.0, &second).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), Refusal::Replayed(Replay::Older));
    }

    async fn without_grace_every_second_use_is_a_replay(driver: Driver) {
        let world = World::with_settings(driver, &[("REFRESH_GRACE", "0")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let first = present(&log_in(&world).await);
        world.auth.rotate(INFO.id.0, &first).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), Refusal::Replayed(Replay::Parent));
    }

    async fn a_replay_leaves_the_other_sign_ins_of_the_user(driver: Driver) {
        let world = world(driver).await;
        let (stolen, other) = (present(&log_in(&world).await), present(&log_in(&world).await));
        world.auth.rotate(INFO.id.0, &stolen).await.unwrap();
        world.clock.advance(Seconds(11));
        refusal(world.auth.rotate(INFO.id.0, &stolen).await);
        assert!(world.auth.rotate(INFO.id.0, &other).await.is_ok());
    }

    async fn an_unused_refresh_token_expires_with_its_family(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        world.clock.advance(Seconds::days(14));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), Refusal::Expired);
    }

    async fn an_access_token_cannot_be_refreshed_with(driver: Driver) {
        let world = world(driver).await;
        let Delivery::Pair { access, .. } = log_in(&world).await.delivery else { panic!("no pair") };
        let mut req = request(&[]);
        req.extensions.insert(BodyCredential(access));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &req).await), Refusal::WrongType);
    }

    async fn a_browser_gets_its_refresh_token_only_in_a_cookie(driver: Driver) {
        let world = world(driver).await;
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &browser).await.unwrap();
        assert!(matches!(issued.delivery, Delivery::Pair { refresh: None, .. }));
        let again = world.auth.rotate(INFO.id.0, &present(&issued)).await.unwrap();
        assert!(matches!(again.delivery, Delivery::Pair { refresh: None, .. }));
        assert_eq!(again.set_cookies.len(), 1);
    }

    async fn logging_out_by_the_access_token_alone_ends_the_family(driver: Driver) {
        let world = world(driver).await;
        let issued = log_in(&world).await;
        let mut access_only: Parts = present(&issued);
        access_only.extensions.clear();
        world.auth.logout(INFO.id.0, &access_only).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&issued)).await), Refusal::Replayed(Replay::DeadFamily));
    }

    async fn garbage_is_refused_before_the_database_is_asked(driver: Driver) {
        let world = world(driver).await;
        for text in ["", "a", "a.b.c", "....", "e30.e30.e30", "\u{0}"] {
            let mut req = request(&[]);
            req.extensions.insert(BodyCredential(SecretString::new(text.to_owned())));
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &req).await), Refusal::Malformed, "{text:?}");
        }
    }

    async fn a_sliding_token_cannot_be_ended_and_nobody_is_told_otherwise(driver: Driver) {
        let world = world(driver).await;
        let token = sliding_text(&obtain_sliding(&world).await);
        let outcome = world.auth.revoke_token(&token, &request(&[])).await;
        assert!(matches!(outcome, Err(AuthError::NotRevocable)), "{outcome:?}");
    }

    async fn with_the_denylist_a_sliding_token_ends_with_all_that_it_was_renewed_from(driver: Driver) {
        let world = World::with_settings(driver, &[("ACCESS_TOKEN_DENYLIST", "true")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let first = sliding_text(&obtain_sliding(&world).await);
        let renew = async |token: &str| world.auth.renew_tokens(TokenGrant::Sliding, token, &request(&[])).await;
        let second = sliding_text(&renew(&first).await.unwrap());
        world.auth.revoke_token(&second, &request(&[])).await.unwrap();
        assert_eq!(refusal(renew(&first).await), Refusal::Revoked);
        assert_eq!(refusal(renew(&second).await), Refusal::Revoked);
    }

    async fn a_token_of_before_the_denylist_was_switched_on_can_be_denied(driver: Driver) {
        let world = World::with_settings(driver, &[("ACCESS_TOKEN_DENYLIST", "true")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let token = sliding_text(&obtain_sliding(&world).await);
        forget_noted(&world).await;
        world.auth.revoke_token(&token, &request(&[])).await.unwrap();
        let outcome = world.auth.renew_tokens(TokenGrant::Sliding, &token, &request(&[])).await;
        assert_eq!(refusal(outcome), Refusal::Revoked);
    }

    async fn where_sliding_tokens_count_for_access_their_renewals_are_announced(driver: Driver) {
        let settings = [("AUTH_TOKEN_CLASSES", "AccessToken,SlidingToken")];
        let world = World::with_settings(driver, &settings).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let ended = world.auth.logout_all(INFO.id.0, &present(&log_in(&world).await)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::AtExpiry(START.plus(Seconds::days(1))));
    }

    async fn the_leeway_is_part_of_what_a_logout_announces(driver: Driver) {
        let world = World::with_settings(driver, &[("LEEWAY", "60")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let ended = world.auth.logout(INFO.id.0, &present(&log_in(&world).await)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::AtExpiry(START.plus(Seconds(360))));
    }

    async fn a_denied_token_is_remembered_for_as_long_as_it_could_be_taken(driver: Driver) {
        let settings = [("LEEWAY", "60"), ("ACCESS_TOKEN_DENYLIST", "true"), ("REFRESH_TOKEN_LIFETIME", "10")];
        let world = World::with_settings(driver, &settings).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let access = present(&log_in(&world).await);
        world.auth.logout(INFO.id.0, &access).await.unwrap();
        world.clock.advance(Seconds(300));
        world.auth.prune(100).await.unwrap();
        let outcome = world.auth.identify(INFO.id.0, &access).await;
        assert!(matches!(outcome, Err(AuthError::Refused(Refusal::Revoked))), "{outcome:?}");
        world.clock.advance(Seconds(60));
        assert!(world.auth.prune(100).await.unwrap() > 0);
    }

    async fn a_key_is_accepted_for_as_long_as_what_it_has_signed_may_lie_unused(driver: Driver) {
        let world = World::with_settings(driver, &[("REFRESH_TOKEN_LIFETIME", "2592000")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let unused = present(&log_in(&world).await);
        let new = NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: START };
        world.auth.rotate_keys(new).await.unwrap();
        world.clock.advance(Seconds::days(29));
        assert!(world.auth.rotate(INFO.id.0, &unused).await.is_ok());
    }
}
