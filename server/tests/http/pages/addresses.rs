//! The redirects of the pages.

use auth::{Seconds, on_both_databases, testing::PASSWORD};
use http::StatusCode;
use serde_json::json;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_page_request_that_shows_a_credential_replaced_just_now_is_sent_to_itself(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let mut old = browser.clone();
            browser.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            let refused = old.me(mode).await;
            if refused.status == StatusCode::OK {
                continue; // This mode has no row, so the server cannot tell that the credential was replaced.
            }
            assert_eq!((refused.status, &refused.json()["reason"]), (StatusCode::UNAUTHORIZED, &json!("replaced")));
            let path = format!("/account/{}?done=others", mode.id);
            site.world.clock.advance(Seconds(9));
            let itself = old.get(&path).await;
            assert_eq!((itself.status, itself.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
            site.world.clock.advance(Seconds(1));
            let login = old.get(&path).await;
            assert!(login.header("location").ends_with("error=token_not_valid"), "{}", login.header("location"));
        }
    }

    async fn the_login_leads_back_to_the_whole_address_with_its_query(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let path = format!("/account/{}/activity?before=a%26b&x=%2Fy", mode.id);
            let next = form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
            let mut browser = site.client(Kind::OwnPage);
            let answer = browser.get(&path).await;
            assert_eq!(answer.header("location"), format!("/login?mode={}&next={next}", mode.id));
            let credentials = [("username", "alice"), ("password", PASSWORD), ("next", path.as_str())];
            let back = browser.submit(&format!("/api/{}/login", mode.id), &credentials).await;
            assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
            // A URL that is too long for a `Location` loses its query.
            let long = site.client(Kind::OwnPage).get(&format!("/me/{}?x={}", mode.id, "a".repeat(600))).await;
            assert_eq!(long.header("location"), format!("/login?mode={0}&next=%2Fme%2F{0}", mode.id));
        }
    }

    async fn an_address_without_a_mode_keeps_its_query(driver: Driver) {
        let site = Site::new(driver).await;
        let stranger = site.client(Kind::OwnPage).get("/account?tab=2").await;
        assert_eq!(stranger.header("location"), "/login?next=%2Faccount%3Ftab%3D2");
        for mode in site.modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.get("/account?tab=2").await;
            assert_eq!(answer.header("location"), format!("/account/{}?tab=2", mode.id));
        }
    }

    async fn an_address_without_a_mode_leads_to_the_one_used_last_or_to_the_login(driver: Driver) {
        let site = Site::new(driver).await;
        for page in ["me", "account", "admin"] {
            let (address, login) = (format!("/{page}"), format!("/login?next=%2F{page}"));
            assert_eq!(site.client(Kind::OwnPage).get(&address).await.header("location"), login);
            for mode in site.modes() {
                let mut browser = site.signed_in(Kind::OwnPage, mode).await;
                assert_eq!(browser.get(&address).await.header("location"), format!("/{page}/{}", mode.id));
            }
            let mut forged = site.client(Kind::OwnPage);
            forged.cookies.insert("__Host-last-mode".into(), "/evil.test".into());
            assert_eq!(forged.get(&address).await.header("location"), login);
        }
    }

    async fn an_unknown_page_is_404(driver: Driver) {
        let site = Site::new(driver).await;
        for path in ["/nothing", "/me/nothing", "/account/nothing", "/account/nothing/activity", "/admin/nothing"] {
            assert_eq!(site.client(Kind::OwnPage).get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
