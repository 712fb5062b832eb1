//! mode: jwt
//! The settings of SimpleJWT, under the names of SimpleJWT.

use auth::{Seconds, on_both_databases, testing::PASSWORD};
use http::StatusCode;
use serde_json::json;

use super::{
    BLACKLIST, LOGOUT, OBTAIN, REFRESH, SLIDE, SLIDING_TOO, VERIFY, claims, credentials, get_me, pair, post, site,
    site_with, sliding, text,
};
use crate::client::{Kind, Site};

async fn slid(site: &Site, token: &str) -> Result<String, String> {
    let answer = post(site, SLIDE, json!({"token": token})).await;
    if answer.status == StatusCode::OK { Ok(text(&answer, "token")) } else { Err(text(&answer, "detail")) }
}

on_both_databases! {
    async fn a_sliding_token_lasts_as_long_as_it_is_renewed_in_time_and_not_for_ever(driver: Driver) {
        let lifetimes = [("SLIDING_TOKEN_LIFETIME", "600"), ("SLIDING_TOKEN_REFRESH_LIFETIME", "1500"), SLIDING_TOO];
        let site = site_with(driver, &lifetimes).await;
        let first = sliding(&site).await;
        site.world.clock.advance(Seconds(599));
        let second = slid(&site, &first).await.unwrap();
        site.world.clock.advance(Seconds(1));
        assert_eq!(slid(&site, &first).await.unwrap_err(), "Token is expired");
        site.world.clock.advance(Seconds(598));
        let third = slid(&site, &second).await.unwrap();
        // 1198 seconds have passed: the token expires after 1500.
        site.world.clock.advance(Seconds(301));
        assert_eq!(post(&site, VERIFY, json!({"token": third})).await.status, StatusCode::OK);
        site.world.clock.advance(Seconds(1));
        assert_eq!(slid(&site, &third).await.unwrap_err(), "Token is expired");
    }

    async fn a_class_of_token_opens_what_is_protected_only_where_it_is_configured(driver: Driver) {
        for (classes, access_opens, sliding_opens) in
            [("SlidingToken", false, true), ("AccessToken SlidingToken", true, true)]
        {
            let site = site_with(driver, &[("AUTH_TOKEN_CLASSES", classes)]).await;
            let (access, refresh) = pair(&site, "alice").await;
            for (token, opens) in [(access, access_opens), (sliding(&site).await, sliding_opens), (refresh, false)] {
                let status = if opens { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
                assert_eq!(get_me(&site, &token).await.status, status, "{classes}");
            }
        }
    }

    async fn without_rotation_a_renewal_brings_an_access_token_and_nothing_else(driver: Driver) {
        let site = site_with(driver, &[("ROTATE_REFRESH_TOKENS", "false")]).await;
        let (_, refresh) = pair(&site, "alice").await;
        for _ in 0..3 {
            let answer = post(&site, REFRESH, json!({"refresh": refresh})).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["access"]);
            site.world.clock.advance(Seconds::days(4));
        }
        // Use does not extend its lifetime.
        site.world.clock.advance(Seconds::days(2));
        assert_eq!(text(&post(&site, REFRESH, json!({"refresh": refresh})).await, "detail"), "Token is expired");
    }

    async fn without_rotation_a_refresh_token_can_be_blacklisted_as_well(driver: Driver) {
        let site = site_with(driver, &[("ROTATE_REFRESH_TOKENS", "false")]).await;
        let (_, refresh) = pair(&site, "alice").await;
        post(&site, REFRESH, json!({"refresh": refresh})).await;
        assert_eq!(post(&site, BLACKLIST, json!({"refresh": refresh})).await.status, StatusCode::OK);
        assert_eq!(text(&post(&site, REFRESH, json!({"refresh": refresh})).await, "detail"), "Token is blacklisted");
    }

    async fn a_lifetime_is_as_configured_in_seconds(driver: Driver) {
        let site = site_with(driver, &[("ACCESS_TOKEN_LIFETIME", "7"), ("REFRESH_TOKEN_LIFETIME", "70")]).await;
        let (access, refresh) = pair(&site, "alice").await;
        for (token, lifetime) in [(access, 7), (refresh, 70)] {
            let claims = claims::read(&token).1;
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), lifetime);
        }
    }

    async fn without_grace_a_refresh_token_is_good_for_one_use_as_in_simplejwt(driver: Driver) {
        let site = site_with(driver, &[("REFRESH_GRACE", "0")]).await;
        let (_, refresh) = pair(&site, "alice").await;
        let first = post(&site, REFRESH, json!({"refresh": refresh})).await;
        assert_eq!((first.status, first.header("x-rotation")), (StatusCode::OK, "rotated"));
        let second = post(&site, REFRESH, json!({"refresh": refresh})).await;
        assert_eq!((second.status, text(&second, "detail")), (StatusCode::UNAUTHORIZED, "Token is blacklisted".into()));
        assert_eq!(text(&second, "reason"), "refresh_token_reused");
    }

    async fn within_the_grace_a_refresh_token_gets_the_same_successor_again(driver: Driver) {
        let site = site(driver).await;
        let (_, refresh) = pair(&site, "alice").await;
        let first = post(&site, REFRESH, json!({"refresh": refresh})).await;
        site.world.clock.advance(Seconds(10));
        let again = post(&site, REFRESH, json!({"refresh": refresh})).await;
        assert_eq!((again.status, again.header("x-rotation")), (StatusCode::OK, "retry"));
        assert_eq!(text(&again, "refresh"), text(&first, "refresh"));
    }

    async fn an_access_token_outlives_its_sign_in_unless_each_use_is_checked_against_it(driver: Driver) {
        for (check, immediate) in [("account", false), ("sign-in", true)] {
            let site = site_with(driver, &[("ACCESS_CHECK", check)]).await;
            let lives = |token: String| {
                let site = &site;
                async move { get_me(site, &token).await.status == StatusCode::OK }
            };

            let mut program = site.client(Kind::Program);
            program.post("/api/jwt/login", json!({"username": "alice", "password": PASSWORD})).await;
            let access = program.access.clone().unwrap();
            let out = program.post("/api/jwt/logout", json!({})).await;
            assert_eq!(out.header("x-revocation") == "immediate", immediate, "{}", out.header("x-revocation"));
            assert_eq!(lives(access).await, !immediate);

            let (access, refresh) = pair(&site, "alice").await;
            post(&site, BLACKLIST, json!({"refresh": refresh})).await;
            assert_eq!(lives(access).await, !immediate);

            let mut program = site.client(Kind::Program);
            program.post(OBTAIN, credentials("alice")).await;
            assert_eq!(program.post(LOGOUT, json!({})).await.status, StatusCode::RESET_CONTENT);
            assert_eq!(lives(program.access.unwrap()).await, !immediate);
        }
    }

    async fn an_access_token_of_an_ended_sign_in_is_an_invalid_one_to_a_client_and_a_blacklisted_one_to_verify(
        driver: Driver
    ) {
        let site = site_with(driver, &[("ACCESS_CHECK", "sign-in")]).await;
        let (access, refresh) = pair(&site, "alice").await;
        post(&site, BLACKLIST, json!({"refresh": refresh})).await;
        let me = get_me(&site, &access).await.json();
        assert_eq!((&me["messages"][0]["message"], &me["reason"]), (&json!("Token is invalid"), &json!("revoked")));
        let verified = post(&site, VERIFY, json!({"token": access})).await;
        let body = json!({"non_field_errors": ["Token is blacklisted"], "reason": "revoked"});
        assert_eq!((verified.status, verified.json()), (StatusCode::BAD_REQUEST, body));
    }
}
