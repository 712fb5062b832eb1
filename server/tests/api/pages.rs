//! Pages: who is let in before anything is rendered.

use auth::{Transport, on_both_databases};
use http::StatusCode;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_stranger_is_led_away_from_a_page_that_is_somebodys_before_it_is_rendered(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Cookie) {
            let answer = site.client(Kind::OwnPage).get(&format!("/me/{}", mode.id)).await;
            let to = format!("/login?mode={0}&next=%2Fme%2F{0}", mode.id);
            assert_eq!((answer.status, answer.header("location"), answer.body.as_str()), (StatusCode::SEE_OTHER, to.as_str(), ""));
        }
    }

    async fn a_refused_credential_opens_no_page(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Cookie) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for value in browser.cookies.values_mut() {
                value.push('A');
            }
            let answer = browser.get(&format!("/me/{}", mode.id)).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::SEE_OTHER, ""));
            assert!(answer.header("location").ends_with("error=token_not_valid"));
        }
    }

    async fn the_page_of_a_cookie_mode_is_rendered_for_its_user_and_cached_nowhere(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Cookie) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.get(&format!("/me/{}", mode.id)).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.body.contains("alice"), "{}", mode.id);
            assert_eq!(answer.header("cache-control"), "private, no-store");
        }
    }

    async fn the_page_of_a_bearer_mode_is_rendered_for_nobody(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Bearer) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.get(&format!("/me/{}", mode.id)).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(!answer.body.contains("alice"), "{}", mode.id);
        }
    }

    async fn me_leads_to_the_mode_that_was_used_last_or_to_the_login(driver: Driver) {
        let site = Site::new(driver).await;
        assert_eq!(site.client(Kind::OwnPage).get("/me").await.header("location"), "/login?next=%2Fme");
        for mode in site.modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            assert_eq!(browser.get("/me").await.header("location"), format!("/me/{}", mode.id));
        }
        let mut forged = site.client(Kind::OwnPage);
        forged.cookies.insert("__Host-last-mode".into(), "/evil.test".into());
        assert_eq!(forged.get("/me").await.header("location"), "/login?next=%2Fme");
    }

    async fn a_page_runs_only_the_scripts_that_carry_its_nonce(driver: Driver) {
        let site = Site::new(driver).await;
        let mut browser = site.client(Kind::OwnPage);
        let (first, second) = (browser.get("/").await, browser.get("/").await);
        let policy = first.header("content-security-policy").to_owned();
        assert_ne!(policy, second.header("content-security-policy"), "the nonce is the same twice");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert!(!policy.contains("unsafe-inline"));
        for tag in first.body.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap();
            assert!(tag.contains(nonce), "a script without the nonce: <script{tag}>");
        }
        assert!(!first.body.contains(" style="), "an inline style, which the policy forbids");
    }

    async fn an_unknown_page_is_404(driver: Driver) {
        let site = Site::new(driver).await;
        for path in ["/nothing", "/me/nothing"] {
            assert_eq!(site.client(Kind::OwnPage).get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
