//! The API for browsers without scripts: the answer to a form is a redirect.

use app::paths::AFTER_ROTATION;
use auth::{on_both_databases, testing::PASSWORD};
use http::StatusCode;

use crate::client::{Kind, Site};

/// The names of the fields that the page marks as wrong and focuses.
fn marked(page: &str) -> Vec<&str> {
    let inputs = page.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    let wrong = inputs.filter(|input| input.contains("aria-invalid=\"true\"") && input.contains("autofocus"));
    wrong.filter_map(|input| input.split(" name=\"").nth(1)?.split('"').next()).collect()
}

on_both_databases! {
    async fn a_form_logs_in_and_leads_to_me_or_where_it_was_going(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let path = format!("/api/{}/login", mode.id);
            let own = format!("/me/{}", mode.id);
            for (next, to) in [("", own.as_str()), ("/logout?a=b", "/logout?a=b"), ("//evil.test", &own), ("https://evil.test", &own)] {
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
        let fields = [("username", "al&ice"), ("password", "wrong wrong wrong"), ("next", "/logout")];
        let answer = site.client(Kind::OwnPage).submit(&path, &fields).await;
        let to = format!("/login?mode={}&username=al%26ice&next=%2Flogout&error=no_active_account", mode.id);
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to.as_str()));
    }

    async fn a_login_form_with_an_empty_field_leads_back_with_the_first_of_them(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            for (username, password, field) in [("", "", "username"), ("", PASSWORD, "username"), ("alice", "", "password")] {
                let fields = [("username", username), ("password", password)];
                let answer = site.client(Kind::OwnPage).submit(&format!("/api/{}/login", mode.id), &fields).await;
                let to = format!("/login?mode={}&username={username}&error=blank&field={field}", mode.id);
                assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, to.as_str()));
                let page = site.client(Kind::OwnPage).get(&to).await.body;
                assert_eq!(marked(&page), [field], "{to}");
            }
        }
    }

    async fn a_registration_form_leads_to_the_logins_or_back_with_the_first_problem(driver: Driver) {
        let site = Site::new(driver).await;
        let mut browser = site.client(Kind::OwnPage);
        let made = browser.submit("/api/register", &[("username", "bob"), ("password", PASSWORD)]).await;
        assert_eq!(made.header("location"), "/?registered=1&username=bob");
        for (username, password, to) in [
            ("carol", "short", "/register?username=carol&error=password_too_short&field=password"),
            ("a b", "short", "/register?username=a+b&error=username_invalid&field=username"),
            ("", "", "/register?error=blank&field=username"),
            ("carol", "", "/register?username=carol&error=blank&field=password"),
        ] {
            let refused = browser.submit("/api/register", &[("username", username), ("password", password)]).await;
            assert_eq!(refused.header("location").replace("username=&", ""), to);
            assert_eq!(marked(&browser.get(to).await.body), [to.rsplit('=').next().unwrap()], "{to}");
        }
    }

    async fn a_page_marks_no_field_that_only_the_query_names(driver: Driver) {
        let site = Site::new(driver).await;
        let page = site.client(Kind::OwnPage).get("/register?error=blank&field=card+number").await.body;
        assert!(page.contains("This field may not be blank.") && !page.contains("card number"), "{page}");
        assert_eq!(marked(&page), [""; 0]);
    }

    async fn a_trial_form_leads_to_the_verdicts(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let answer = browser.submit(&format!("/api/{}/rotate/trial", mode.id), &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert!(answer.header("location").starts_with(&format!("{AFTER_ROTATION}?mode={}&from=1&to=2&sign_in=", mode.id)));
            assert_eq!(browser.me(mode).await.json()["auth"]["generation"], 2);
        }
    }

    async fn a_replay_form_leads_to_what_became_of_it(driver: Driver) {
        for (setting, outcome) in [("refuse", "refused"), ("end", "ended")] {
            let site = Site::with_settings(driver, &[("REPLACED_CREDENTIAL", setting)]).await;
            for mode in site.cookie_modes().filter(|mode| mode.remembers) {
                let mut browser = site.signed_in(Kind::OwnPage, mode).await;
                browser.submit(&format!("/api/{}/rotate", mode.id), &[]).await;
                let answer = browser.submit(&format!("/api/{}/rotate/replay", mode.id), &[]).await;
                let place = format!("{AFTER_ROTATION}?mode={}&replayed=1&outcome={outcome}", mode.id);
                assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, place.as_str()));
                assert_eq!(browser.me(mode).await.status == StatusCode::OK, outcome == "refused", "{}", mode.id);
            }
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

    async fn a_page_reports_no_logout_of_a_mode_that_does_not_exist(driver: Driver) {
        let site = Site::new(driver).await;
        let known = site.modes().into_iter().map(|mode| (mode.id.0, format!("Logged out of {}.", mode.name)));
        let known = known.chain([("everywhere", "Logged out everywhere.".to_owned())]); // part: comparison
        for (done, says) in known {
            let page = site.client(Kind::OwnPage).get(&format!("/logout?done={done}&ended=immediate")).await.body;
            assert!(page.contains(&says), "{done}");
        }
        for query in ["done=x&ended=immediate", "done=everywhere", "done=everywhere&ended=x"] {
            let page = site.client(Kind::OwnPage).get(&format!("/logout?{query}")).await.body;
            assert!(!page.contains("Logged out"), "{query}");
        }
    }

    async fn a_form_without_a_credential_leads_to_the_login(driver: Driver) {
        let site = Site::new(driver).await;
        let mode = site.modes()[0];
        let answer = site.client(Kind::OwnPage).submit(&format!("/api/{}/rotate", mode.id), &[]).await;
        assert_eq!(answer.header("location"), format!("/login?mode={}&error=signed_out", mode.id));
    }
}
