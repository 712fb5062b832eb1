//! The API for browsers without scripts: the answer to a form is a redirect.

use auth::{on_both_databases, testing::PASSWORD};
use http::StatusCode;

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_form_logs_in_and_leads_to_me_or_where_it_was_going(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let path = format!("/api/{}/login", mode.id);
            let own = format!("/me/{}", mode.id);
            for (next, to) in [("", own.as_str()), ("/rotation?a=b", "/rotation?a=b"), ("//evil.test", &own), ("https://evil.test", &own)] {
                let mut browser = site.client(Kind::OwnPage);
                let answer =
                    browser.submit(&path, &[("username", "alice"), ("password", PASSWORD), ("next", next)]).await;
                assert_eq!((answer.status, answer.header("location"), answer.body.as_str()), (StatusCode::SEE_OTHER, to, ""));
                assert_eq!(browser.me(mode).await.status, StatusCode::OK);
            }
        }
    }

    async fn a_refused_login_form_keeps_all_but_the_password(driver: Driver) {
        let site = Site::new(driver).await;
        let mode = site.modes()[0];
        let path = format!("/api/{}/login", mode.id);
        let fields = [("username", "al&ice"), ("password", "wrong wrong wrong"), ("next", "/rotation")];
        let answer = site.client(Kind::OwnPage).submit(&path, &fields).await;
        let to = format!("/login?mode={}&username=al%26ice&error=no_active_account&next=%2Frotation", mode.id);
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to.as_str()));
    }

    async fn a_registration_form_leads_to_the_login_or_back_with_the_first_problem(driver: Driver) {
        let site = Site::new(driver).await;
        let mut browser = site.client(Kind::OwnPage);
        let made = browser.submit("/api/register", &[("username", "bob"), ("password", PASSWORD)]).await;
        assert_eq!(made.header("location"), "/login?registered=1&username=bob");
        let short = browser.submit("/api/register", &[("username", "carol"), ("password", "short")]).await;
        assert_eq!(short.header("location"), "/register?username=carol&error=password_too_short");
    }

    async fn a_trial_form_leads_to_the_verdicts(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.submit(&format!("/api/{}/rotate/trial", mode.id), &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert!(answer.header("location").starts_with(&format!("/rotation?mode={}&from=1&to=2&sign_in=", mode.id)));
            assert_eq!(browser.me(mode).await.json()["auth"]["generation"], 2);
        }
    }

    async fn a_logout_form_leads_to_what_it_has_ended(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.submit(&format!("/api/{}/logout", mode.id), &[]).await;
            assert!(answer.header("location").starts_with(&format!("/logout?done={}&ended=", mode.id)));
            assert_eq!(browser.me(mode).await.status, StatusCode::UNAUTHORIZED);
        }
    }

    async fn a_form_without_a_credential_leads_to_the_login(driver: Driver) {
        let site = Site::new(driver).await;
        let mode = site.modes()[0];
        let answer = site.client(Kind::OwnPage).submit(&format!("/api/{}/rotate", mode.id), &[]).await;
        assert_eq!(answer.header("location"), format!("/login?mode={}&error=not_authenticated", mode.id));
    }
}
