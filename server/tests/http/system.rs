//! What every answer has in common, and the health checks.

use auth::{ModeInfo, on_both_databases};
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;

use crate::client::{Client, Kind, Site};

/// A client for each of these modes. Since they have signed in, the server has lost its database.
async fn signed_in_before_the_database_went(
    site: &Site,
    modes: impl IntoIterator<Item = &'static ModeInfo>,
) -> Vec<(&'static ModeInfo, Client)> {
    let mut clients = Vec::new();
    for mode in modes {
        clients.push((mode, site.signed_in(Kind::OwnPage, mode).await));
    }
    site.world.auth.db().close().await;
    clients
}

on_both_databases! {
    async fn the_process_says_that_it_is_alive_and_ready(driver: Driver) {
        let site = Site::new(driver).await;
        for path in ["/healthz", "/readyz"] {
            let answer = site.client(Kind::Program).get(path).await;
            assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"status": "ok"})), "{path}");
        }
    }

    async fn without_its_database_it_is_alive_but_not_ready(driver: Driver) {
        let site = Site::new(driver).await;
        site.world.auth.db().close().await;
        let mut client = site.client(Kind::Program);
        assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(client.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }

    async fn without_its_database_every_caller_is_refused_and_no_detail_is_disclosed(driver: Driver) {
        let site = Site::new(driver).await;
        for (mode, mut client) in signed_in_before_the_database_went(&site, site.modes()).await {
            let answer = client.me(mode).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", mode.id);
            let body = json!({"detail": "The service cannot reach its database. Try again in a moment.", "code": "unavailable"});
            assert_eq!(answer.json(), body);
            assert!(!client.get(&format!("/me/{}", mode.id)).await.body.contains("alice"), "{}", mode.id);
        }
    }

    async fn without_its_database_a_page_for_all_is_rendered_and_says_what_is_not_known(driver: Driver) {
        let site = Site::new(driver).await;
        for (mode, mut client) in signed_in_before_the_database_went(&site, site.cookie_modes()).await {
            for path in ["/", "/login", "/logout"] {
                let page = client.get(path).await;
                assert_eq!(page.status, StatusCode::OK, "{}: {path}", mode.id);
                assert!(!page.body.contains("alice"), "{}: {path}", mode.id);
            }
            let home = client.get("/").await;
            assert!(home.body.contains("The server could not find out who is signed in."), "{}", mode.id);
        }
    }

    async fn without_its_database_a_page_of_a_user_says_so_by_its_status_as_well(driver: Driver) {
        let site = Site::new(driver).await;
        for (mode, mut client) in signed_in_before_the_database_went(&site, site.cookie_modes()).await {
            for path in ["me", "account"] {
                let page = client.get(&format!("/{path}/{}", mode.id)).await;
                assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}: {path}", mode.id);
            }
        }
    }

    async fn an_unknown_path_and_a_wrong_method_are_problems_in_the_same_shape(driver: Driver) {
        let site = Site::new(driver).await;
        let mut client = site.client(Kind::Program);
        let missing = client.get("/api/nothing").await;
        assert_eq!((missing.status, missing.json()), (StatusCode::NOT_FOUND, json!({"detail": "Not found.", "code": "not_found"})));
        let unknown = client.get("/api/nothing/me").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        let path = format!("/api/{}/login", site.modes()[0].id);
        let wrong = client.get(&path).await;
        assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
        assert_eq!(wrong.json(), json!({"detail": "Method \"GET\" not allowed.", "code": "method_not_allowed"}));
    }

    async fn every_answer_carries_the_security_headers_and_the_api_is_never_stored(driver: Driver) {
        let site = Site::new(driver).await;
        for path in ["/", "/api/modes", "/healthz", "/nothing"] {
            let answer = site.client(Kind::OwnPage).get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
        }
        assert_eq!(site.client(Kind::OwnPage).get("/api/modes").await.header("cache-control"), "no-store");
    }

    async fn an_answer_that_no_handler_gives_carries_the_same_headers(driver: Driver) {
        let site = Site::new(driver).await;
        let expected = site.client(Kind::Program).get("/healthz").await.headers;
        for (method, uri, status) in [
            ("OPTIONS", "*", StatusCode::NOT_FOUND),
            ("CONNECT", "latchkey.test:443", StatusCode::NOT_FOUND),
            ("OPTIONS", "/oauth/revoke", StatusCode::METHOD_NOT_ALLOWED),
            ("GET", "/oauth/introspect", StatusCode::METHOD_NOT_ALLOWED),
            ("POST", "/oauth/introspect", StatusCode::UNAUTHORIZED),
            ("POST", "/oauth/revoke", StatusCode::BAD_REQUEST),
            ("GET", "/oauth/nothing", StatusCode::NOT_FOUND),
            ("POST", "/api/nothing", StatusCode::NOT_FOUND),
        ] {
            let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
            let answer = site.client(Kind::Program).send(request).await;
            assert_eq!(answer.status, status, "{method} {uri}");
            for name in expected.keys().filter(|name| !["content-type", "content-length"].contains(&name.as_str())) {
                assert!(answer.headers.contains_key(name), "{method} {uri}: {name}");
            }
            assert!(answer.header("cache-control").ends_with("no-store"), "{method} {uri}");
        }
    }

    async fn a_client_does_not_choose_the_id_of_its_request(driver: Driver) {
        let site = Site::new(driver).await;
        let request = Request::get("/api/modes").header("x-request-id", "chosen").body(Body::empty()).unwrap();
        let answer = site.client(Kind::Program).send(request).await;
        assert!(!["", "chosen"].contains(&answer.header("x-request-id")));
    }

    async fn the_modes_tell_all_that_the_pages_print(driver: Driver) {
        let site = Site::new(driver).await;
        let modes = site.client(Kind::Program).get("/api/modes").await.json();
        assert_eq!(modes.as_array().unwrap().len(), site.modes().len());
        for (told, mode) in modes.as_array().unwrap().iter().zip(site.modes()) {
            assert_eq!(told["id"], json!(mode.id));
            let answers =
                ["client_holds", "server_holds", "request_costs", "ended_by", "injected_script", "other_site", "choose_when"];
            for answer in answers {
                assert!(told[answer].as_str().unwrap().len() > 20, "{}: {answer}", mode.id);
            }
            assert_eq!(told["remembers"], json!(mode.remembers), "{}", mode.id);
            let attributes = told["cookie_attributes"].as_array().unwrap();
            assert_eq!(attributes.contains(&json!("HttpOnly")), mode.cookie.is_some(), "{}", mode.id);
        }
    }

    async fn a_server_function_answers_only_reads(driver: Driver) {
        let site = Site::new(driver).await;
        let mut client = site.client(Kind::OtherSite);
        let posted = Request::post("/api/fn/cookie-sign-ins").body(Body::empty()).unwrap();
        assert_ne!(client.send(posted).await.status, StatusCode::OK);
        assert_eq!(client.get("/api/fn/modes").await.status, StatusCode::OK);
    }
}
