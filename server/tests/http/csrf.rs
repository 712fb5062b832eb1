//! CSRF: requests that another site causes are refused.

use auth::on_both_databases;
use http::StatusCode;
use serde_json::json;

use crate::client::{Client, Kind, Site};

const UNSAFE: [&str; 5] = ["rotate", "rotate/trial", "rotate/replay", "logout", "logout-all"];

async fn turned_away(client: &mut Client, path: &str, reason: &str) {
    let answer = client.post(path, json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} as {:?}: {}", client.kind, answer.body);
    assert_eq!((&answer.json()["code"], &answer.json()["reason"]), (&json!("csrf_failed"), &json!(reason)));
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("CSRF Failed: "));
    assert_eq!(answer.header("set-cookie"), "", "{path}: a refused request set a cookie");
}

on_both_databases! {
    async fn another_site_cannot_use_a_cookie_credential(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            for action in UNSAFE {
                let path = format!("/api/{}/{action}", mode.id);
                for (kind, reason) in
                    [(Kind::OtherSite, "sec-fetch-site"), (Kind::OldBrowserOtherSite, "origin"), (Kind::Program, "origin")]
                {
                    client.kind = kind;
                    turned_away(&mut client, &path, reason).await;
                }
            }
            client.kind = Kind::OwnPage;
            assert_eq!(client.me(mode).await.status, StatusCode::OK, "{}: a forged request took effect", mode.id);
        }
    }

    async fn another_site_cannot_log_a_user_out_everywhere_by_a_cookie(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            client.kind = Kind::OtherSite;
            for body in [json!({"mode": mode.id}), json!({})] {
                let answer = client.post("/api/account/logout-everywhere", body).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN);
            }
        }
    }

    async fn another_site_cannot_sign_a_user_in_where_a_cookie_is_set(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.cookie.is_some()) {
            for kind in [Kind::OtherSite, Kind::OldBrowserOtherSite] {
                let mut client = site.client(kind);
                assert_eq!(client.log_in(mode).await.status, StatusCode::FORBIDDEN, "{} as {kind:?}", mode.id);
                assert!(client.cookies.is_empty());
            }
        }
    }

    async fn a_form_of_another_site_is_turned_away_and_not_led_to_our_pages(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            client.kind = Kind::OtherSite;
            for action in UNSAFE.into_iter().chain(["login"]) {
                let answer = client.submit(&format!("/api/{}/{action}", mode.id), &[]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
            }
        }
    }

    async fn another_site_cannot_use_a_refresh_cookie(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.renews_silently) {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            for kind in [Kind::OtherSite, Kind::OldBrowserOtherSite, Kind::Program] {
                client.kind = kind;
                for action in ["login", "rotate", "rotate/trial", "rotate/replay", "logout", "credentials/end-others"] {
                    let path = format!("/api/{}/{action}", mode.id);
                    assert_eq!(client.post(&path, json!({})).await.status, StatusCode::FORBIDDEN, "{action} as {kind:?}");
                }
                let change = client.post("/api/account/password", json!({"mode": mode.id})).await;
                assert_eq!(change.status, StatusCode::FORBIDDEN, "{kind:?}: {}", change.body);
            }
        }
    }

    async fn a_refused_request_of_another_site_is_in_the_audit_log(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.cookie.is_some()) {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            client.kind = Kind::OtherSite;
            client.post(&format!("/api/{}/logout", mode.id), json!({})).await;
            let latest = site.world.auth.audit_log(None, 1).await.unwrap().remove(0);
            assert_eq!((latest.action.as_str(), latest.mode.as_deref()), ("deny", Some(mode.id.0)));
            assert!(latest.outcome.contains("csrf_failed"), "{}", latest.outcome);
        }
    }

    async fn a_bearer_credential_is_hindered_nowhere(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.bearer_modes() {
            for kind in [Kind::OtherSite, Kind::OldBrowserOtherSite, Kind::Program] {
                let mut client = site.signed_in(Kind::Program, mode).await;
                client.kind = kind;
                assert_eq!(client.me(mode).await.status, StatusCode::OK);
                let rotated = client.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
                assert_eq!(rotated.status, StatusCode::OK, "{} as {kind:?}: {}", mode.id, rotated.body);
                let out = client.post(&format!("/api/{}/logout", mode.id), json!({})).await;
                assert_eq!(out.status, StatusCode::NO_CONTENT, "{} as {kind:?}", mode.id);
            }
        }
    }

    async fn a_refused_bearer_credential_from_another_origin_is_401_and_no_csrf_failure(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.bearer_modes() {
            let mut client = site.signed_in(Kind::Program, mode).await;
            client.damage();
            client.kind = Kind::OtherSite;
            let answer = client.post("/api/account/logout-everywhere", json!({})).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {}", mode.id, answer.body);
            assert_eq!(answer.json()["code"], "token_not_valid", "{}", mode.id);
        }
    }

    async fn a_program_without_cookies_may_log_in_by_every_mode(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            site.signed_in(Kind::Program, mode).await;
        }
    }
}
