//! The guard of the pages, which runs before anything is rendered.

use auth::{Role, Transport, on_both_databases, testing::PASSWORD};
use http::StatusCode;

use super::{admins, root, somebodys};
use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_stranger_is_led_away_from_a_page_that_is_somebodys_before_it_is_rendered(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            for path in somebodys(mode) {
                let answer = site.client(Kind::OwnPage).get(&path).await;
                let to = format!("/login?mode={}&next={}", mode.id, path.replace('/', "%2F"));
                assert_eq!((answer.status, answer.header("location"), answer.body.as_str()), (StatusCode::SEE_OTHER, to.as_str(), ""));
            }
        }
    }

    async fn a_page_is_guarded_however_its_address_is_written(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let (first, rest) = mode.id.0.split_at(1);
            let escaped = format!("%{:02x}{rest}", first.as_bytes()[0]);
            for path in somebodys(mode) {
                let path = path.replacen(mode.id.0, &escaped, 1);
                let answer = site.client(Kind::OwnPage).get(&path).await;
                assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SEE_OTHER, ""), "{path}");
            }
        }
    }

    async fn a_refused_credential_opens_no_page(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for value in browser.cookies.values_mut() {
                value.push('A');
            }
            for path in somebodys(mode) {
                let answer = browser.get(&path).await;
                assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SEE_OTHER, ""), "{path}");
                assert!(answer.header("location").ends_with("error=token_not_valid"), "{path}");
            }
        }
    }

    async fn the_pages_of_admins_are_refused_to_others_before_anything_is_rendered(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for path in admins(mode) {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
                assert!(answer.body.contains("Not allowed") && !answer.body.contains("alice"), "{path}");
                assert!(!answer.body.contains("<script") && !answer.header("content-security-policy").contains("script-src"));
                assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
            }
        }
    }

    async fn a_closed_administrator_reads_nothing_however_weak_the_access_check(driver: Driver) {
        let site = Site::with_settings(driver, &[("ACCESS_CHECK", "signature")]).await;
        let (id, _) = site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        let mut browsers = Vec::new();
        for mode in site.cookie_modes() {
            browsers.push((mode, root(&site, mode).await));
        }
        site.world.auth.disable(&id.unwrap()).await.unwrap();
        for (mode, mut browser) in browsers {
            for path in admins(mode) {
                assert_eq!(browser.get(&path).await.status, StatusCode::SEE_OTHER, "{path}");
            }
            for name in ["users", "all-activity"] {
                let path = format!("/api/fn/{name}?mode={}", mode.id);
                assert_eq!(browser.get(&path).await.body, "null", "{path}");
            }
        }
    }

    async fn what_the_server_sends_along_is_sent_to_its_user_alone(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            for name in ["credentials", "activity", "users", "all-activity"] {
                let path = format!("/api/fn/{name}?mode={}", mode.id);
                assert_eq!(site.client(Kind::OwnPage).get(&path).await.body, "null", "{path}");
                let to_its_user = site.signed_in(Kind::OwnPage, mode).await.get(&path).await.body;
                let is_theirs = mode.transport == Transport::Cookie && ["credentials", "activity"].contains(&name);
                assert_eq!(to_its_user != "null", is_theirs, "{path}: {to_its_user}");
            }
        }
    }

    async fn the_page_of_a_bearer_mode_is_rendered_without_a_user(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.bearer_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for path in somebodys(mode) {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(!answer.body.contains("alice") && !answer.body.contains("<tr role=\"row\" data-"), "{path}");
            }
        }
    }

    // The app's router resolves `..` and axum's does not. If such a path reached a page, the guard would not run for
    // it.
    async fn a_path_that_leads_back_to_a_page_is_no_way_to_it(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            for path in [format!("//../me/{}", mode.id), format!("/x/%2e%2e/me/{}", mode.id), "//../".to_owned()] {
                let page = client.get(&path).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
                assert!(page.body.contains("Page not found"), "{path}: {}", page.body);
            }
        }
    }
}
