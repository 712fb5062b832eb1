//! CORS: what a page of an allowed origin may call. No cookie is read or set for it.

use auth::{ModeInfo, Transport, on_both_databases, testing::PASSWORD};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::json;
use server::{AllowedOrigins, ServerParts, router};

use crate::client::{Answer, Client, Kind, Site};

const ALLOWED: &str = "http://localhost:5173";
const OTHER: &str = "http://localhost:5174";

async fn site(driver: auth::testing::Driver) -> Site {
    let site = Site::new(driver).await;
    let allowed_origins = AllowedOrigins::parse(ALLOWED).unwrap();
    let state = ServerParts { allowed_origins, ..ServerParts::new(site.world.auth.clone(), "target/site", None) };
    Site { router: router(state), ..site }
}

fn bearer_modes(site: &Site) -> impl Iterator<Item = &'static ModeInfo> + use<> {
    site.bearer_modes()
}

fn request(method: Method, path: &str, origin: &str, body: &serde_json::Value) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, origin)
        // For a browser, two ports of one host are the same site.
        .header("sec-fetch-site", "same-site")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// Sends the preflight that a browser sends before a request with a token.
async fn preflight(client: &mut Client, path: &str, origin: &str) -> Answer {
    let request = Request::options(path)
        .header(header::ORIGIN, origin)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
        .body(Body::empty())
        .unwrap();
    client.send(request).await
}

fn allows(answer: &Answer, origin: &str) -> bool {
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    answer.header("access-control-allow-origin") == origin
}

on_both_databases! {
    async fn a_page_of_an_allowed_origin_signs_in_and_out_by_tokens(driver: Driver) {
        let site = site(driver).await;
        for mode in bearer_modes(&site) {
            let mut page = site.client(Kind::Program);
            let path = |call: &str| format!("/api/{}/{call}", mode.id);
            for call in ["login", "me", "rotate", "logout"] {
                let answer = preflight(&mut page, &path(call), ALLOWED).await;
                assert_eq!(answer.status, StatusCode::OK, "{}", path(call));
                assert!(allows(&answer, ALLOWED), "{}", path(call));
                let headers = answer.header("access-control-allow-headers");
                assert!(headers.contains("authorization") && headers.contains("content-type"), "{headers}");
                assert_eq!(answer.header("x-content-type-options"), "nosniff");
            }
            let credentials = json!({"username": "alice", "password": PASSWORD});
            let answer = page.send(request(Method::POST, &path("login"), ALLOWED, &credentials)).await;
            assert!(answer.status == StatusCode::OK && allows(&answer, ALLOWED), "{}: {}", mode.id, answer.body);
            for (method, call, status) in
                [(Method::GET, "me", StatusCode::OK), (Method::POST, "rotate", StatusCode::OK), (Method::POST, "logout", StatusCode::NO_CONTENT)]
            {
                let body = page.refresh.as_ref().map_or(json!({}), |refresh| json!({"refresh": refresh}));
                let answer = page.send(request(method, &path(call), ALLOWED, &body)).await;
                assert!(answer.status == status && allows(&answer, ALLOWED), "{}: {}", path(call), answer.body);
            }
            page.access = None;
            let refused = page.send(request(Method::GET, &path("me"), ALLOWED, &json!({}))).await;
            assert!(refused.status == StatusCode::UNAUTHORIZED && allows(&refused, ALLOWED), "{}", mode.id);
        }
    }

    async fn no_cookie_of_ours_goes_in_or_out(driver: Driver) {
        let site = site(driver).await;
        for mode in site.modes() {
            let mut browser = site.signed_in(Kind::OwnPage, mode).await;
            browser.kind = Kind::Program;
            // Keep only the cookies, which the browser adds by itself.
            browser.access = None;
            browser.refresh = None;
            let cookies = browser.cookies.clone();
            let credentials = json!({"username": "alice", "password": PASSWORD});
            for (method, call) in [(Method::GET, "me"), (Method::POST, "rotate"), (Method::POST, "logout-all"), (Method::POST, "login")] {
                let answer = browser.send(request(method, &format!("/api/{}/{call}", mode.id), ALLOWED, &credentials)).await;
                let is_login = call == "login" && mode.transport == Transport::Bearer;
                let read = mode.transport == Transport::Cookie && call == "me";
                assert_eq!(answer.status == StatusCode::OK, is_login || read, "{} {call}: {}", mode.id, answer.body);
                assert!(!answer.headers.contains_key("set-cookie"), "{} {call}", mode.id);
                // No script of another origin may read the answer of a cookie mode.
                assert_eq!(allows(&answer, ALLOWED), mode.transport == Transport::Bearer, "{} {call}", mode.id);
            }
            assert_eq!(browser.cookies, cookies, "{}", mode.id);
        }
    }

    async fn another_origin_and_another_path_are_answered_as_ever(driver: Driver) {
        let site = site(driver).await;
        let mut client = site.client(Kind::Program);
        for mode in site.modes() {
            let path = format!("/api/{}/login", mode.id);
            let expected = |allowed| if allowed { StatusCode::OK } else { StatusCode::METHOD_NOT_ALLOWED };
            for (origin, allowed) in [(ALLOWED, mode.transport == Transport::Bearer), (OTHER, false), ("null", false)] {
                let answer = preflight(&mut client, &path, origin).await;
                assert_eq!(answer.status, expected(allowed), "{path} from {origin}");
                assert_eq!(allows(&answer, origin), allowed, "{path} from {origin}");
            }
        }
        for path in ["/api/account/password", "/api/register", "/api/admin/users", "/oauth/introspect", "/"] {
            assert!(!allows(&preflight(&mut client, path, ALLOWED).await, ALLOWED), "{path}");
        }
    }

    async fn without_the_setting_no_origin_is_allowed(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let answer = preflight(&mut site.client(Kind::Program), &format!("/api/{}/login", mode.id), ALLOWED).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{}", mode.id);
            assert!(!allows(&answer, ALLOWED), "{}", mode.id);
        }
    }
}
