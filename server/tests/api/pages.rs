//! Pages: who is let in before anything is rendered.

use std::thread;

use app::DemoUsers;
use auth::{ModeInfo, Role, Seconds, Transport, on_both_databases, testing::PASSWORD};
use http::StatusCode;
use serde_json::json;
use server::{AppState, router};

use crate::client::{Kind, Site};

fn cookie_modes(site: &Site) -> impl Iterator<Item = &'static ModeInfo> + use<> {
    site.modes().into_iter().filter(|mode| mode.transport == Transport::Cookie)
}

/// The pages that show a user's own things.
fn own(mode: &ModeInfo) -> [String; 3] {
    ["/me/{mode}", "/account/{mode}", "/account/{mode}/activity"].map(|path| path.replace("{mode}", mode.id.0))
}

/// The pages that show everybody's.
fn admins(mode: &ModeInfo) -> [String; 2] {
    ["/admin/{mode}", "/admin/{mode}/activity"].map(|path| path.replace("{mode}", mode.id.0))
}

fn somebodys(mode: &ModeInfo) -> Vec<String> {
    own(mode).into_iter().chain(admins(mode)).collect()
}

#[tokio::test]
async fn demo_users_are_mentioned_only_where_they_exist() {
    let mut site = Site::new(auth::testing::Driver::Sqlite).await;
    for exist in [false, true] {
        let state = AppState::new(site.world.auth.clone(), "target/site", None);
        site.router = router(AppState { demo_users: DemoUsers(exist), ..state });
        for path in ["/", "/login"] {
            let page = site.client(Kind::OwnPage).get(path).await.body;
            assert!(page.contains("</html>"), "{path}: {page}");
            assert_eq!(page.to_lowercase().contains("demo user"), exist, "{path}");
        }
    }
}

on_both_databases! {
    async fn an_id_that_cannot_be_one_is_not_found_and_the_attempt_is_recorded(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        let mode = site.modes()[0];
        let mut root = site.client(Kind::OwnPage);
        let login = json!({"username": "root", "password": PASSWORD});
        assert_eq!(root.post(&format!("/api/{}/login", mode.id), login).await.status, StatusCode::OK);
        for (count, act) in ["disable", "enable", "expire"].into_iter().enumerate() {
            let path = format!("/api/admin/users/%00/{act}");
            assert_eq!(root.post(&path, json!({"mode": mode.id.0})).await.status, StatusCode::NOT_FOUND, "{act}");
            let events = site.world.auth.audit_log(None, 100).await.unwrap();
            let failed = events.iter().filter(|event| event.actor.as_deref() == Some("root")).count();
            assert_eq!(failed, count + 1, "{act}");
        }
    }

    async fn a_stranger_is_led_away_from_a_page_that_is_somebodys_before_it_is_rendered(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            for path in somebodys(mode) {
                let answer = site.client(Kind::OwnPage).get(&path).await;
                let to = format!("/login?mode={}&next={}", mode.id, path.replace('/', "%2F"));
                assert_eq!((answer.status, answer.header("location"), answer.body.as_str()), (StatusCode::SEE_OTHER, to.as_str(), ""));
            }
        }
    }

    async fn a_page_is_guarded_however_its_address_is_written(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
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
        for mode in cookie_modes(&site) {
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

    async fn the_page_of_a_cookie_mode_is_rendered_for_its_user_and_cached_nowhere(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for path in own(mode) {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(answer.body.contains("alice"), "{path}");
                assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
            }
        }
    }

    async fn the_account_is_rendered_with_its_sign_ins_and_the_callers_own_is_marked(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let knows = site.world.auth.sign_ins(mode.id.0, None, &browser.parts()).await.unwrap();
            let page = browser.get(&format!("/account/{}", mode.id)).await.body;
            assert_eq!(page.matches("data-credential=").count(), knows.len(), "{}", mode.id);
            let current = knows.iter().filter(|listed| listed.is_current).count();
            assert_eq!(page.matches("data-current=\"true\"").count(), current, "{}", mode.id);
            for listed in knows {
                let id = listed.sign_in.id.as_str();
                let end = format!("action=\"/api/{}/credentials/{id}/end\"", mode.id);
                assert_eq!(page.contains(&end), !listed.is_current, "{}: {end}", mode.id);
            }
        }
    }

    async fn the_activity_is_rendered_latest_first_and_from_where_the_query_says(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let path = format!("/account/{}/activity", mode.id);
            let page = browser.get(&path).await.body;
            assert!(page.contains("data-action=\"login\""), "{}", mode.id);
            let older = browser.get(&format!("{path}?before=0")).await.body;
            assert!(!older.contains("data-action=") && older.contains("Nothing more is recorded."), "{}", mode.id);
        }
    }

    async fn what_a_program_calls_itself_cannot_write_into_the_page(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let mut browser = site.client(Kind::OwnPage);
            browser.user_agent = Some("</script><script>alert(1)</script>\"><img src=x>");
            browser.log_in(mode).await;
            for path in own(mode) {
                let page = browser.get(&path).await.body;
                assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
            }
        }
    }

    async fn the_pages_of_admins_are_refused_to_others_before_anything_is_rendered(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
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

    async fn the_pages_of_admins_are_rendered_for_admins(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        for mode in cookie_modes(&site) {
            let mut browser = site.client(Kind::OwnPage);
            let body = json!({"username": "root", "password": PASSWORD});
            browser.post(&format!("/api/{}/login", mode.id), body).await;
            for path in admins(mode) {
                assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
            }
            let events = browser.get(&format!("/admin/{}/activity", mode.id)).await.body;
            assert!(events.contains("data-action=\"login\"") && events.contains(">root<"), "{}", mode.id);
        }
    }

    async fn a_closed_administrator_reads_nothing_however_weak_the_access_check(driver: Driver) {
        let site = Site::with_settings(driver, &[("ACCESS_CHECK", "signature")]).await;
        let (root, _) = site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        let mut browsers = Vec::new();
        for mode in cookie_modes(&site) {
            let mut browser = site.client(Kind::OwnPage);
            let body = json!({"username": "root", "password": PASSWORD});
            browser.post(&format!("/api/{}/login", mode.id), body).await;
            browsers.push((mode, browser));
        }
        site.world.auth.disable(&root.unwrap()).await.unwrap();
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

    async fn a_page_request_that_shows_a_credential_replaced_just_now_is_sent_to_itself(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let mut old = browser.clone();
            browser.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            let refused = old.me(mode).await;
            if refused.status == StatusCode::OK {
                continue; // The server does not know that it was replaced.
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

    async fn the_page_of_a_bearer_mode_is_rendered_for_nobody(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes().into_iter().filter(|mode| mode.transport == Transport::Bearer) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            for path in somebodys(mode) {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(!answer.body.contains("alice") && !answer.body.contains("<tr role=\"row\" data-"), "{path}");
            }
        }
    }

    async fn the_login_leads_back_to_the_whole_address_with_its_query(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in cookie_modes(&site) {
            let path = format!("/account/{}/activity?before=a%26b&x=%2Fy", mode.id);
            let next = form_urlencoded::byte_serialize(path.as_bytes()).collect::<String>();
            let mut browser = site.client(Kind::OwnPage);
            let answer = browser.get(&path).await;
            assert_eq!(answer.header("location"), format!("/login?mode={}&next={next}", mode.id));
            let credentials = [("username", "alice"), ("password", PASSWORD), ("next", path.as_str())];
            let back = browser.submit(&format!("/api/{}/login", mode.id), &credentials).await;
            assert_eq!((back.status, back.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
            // What is too long for a `Location` is cut at the query.
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

    async fn a_page_is_rendered_while_another_server_begins(driver: Driver) {
        let site = Site::new(driver).await;
        let state = AppState::new(site.world.auth.clone(), "target/site", None);
        let beginning = thread::spawn(move || (0..100).for_each(|_| drop(router(state.clone()))));
        while !beginning.is_finished() {
            assert_eq!(site.client(Kind::OwnPage).get("/").await.status, StatusCode::OK);
        }
    }

    // The app's router resolves what axum's takes as it is written: the guard of a page would not see who comes that way.
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

    async fn an_unknown_page_is_404(driver: Driver) {
        let site = Site::new(driver).await;
        for path in ["/nothing", "/me/nothing", "/account/nothing", "/account/nothing/activity", "/admin/nothing"] {
            assert_eq!(site.client(Kind::OwnPage).get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
