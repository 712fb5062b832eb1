//! The content of the pages, and their headers.

use std::{fs, thread};

use auth::{Role, on_both_databases, testing::PASSWORD};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use server::{ServerParts, router};

use super::{admins, own, root};
use crate::client::{Kind, Site};

#[tokio::test]
async fn demo_users_are_mentioned_only_where_they_exist() {
    let mut site = Site::new(auth::testing::Driver::Sqlite).await;
    for exist in [false, true] {
        let state = ServerParts::new(site.world.auth.clone(), "target/site", None);
        site.router = router(ServerParts { demo_users: exist, ..state });
        for path in ["/", "/login"] {
            let page = site.client(Kind::OwnPage).get(path).await.body;
            assert!(page.contains("</html>"), "{path}: {page}");
            assert_eq!(page.to_lowercase().contains("demo user"), exist, "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_asks_for_the_files_that_cargo_leptos_writes() {
    let site = Site::new(auth::testing::Driver::Sqlite).await;
    let page = site.client(Kind::OwnPage).get("/").await.body;
    for file in ["/pkg/latchkey.css", "/pkg/latchkey.js", "/pkg/latchkey.wasm"] {
        assert!(page.contains(&format!("\"{file}\"")), "{file} is not in {page}");
    }
}

/// The optimised site: `hash.txt` has the names.
#[tokio::test]
async fn files_with_a_hash_in_their_name_are_cached_for_a_year_and_others_are_asked_for() {
    let mut site = Site::new(auth::testing::Driver::Sqlite).await;
    let root = tempfile::tempdir().unwrap();
    let hash = "uG7_kZ-91TQ0wYb2cHn3Lg";
    fs::create_dir(root.path().join("pkg")).unwrap();
    fs::write(root.path().join("hash.txt"), format!("js: {hash}\nwasm: {hash}\ncss: {hash}\n")).unwrap();
    for file in [format!("pkg/latchkey.{hash}.css"), format!("pkg/latchkey.{hash}.css.br"), "favicon.svg".to_owned()] {
        fs::write(root.path().join(file), "").unwrap();
    }
    site.router = router(ServerParts::new(site.world.auth.clone(), root.path().to_str().unwrap(), None));
    let mut visitor = site.client(Kind::OwnPage);
    let page = visitor.get("/").await.body;
    for file in ["css", "js", "wasm"] {
        assert!(page.contains(&format!("\"/pkg/latchkey.{hash}.{file}\"")), "{file} is not in {page}");
    }
    let style = Request::get(format!("/pkg/latchkey.{hash}.css")).header("accept-encoding", "br");
    let style = visitor.send(style.body(Body::empty()).unwrap()).await;
    assert_eq!((style.status, style.header("cache-control")), (StatusCode::OK, "public, max-age=31536000, immutable"));
    assert_eq!((style.header("content-encoding"), style.header("vary")), ("br", "accept-encoding"));
    let missing = visitor.get("/pkg/latchkey.AAAAAAAAAAAAAAAAAAAAAA.css").await;
    assert_eq!((missing.status, missing.header("cache-control")), (StatusCode::NOT_FOUND, "private, no-store"));
    let icon = visitor.get("/favicon.svg").await;
    assert_eq!((icon.status, icon.header("cache-control")), (StatusCode::OK, "public, no-cache"));
}

#[tokio::test]
async fn a_page_carries_whether_its_browser_has_logged_in() {
    let site = Site::new(auth::testing::Driver::Sqlite).await;
    let mut browser = site.client(Kind::OwnPage);
    // The value is part of the data for hydration, where it has no name.
    let values = |page: &str| (page.matches("\"true\"").count(), page.matches("\"false\"").count());
    let (trues, falses) = values(&browser.get("/").await.body);
    browser.cookies.insert("__Host-last-mode".to_owned(), "a-mode-that-is-gone".to_owned());
    assert_eq!(values(&browser.get("/").await.body), (trues + 1, falses - 1));
}

on_both_databases! {
    async fn the_page_of_a_cookie_mode_is_rendered_for_its_user_and_cached_nowhere(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
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
        for mode in site.cookie_modes() {
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
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let path = format!("/account/{}/activity", mode.id);
            browser.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            let page = browser.get(&path).await.body;
            let place = |action: &str| page.find(&format!("data-action=\"{action}\"")).unwrap();
            assert!(place("rotate") < place("login"), "{}", mode.id);
            let events = browser.get(&format!("/api/{}/audit", mode.id)).await.json();
            let latest = events[0]["id"].as_str().unwrap();
            let older = browser.get(&format!("{path}?before={latest}")).await.body;
            let count = |page: &str| page.matches("data-action=").count();
            assert_eq!(count(&older) + 1, count(&page), "{}", mode.id);
            let oldest = browser.get(&format!("{path}?before=0")).await.body;
            assert!(count(&oldest) == 0 && oldest.contains("Nothing more is recorded."), "{}", mode.id);
        }
    }

    // The app recognises a refusal by the text of the outcome, which is the message of an error of `auth`.
    async fn a_refused_credential_is_shown_as_refused_and_with_its_reason(driver: Driver) {
        let site = Site::new(driver).await;
        let mut reasons = Vec::new();
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let mut old = client.clone();
            client.post(&format!("/api/{}/logout", mode.id), json!({})).await;
            let refused = old.me(mode).await;
            // A mode without rows accepts a copy after the logout.
            let Some(reason) = refused.json()["end_reason"].as_str().map(str::to_owned) else { continue };
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
            reasons.push((mode, reason));
        }
        assert!(!reasons.is_empty());
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            let entries = browser.get(&format!("/api/{}/audit", mode.id)).await.json();
            let page = browser.get(&format!("/account/{}/activity", mode.id)).await.body;
            for (other, reason) in &reasons {
                let is_it = |entry: &&Value| entry["action"] == "present" && entry["mode"] == other.id.0;
                let entry = entries.as_array().unwrap().iter().find(is_it);
                let entry = entry.unwrap_or_else(|| panic!("{}: no refusal is recorded: {entries}", other.id));
                assert!(entry["outcome"].as_str().unwrap().ends_with(reason.as_str()), "{entry}");
            }
            assert!(page.contains("Refused: This sign-in was logged out."), "{}", mode.id);
            assert!(!page.contains("Failed: "), "{}", mode.id);
        }
    }

    async fn the_first_page_tells_why_the_sign_in_of_a_cookie_ended(driver: Driver) {
        let site = Site::new(driver).await;
        let alice = site.world.auth.find_user("alice").await.unwrap().unwrap().id;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            site.world.auth.expire(&alice).await.unwrap();
            let me = format!("/me/{}", mode.id);
            let login = browser.get(&me).await.header("location").to_owned();
            for path in ["/", "/logout", &login] {
                let page = browser.get(path).await.body;
                assert!(page.contains("An administrator ended all sign-ins of this account."), "{}: {path}", mode.id);
            }
        }
    }

    async fn the_first_page_tells_nothing_about_a_cookie_that_was_never_issued(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            browser.damage();
            let page = browser.get("/").await.body;
            assert!(page.contains("Signed out"), "{}", mode.id);
            for reason in ["could not read the credential", "no longer knows", "has ended", "has expired"] {
                assert!(!page.contains(reason), "{}: {reason}", mode.id);
            }
        }
    }

    async fn what_a_program_calls_itself_cannot_write_into_the_page(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.cookie_modes() {
            let mut browser = site.client(Kind::OwnPage);
            browser.user_agent = Some("</script><script>alert(1)</script>\"><img src=x>");
            assert_eq!(browser.log_in(mode).await.status, StatusCode::OK, "{}", mode.id);
            for path in own(mode) {
                let page = browser.get(&path).await.body;
                assert!(!path.ends_with("/activity") || page.contains("alert(1)"), "{path}: the name is not shown");
                assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
            }
        }
    }

    async fn the_pages_of_admins_are_rendered_for_admins(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        for mode in site.cookie_modes() {
            let mut browser = root(&site, mode).await;
            for path in admins(mode) {
                assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
            }
            let events = browser.get(&format!("/admin/{}/activity", mode.id)).await.body;
            assert!(events.contains("data-action=\"login\"") && events.contains(">root<"), "{}", mode.id);
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

    async fn the_app_of_a_page_starts_at_once_for_a_browser_with_a_cookie_and_later_for_one_without(driver: Driver) {
        let site = Site::new(driver).await;
        let mut browser = site.client(Kind::OwnPage);
        let module = "type=\"module\"";
        let waiting = browser.get("/").await.body;
        let (before, template) = waiting.split_once("<template").unwrap();
        let (template, after) = template.split_once("</template>").unwrap();
        assert_eq!([before, template, after].map(|part| part.contains(module)), [false, true, false]);
        browser.cookies.insert("any".to_owned(), "cookie".to_owned());
        let eager = browser.get("/").await.body;
        assert!(eager.contains(module) && !eager.contains("<template"), "{eager}");
    }

    async fn a_page_is_rendered_while_another_server_begins(driver: Driver) {
        let site = Site::new(driver).await;
        let auth = site.world.auth.clone();
        let server = move || router(ServerParts::new(auth.clone(), "target/site", None));
        let beginning = thread::spawn(move || (0..100).for_each(|_| drop(server())));
        while !beginning.is_finished() {
            assert_eq!(site.client(Kind::OwnPage).get("/").await.status, StatusCode::OK);
        }
    }
}
