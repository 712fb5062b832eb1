//! The OpenAPI document and the router agree: every documented operation exists, and every answer is a documented one.
//!
//! No test checks that every route is documented: `routes!` accepts only documented handlers, and Clippy refuses the
//! method that accepts others.

mod document;
mod examples;
mod refresh_cookie;

use std::collections::BTreeSet;

use auth::{Role, Transport, on_both_databases, testing::PASSWORD};
use http::{StatusCode, header};
use serde_json::json;
use server::{Origin, ServerParts, router};

use self::{
    document::{Document, NEW_PASSWORD, body_of},
    refresh_cookie::reads_refresh_cookie,
};
use crate::client::{Kind, Site};

const CLIENT: &str = "shop:an-oauth-client-secret-of-32-chars";
/// Settings that switch on what is off by default.
const EVERYTHING: [(&str, &str); 2] = [("OAUTH_CLIENTS", CLIENT), ("AUTH_TOKEN_CLASSES", "AccessToken SlidingToken")];

on_both_databases! {
    async fn every_documented_call_is_there_and_refuses_as_documented(driver: Driver) {
        let site = Site::with_settings(driver, &EVERYTHING).await;
        let document = Document::of(&site).await;
        let bodies = [
            (None, String::new()),
            (Some("application/json"), "{}".to_owned()),
            (Some("application/json"), "[]".to_owned()),
            (Some("application/json"), "{".to_owned()),
            (Some("application/json"), r#"{"username": true, "password": null, "token": "", "refresh": []}"#.to_owned()),
            (Some("application/json"), format!("\"{}\"", "a".repeat(100_000))),
            (Some("multipart/form-data"), "no boundary".to_owned()),
            (Some("text/plain"), "hello".to_owned()),
        ];
        for operation in document.operations() {
            for mode in site.modes() {
                for (media_type, body) in &bodies {
                    let request = operation.request(&operation.path(mode, "nothing"), *media_type, body.clone());
                    let answer = site.client(Kind::OwnPage).send(request).await;
                    let there = ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&answer.status);
                    assert!(there, "{}: {}", operation.name(), answer.status);
                    document.check(&operation, &answer);
                }
            }
        }
    }

    async fn every_documented_success_happens_and_is_as_documented(driver: Driver) {
        let site = Site::with_settings(driver, &EVERYTHING).await;
        let document = Document::of(&site).await;
        // Some operations need an administrator, and act on another account.
        site.world.auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        let bob = site.world.sign_up("bob").await.unwrap();
        // Without a bearer mode there is no token to ask about or to end.
        let has_tokens = site.modes().iter().any(|mode| mode.transport == Transport::Bearer);
        let mut promised = BTreeSet::new();
        for operation in document.operations() {
            if has_tokens || !operation.template.starts_with("/oauth") {
                promised.extend(operation.successes());
            }
            for mode in site.modes() {
                // Log in as a program, which gets the refresh token in the body.
                let mut client = site.client(Kind::Program);
                client.post(&format!("/api/{}/login", mode.id), json!({"username": "root", "password": PASSWORD})).await;
                client.kind = Kind::OldBrowser;
                if let Some(before) = document.call_before(&operation) {
                    let body = body_of(&document, &before, &client);
                    client.send(before.request(&before.template, Some("application/json"), body)).await;
                }
                // Only a credential that was replaced can be replayed.
                if operation.template.ends_with("/replay") {
                    client.post(&format!("/api/{}/rotate", mode.id), json!({})).await;
                }
                let listed = client.get(&format!("/api/{}/credentials", mode.id)).await.json();
                let credential = listed[0]["id"].as_str().unwrap_or("nothing");
                let id = if operation.template.contains("/users/") { bob.as_str() } else { credential };
                let body = body_of(&document, &operation, &client);
                let path = operation.path(mode, id);
                let mut request = operation.request(&path, Some("application/json"), body.clone());
                if operation.described["security"][0]["client"].is_array() {
                    let pair = format!("Basic {}", base64(CLIENT));
                    request.headers_mut().insert(header::AUTHORIZATION, pair.parse().unwrap());
                }
                let answer = client.send(request).await;
                document.check(&operation, &answer);
                promised.remove(&(operation.name(), answer.status.as_str().to_owned()));
                if body.contains(NEW_PASSWORD) {
                    let back = json!({"current": NEW_PASSWORD, "new": PASSWORD, "mode": mode.id});
                    client.post("/api/account/password", back).await;
                }
            }
        }
        assert!(promised.is_empty(), "documented, and never seen: {promised:?}");
    }

    async fn another_sites_request_is_refused_where_that_is_documented_and_nowhere_else(driver: Driver) {
        let site = Site::new(driver).await;
        let document = Document::of(&site).await;
        for mode in site.modes().into_iter().filter(|mode| mode.cookie.is_some()) {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            browser.kind = Kind::OtherSite;
            for operation in document.operations() {
                let body = json!({"mode": mode.id}).to_string();
                let request = operation.request(&operation.path(mode, "nothing"), Some("application/json"), body);
                let answer = browser.clone().send(request).await;
                document.check(&operation, &answer);
                let documented = operation.method != "GET" && operation.described["responses"]["403"].is_object();
                // A browser adds the refresh cookie by itself, but no bearer token.
                let exposed = documented && (mode.transport == Transport::Cookie || reads_refresh_cookie(&operation));
                let is_refused = answer.status == StatusCode::FORBIDDEN && answer.body.contains("csrf_failed");
                assert_eq!(is_refused, exposed, "{} by {}: {}", operation.name(), mode.id, answer.status);
            }
        }
    }

    async fn without_its_database_the_api_fails_as_documented(driver: Driver) {
        let site = Site::new(driver).await;
        let document = Document::of(&site).await;
        let mut callers = Vec::new();
        for mode in site.modes() {
            callers.push((mode, site.signed_in(Kind::OldBrowser, mode).await));
        }
        site.world.auth.db().close().await;
        for operation in document.operations() {
            for (mode, client) in &callers {
                let body = body_of(&document, &operation, client);
                let request = operation.request(&operation.path(mode, "nothing"), Some("application/json"), body);
                document.check(&operation, &client.clone().send(request).await);
            }
        }
    }

    async fn the_document_names_every_mode_and_how_it_is_shown(driver: Driver) {
        let site = Site::new(driver).await;
        let Document(document) = Document::of(&site).await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
        let ids: Vec<_> = site.modes().into_iter().map(|mode| json!(mode.id)).collect();
        let parameter = &document["paths"]["/api/{mode}/me"]["get"]["parameters"][0];
        assert_eq!((&parameter["name"], &parameter["schema"]["enum"]), (&json!("mode"), &json!(ids)));
        for mode in site.modes() {
            let scheme = &document["components"]["securitySchemes"][mode.id.0];
            let (kind, how) = match mode.transport {
                auth::Transport::Cookie => ("apiKey", &scheme["name"]),
                auth::Transport::Bearer => ("http", &scheme["scheme"]),
            };
            assert_eq!(scheme["type"], kind, "{}", mode.id);
            assert_eq!(how, mode.cookie.filter(|_| kind == "apiKey").unwrap_or("bearer"), "{}", mode.id);
            let needed = document["paths"]["/api/{mode}/me"]["get"]["security"].as_array().unwrap();
            assert!(needed.iter().any(|each| each.get(mode.id.0).is_some()), "{}", mode.id);
        }
    }

    async fn every_operation_has_a_name_of_its_own_a_sentence_and_a_described_group(driver: Driver) {
        let site = Site::new(driver).await;
        let document = Document::of(&site).await;
        let groups: BTreeSet<_> = document.0["tags"].as_array().unwrap().iter().map(|tag| tag["name"].to_string()).collect();
        let mut ids = BTreeSet::new();
        for operation in document.operations() {
            assert!(ids.insert(operation.described["operationId"].to_string()), "{}: its id is another's", operation.name());
            assert!(operation.described["summary"].as_str().unwrap().ends_with(['.', '?']), "{}", operation.name());
            assert!(groups.contains(&operation.described["tags"][0].to_string()), "{}", operation.name());
            for (status, answer) in operation.described["responses"].as_object().unwrap() {
                let description = document.resolve(answer)["description"].as_str().unwrap_or_default();
                assert_ne!(description, "", "{}: {status}", operation.name());
            }
        }
    }

    async fn a_path_or_a_query_that_cannot_be_read_is_a_problem_like_any_other(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OldBrowser, mode).await;
            let path = client.get("/api/%FF/credentials").await;
            assert_eq!((path.status, path.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
            let query = client.get(&format!("/api/{}/audit?before=a&before=b", mode.id)).await;
            assert_eq!((query.status, query.json()["code"].as_str()), (StatusCode::BAD_REQUEST, Some("parse_error")));
        }
    }

    async fn a_name_that_no_database_could_store_names_nothing(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OldBrowser, mode).await;
            let end = client.post(&format!("/api/{}/credentials/%00/end", mode.id), json!({})).await;
            assert_eq!(end.status, StatusCode::NOT_FOUND, "{}: {}", mode.id, end.body);
            let trail = client.get(&format!("/api/{}/audit?before=%00", mode.id)).await;
            assert_eq!((trail.status, trail.body.as_str()), (StatusCode::OK, "[]"), "{}", mode.id);
        }
    }

    async fn the_document_names_the_public_origin_of_the_server_and_no_other(driver: Driver) {
        let Document(unset) = Document::of(&Site::new(driver).await).await;
        assert_eq!(unset.get("servers"), None);
        let mut site = Site::new(driver).await;
        let origin = Origin::parse("https://latchkey.test");
        site.router = router(ServerParts::new(site.world.auth.clone(), "target/site", origin));
        let Document(set) = Document::of(&site).await;
        assert_eq!(set["servers"], json!([{"url": "https://latchkey.test"}]));
        let page = site.client(Kind::OwnPage).get("/api-docs").await;
        assert!(page.body.contains("https://latchkey.test/api/register"), "{}", page.body);
    }

    async fn the_page_lists_every_operation_without_a_script(driver: Driver) {
        let site = Site::new(driver).await;
        let page = site.client(Kind::OwnPage).get("/api-docs").await;
        assert_eq!(page.status, StatusCode::OK);
        for operation in Document::of(&site).await.operations() {
            let id = operation.described["operationId"].as_str().unwrap();
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{}", operation.name());
        }
    }
}

fn base64(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    STANDARD.encode(text)
}
