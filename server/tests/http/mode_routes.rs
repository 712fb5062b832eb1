//! `/api/{mode}/…`: the calls that every mode has.

use auth::on_both_databases;
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::client::{Kind, Site};

on_both_databases! {
    async fn a_program_logs_in_asks_who_it_is_rotates_and_logs_out(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut program = site.signed_in(Kind::OldBrowser, mode).await;
            let me = program.me(mode).await;
            assert_eq!(me.status, StatusCode::OK, "{}", mode.id);
            assert_eq!((&me.json()["username"], &me.json()["role"], &me.json()["mode"]), (&json!("alice"), &json!("user"), &json!(mode.id)));
            assert_eq!(me.json()["auth"]["generation"], 1);
            let rotated = program.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
            assert_eq!(rotated.status, StatusCode::OK, "{}: {}", mode.id, rotated.body);
            assert_eq!(program.me(mode).await.json()["auth"]["generation"], 2, "{}", mode.id);
            let out = program.post(&format!("/api/{}/logout", mode.id), json!({})).await;
            assert_eq!((out.status, out.body.as_str()), (StatusCode::NO_CONTENT, ""), "{}", mode.id);
            let ended = out.header("x-revocation");
            assert!(ended == "immediate" || ended.starts_with("at-expiry; until=18"), "{}: {ended}", mode.id);
        }
    }

    async fn without_a_credential_all_modes_answer_401_with_a_challenge(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let answer = site.client(Kind::Program).me(mode).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
            assert_eq!(answer.json(), json!({"detail": "Authentication credentials were not provided.", "code": "not_authenticated"}));
            assert!(answer.header("www-authenticate").contains(r#"realm="api""#), "{}", mode.id);
            assert!(!answer.header("www-authenticate").contains("error="), "{}", mode.id);
        }
    }

    async fn a_refused_credential_is_401_with_its_reason(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            client.damage();
            let answer = client.me(mode).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
            assert_eq!((&answer.json()["code"], &answer.json()["reason"]), (&json!("token_not_valid"), &json!("malformed")));
            assert!(answer.header("www-authenticate").ends_with(r#"error="invalid_token""#), "{}", mode.id);
        }
    }

    async fn only_a_genuine_credential_of_an_ended_sign_in_learns_why_it_ended(driver: Driver) {
        let site = Site::new(driver).await;
        let alice = site.world.auth.find_user("alice").await.unwrap().unwrap().id;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            site.world.auth.expire(&alice).await.unwrap();
            let answer = client.me(mode).await.json();
            assert_eq!((&answer["reason"], &answer["end_reason"]), (&json!("revoked"), &json!("ended_by_administrator")));
            client.damage();
            assert_eq!(client.me(mode).await.json()["end_reason"], Value::Null, "{}", mode.id);
        }
    }

    async fn wrong_credentials_are_401_in_the_same_bytes_for_every_cause(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let path = format!("/api/{}/login", mode.id);
            let mut answers = Vec::new();
            for (username, password) in [("alice", "wrong"), ("unauthenticated", "wrong"), ("<>", "\u{0}")] {
                let mut client = site.client(Kind::OwnPage);
                let answer = client.post(&path, json!({"username": username, "password": password})).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
                assert!(client.cookies.is_empty());
                answers.push(answer.body);
            }
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        }
    }

    async fn the_credential_never_reaches_a_body_where_a_cookie_carries_it(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut browser = site.client(Kind::OwnPage);
            let answer = browser.log_in(mode).await;
            for cookie in browser.cookies.values() {
                assert!(!answer.body.contains(cookie.as_str()), "{}", mode.id);
            }
            for cookie in answer.headers.get_all("set-cookie") {
                let cookie = cookie.to_str().unwrap();
                for attribute in ["HttpOnly", "Secure", "SameSite=Lax"] {
                    assert!(cookie.contains(attribute), "{cookie}");
                }
            }
        }
    }

    async fn one_browser_holds_a_sign_in_of_each_mode_side_by_side(driver: Driver) {
        let site = Site::new(driver).await;
        let mut browser = site.client(Kind::OwnPage);
        let mut tokens = Vec::new();
        for mode in site.modes() {
            browser.access = None;
            assert_eq!(browser.log_in(mode).await.status, StatusCode::OK);
            tokens.push(browser.access.clone());
        }
        for (mode, token) in site.modes().into_iter().zip(&tokens) {
            browser.access.clone_from(token);
            assert_eq!(browser.me(mode).await.status, StatusCode::OK, "{}", mode.id);
        }
        browser.access.clone_from(&tokens[0]);
        let first = site.modes()[0];
        browser.post(&format!("/api/{}/logout", first.id), json!({})).await;
        for (mode, token) in site.modes().into_iter().zip(&tokens).skip(1) {
            browser.access.clone_from(token);
            assert_eq!(browser.me(mode).await.status, StatusCode::OK, "{} ended with {}", mode.id, first.id);
        }
    }

    async fn every_path_answers_with_and_without_its_trailing_slash(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.client(Kind::OwnPage);
            let body = json!({"username": "alice", "password": auth::testing::PASSWORD});
            assert_eq!(client.post(&format!("/api/{}/login/", mode.id), body).await.status, StatusCode::OK);
            assert_eq!(client.get(&format!("/api/{}/me/", mode.id)).await.status, StatusCode::OK);
        }
    }

    async fn a_path_with_more_slashes_has_the_headers_of_its_path(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let of_the_path = |path: String| (path, StatusCode::OK);
            let same = [format!("/api/{}/me", mode.id), format!("//api/{}/me//", mode.id)].map(of_the_path);
            let other = (format!("/api//{}/me", mode.id), StatusCode::NOT_FOUND);
            for (path, status) in same.into_iter().chain([other]) {
                let answer = client.get(&path).await;
                assert_eq!(answer.status, status, "{path}");
                assert!(answer.header("cache-control").contains("no-store"), "{path}");
            }
        }
    }

    async fn a_body_may_be_json_or_either_form(driver: Driver) {
        let site = Site::new(driver).await;
        let boundary = "X";
        let multipart = format!(
            "--X\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nalice\r\n--X\r\nContent-Disposition: \
             form-data; name=\"password\"\r\n\r\n{}\r\n--X--\r\n",
            auth::testing::PASSWORD
        );
        let form = format!("username=alice&password={}", auth::testing::PASSWORD.replace(' ', "+"));
        for mode in site.modes() {
            for (kind, body) in [
                (format!("multipart/form-data; boundary={boundary}"), &multipart),
                ("application/x-www-form-urlencoded; charset=utf-8".to_owned(), &form),
            ] {
                let request = Request::post(format!("/api/{}/login", mode.id)).header("content-type", &kind);
                let answer = site.client(Kind::OwnPage).send(request.body(Body::from(body.clone())).unwrap()).await;
                assert_eq!(answer.status, StatusCode::OK, "{kind}: {}", answer.body);
            }
        }
    }

    async fn a_bad_body_names_what_is_wrong(driver: Driver) {
        let site = Site::new(driver).await;
        let path = format!("/api/{}/login", site.modes()[0].id);
        let send = |kind: &'static str, body: &'static str| {
            let request = Request::post(&path).header("content-type", kind).body(Body::from(body)).unwrap();
            let mut client = site.client(Kind::OwnPage);
            async move {
                let answer = client.send(request).await;
                json!({"status": answer.status.as_u16(), "body": serde_json::from_str::<Value>(&answer.body).unwrap()})
            }
        };
        let answers = json!({
            "nothing": send("application/json", "").await,
            "empty object": send("application/json", "{}").await,
            "blank and null": send("application/json", r#"{"username": "", "password": null}"#).await,
            "a boolean": send("application/json", r#"{"username": true, "password": "x"}"#).await,
            "a list": send("application/json", "[]").await,
            "not JSON": send("application/json", "{\"username\": ").await,
            "text": send("text/plain", "hello").await,
        });
        insta::assert_json_snapshot!("bad_bodies", answers);
    }

    async fn an_oversized_body_is_refused(driver: Driver) {
        let site = Site::new(driver).await;
        let path = format!("/api/{}/login", site.modes()[0].id);
        let answer = site.client(Kind::OwnPage).post(&path, json!({"username": "a".repeat(100_000), "password": "x"})).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
