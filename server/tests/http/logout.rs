//! `/api/{mode}/logout` and `/api/account/logout-everywhere`.

use auth::on_both_databases;
use http::StatusCode;
use serde_json::json;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn logging_out_makes_the_browser_forget_its_cookie(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            browser.post(&format!("/api/{}/logout", mode.id), json!({})).await;
            let is_kept = mode.cookie.is_some_and(|name| browser.cookies.contains_key(name));
            assert!(!is_kept, "{}: {:?}", mode.id, browser.cookies.keys());
        }
    }

    async fn logging_out_by_what_cannot_be_read_says_so(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            client.damage();
            let mut browser = client.clone();
            let out = client.post(&format!("/api/{}/logout", mode.id), json!({})).await;
            assert_eq!((out.status, out.header("x-revocation")), (StatusCode::NO_CONTENT, "unreadable"), "{}", mode.id);
            let led = browser.submit(&format!("/api/{}/logout", mode.id), &[]).await;
            assert_eq!(led.header("location"), format!("/logout?done={0}&ended=unreadable", mode.id), "{}", mode.id);
        }
    }

    async fn logging_out_everywhere_needs_one_live_credential_and_ends_all(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut others = Vec::new();
            for other in site.modes() {
                others.push((other, site.signed_in(Kind::OwnPage, other).await));
            }
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let unauthenticated = site.client(Kind::OwnPage).post("/api/account/logout-everywhere", json!({"mode": mode.id})).await;
            assert_eq!(unauthenticated.status, StatusCode::UNAUTHORIZED);
            assert!(unauthenticated.header("www-authenticate").contains(r#"realm="api""#));
            let unnamed = site.client(Kind::OwnPage).post("/api/account/logout-everywhere", json!({})).await;
            assert_eq!(unnamed.status, StatusCode::UNAUTHORIZED);
            assert_eq!(unnamed.header("www-authenticate"), r#"Bearer realm="api""#);
            let out = browser.post("/api/account/logout-everywhere", json!({"mode": mode.id})).await;
            assert_eq!((out.status, out.header("x-revocation")), (StatusCode::NO_CONTENT, "immediate"));
            for (other, client) in &mut others {
                assert_eq!(client.me(other).await.status, StatusCode::UNAUTHORIZED, "{} by {}", other.id, mode.id);
            }
        }
    }

    async fn logging_out_everywhere_needs_no_mode_where_all_credentials_are_of_one_user(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let out = client.post("/api/account/logout-everywhere", json!({})).await;
            assert_eq!(out.status, StatusCode::NO_CONTENT, "{}: {}", mode.id, out.body);
            assert_eq!(client.me(mode).await.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
        }
    }

    async fn a_mode_that_is_no_text_is_refused_and_not_passed_over(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            for wrong in [json!([mode.id]), json!(null), json!(true)] {
                let out = client.post("/api/account/logout-everywhere", json!({"mode": wrong})).await;
                assert_eq!(out.status, StatusCode::BAD_REQUEST, "{}: {wrong}", mode.id);
                assert!(out.json()["mode"].is_array());
            }
            assert_eq!(client.me(mode).await.status, StatusCode::OK, "{}", mode.id);
        }
    }

    async fn logging_out_everywhere_does_not_guess_between_two_users(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.sign_up("bob").await.unwrap();
        for (one, other) in site.modes().into_iter().zip(site.modes().into_iter().skip(1)) {
            let mut client = site.signed_in(Kind::OwnPage, one).await;
            let body = json!({"username": "bob", "password": auth::testing::PASSWORD});
            client.post(&format!("/api/{}/login", other.id), body).await;
            if one.transport == other.transport && one.cookie.is_none() {
                continue; // one header holds one bearer credential
            }
            let out = client.post("/api/account/logout-everywhere", json!({})).await;
            assert_eq!(out.status, StatusCode::BAD_REQUEST, "{} and {}: {}", one.id, other.id, out.body);
            assert!(out.json()["mode"].is_array());
        }
    }

    async fn logging_out_everywhere_leaves_what_is_anothers_in_the_same_browser(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.sign_up("bob").await.unwrap();
        for (one, other) in site.modes().into_iter().zip(site.modes().into_iter().skip(1)) {
            if one.transport == other.transport && one.cookie.is_none() {
                continue; // one header holds one bearer credential
            }
            let mut client = site.signed_in(Kind::OwnPage, one).await;
            let body = json!({"username": "bob", "password": auth::testing::PASSWORD});
            client.post(&format!("/api/{}/login", other.id), body).await;
            let out = client.post("/api/account/logout-everywhere", json!({"mode": one.id})).await;
            assert_eq!(out.status, StatusCode::NO_CONTENT, "{} and {}: {}", one.id, other.id, out.body);
            assert_eq!(client.me(one).await.status, StatusCode::UNAUTHORIZED, "{} beside {}", one.id, other.id);
            assert_eq!(client.me(other).await.status, StatusCode::OK, "{} beside {}", other.id, one.id);
        }
    }
}
