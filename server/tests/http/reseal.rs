//! The idle time of a cookie without a row counts from its last use, on every route.

use std::fs;

use auth::{ModeInfo, Seconds, on_both_databases, testing::PASSWORD};
use http::{StatusCode, header};
use serde_json::json;
use server::{ServerParts, router};

use crate::client::{Answer, Client, Kind, Site};

/// A route of each kind that recognises the caller: the API, a page, a page that shows all modes, a server function.
fn routes(mode: &ModeInfo) -> [String; 6] {
    [
        "/api/{mode}/me",
        "/api/{mode}/credentials",
        "/api/{mode}/audit",
        "/account/{mode}",
        "/logout",
        "/api/fn/credentials?mode={mode}",
    ]
    .map(|path| path.replace("{mode}", mode.id.0))
}

async fn expires_at(client: &mut Client, mode: &ModeInfo) -> i64 {
    client.me(mode).await.json()["auth"]["expires_at"].as_i64().unwrap()
}

/// A sign-in of which three quarters of the idle time have passed.
async fn due(site: &Site, mode: &ModeInfo) -> (Client, Seconds) {
    let mut browser = site.signed_in(Kind::OwnPage, mode).await;
    let idle = expires_at(&mut browser, mode).await - site.world.auth.now().0;
    let most = Seconds(idle * 3 / 4);
    site.world.clock.advance(most);
    (browser, most)
}

/// How many times an answer sets or clears this cookie.
fn times_set(answer: &Answer, name: &str) -> usize {
    let sets = |value: &http::HeaderValue| value.to_str().unwrap().split('=').next() == Some(name);
    answer.headers.get_all(header::SET_COOKIE).iter().filter(|value| sets(value)).count()
}

on_both_databases! {
    async fn every_route_that_recognises_the_caller_moves_the_idle_limit(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            for path in routes(mode) {
                let (mut browser, most) = due(&site, mode).await;
                assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
                site.world.clock.advance(most);
                assert_eq!(browser.me(mode).await.status, StatusCode::OK, "{path} was no use");
            }
        }
    }

    async fn the_answer_tells_the_later_date(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let begun = site.world.auth.now().0;
            let (mut browser, most) = due(&site, mode).await;
            let later = expires_at(&mut browser, mode).await;
            assert!(later > begun + most.0 * 4 / 3, "{}: {later}", mode.id);
            assert_eq!(expires_at(&mut browser, mode).await, later, "{}", mode.id);
        }
    }

    async fn an_answer_that_may_be_cached_carries_no_cookie(driver: Driver) {
        let mut site = Site::new(driver).await;
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("favicon.svg"), "").unwrap();
        site.router = router(ServerParts::new(site.world.auth.clone(), root.path().to_str().unwrap(), None));
        for mode in site.cookie_modes() {
            let (mut browser, _) = due(&site, mode).await;
            let icon = browser.get("/favicon.svg").await;
            assert_eq!((icon.status, icon.header("cache-control")), (StatusCode::OK, "public, no-cache"), "{}", mode.id);
            assert_eq!(times_set(&icon, mode.cookie.unwrap()), 0, "{}", mode.id);
        }
    }

    async fn an_answer_that_replaces_or_ends_a_credential_sets_its_cookie_at_most_once(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let name = mode.cookie.unwrap();
            for action in [
                "/api/{mode}/login",
                "/api/{mode}/logout",
                "/api/{mode}/logout-all",
                "/api/{mode}/rotate",
                "/api/{mode}/rotate/trial",
                "/api/{mode}/credentials/end-others",
                "/api/account/logout-everywhere",
                "/api/account/password",
            ] {
                let (mut browser, _) = due(&site, mode).await;
                let path = action.replace("{mode}", mode.id.0);
                let fields =
                    json!({"mode": mode.id, "username": "alice", "password": PASSWORD, "current": PASSWORD, "new": PASSWORD});
                let answer = browser.post(&path, fields).await;
                assert!(answer.status.is_success(), "{path}: {}", answer.body);
                assert_eq!(times_set(&answer, name), 1, "{path}");
            }
        }
    }

    async fn a_refusal_neither_sets_nor_clears_a_cookie(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let name = mode.cookie.unwrap();
            let (mut browser, _) = due(&site, mode).await;
            browser.kind = Kind::OtherSite;
            let forged = browser.post(&format!("/api/{}/credentials/nothing/end", mode.id), json!({})).await;
            assert_eq!((forged.status, times_set(&forged, name)), (StatusCode::FORBIDDEN, 0), "{}", mode.id);
            browser.kind = Kind::OwnPage;
            for value in browser.cookies.values_mut() {
                value.push('A');
            }
            for path in routes(mode) {
                assert_eq!(times_set(&browser.get(&path).await, name), 0, "{path}");
            }
        }
    }
}
