//! Invalid and hostile requests. Each is answered with a client error in the error shape of the API, never with a
//! server error.

use auth::{
    Role, on_both_databases,
    testing::{Driver, PASSWORD},
};
use axum::{Router, body::Body};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::{runtime::Handle, task};
use tower::ServiceExt as _;

use crate::{
    anything::{RawRequest, any_request},
    client::{Answer, Kind, Site},
};

impl RawRequest {
    fn new(method: Method, target: &str) -> Self {
        Self { method, target: target.to_owned(), headers: HeaderMap::new(), body: Vec::new() }
    }

    fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.append(name, value.parse().unwrap());
        self
    }

    fn with_body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with(header::CONTENT_TYPE, media_type)
    }

    /// `None` if the parts are no valid request: hyper refuses those before the router runs.
    async fn send(self, router: Router) -> Option<Answer> {
        let mut request = Request::builder().method(self.method).uri(self.target).body(Body::from(self.body)).ok()?;
        *request.headers_mut() = self.headers;
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Some(Answer { status: parts.status, headers: parts.headers, body })
    }
}

/// Checks that the answer is no server error, and that a refusal sets no cookie and has a JSON object as its body.
fn assert_in_the_one_shape(request: &RawRequest, answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{request:?}: {answer:?}");
    if !answer.status.is_client_error() {
        return;
    }
    assert_eq!(answer.header("set-cookie"), "", "{request:?}: a refused request set a cookie");
    let is_text = answer.header("content-encoding").is_empty() && request.method != Method::HEAD;
    if request.target.starts_with("/api/") && is_text {
        let body: Result<Map<String, Value>, _> = serde_json::from_str(&answer.body);
        assert!(body.is_ok_and(|body| !body.is_empty()), "{request:?}: {answer:?}");
    }
}

async fn refused(site: &Site, request: RawRequest) -> Answer {
    let answer = request.clone().send(site.router.clone()).await.unwrap();
    assert_in_the_one_shape(&request, &answer);
    answer
}

/// The credential headers of a signed-in client of each mode, so that some requests are authenticated.
async fn genuine(site: &Site) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::new();
    for mode in site.modes() {
        let client = site.signed_in(Kind::OwnPage, mode).await;
        headers.extend(client.cookies.iter().map(|(name, value)| (header::COOKIE, format!("{name}={value}"))));
        headers.extend(client.access.map(|access| (header::AUTHORIZATION, format!("Bearer {access}"))));
    }
    headers.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect()
}

#[tokio::test]
async fn no_request_is_answered_as_a_failure_of_ours() {
    let site = Site::new(Driver::Sqlite).await;
    let requests = any_request(&site.modes(), genuine(&site).await);
    let (runtime, router) = (Handle::current(), site.router.clone());
    // The runner is not async: it blocks a thread of its own.
    let run = move || {
        let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
        let each = |request: RawRequest| {
            if let Some(answer) = runtime.block_on(request.clone().send(router.clone())) {
                assert_in_the_one_shape(&request, &answer);
            }
            Ok(())
        };
        TestRunner::new(config).run(&requests, each).unwrap();
    };
    task::spawn_blocking(run).await.unwrap();
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_whatever_it_is_written_in() {
    let site = Site::new(Driver::Sqlite).await;
    let login = format!("/api/{}/login", site.modes()[0].id);
    let long = "a".repeat(65_536);
    for (media_type, body) in [
        ("application/json", format!("{{\"username\": \"{long}\"}}")),
        ("application/x-www-form-urlencoded", format!("username={long}")),
        (
            "multipart/form-data; boundary=X",
            format!("--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{long}\r\n--X--\r\n"),
        ),
        ("text/plain", long.clone() + "a"),
    ] {
        let answer = refused(&site, RawRequest::new(Method::POST, &login).with_body(media_type, body)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{media_type}: {}", answer.body);
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

    // PostgreSQL refuses NUL in a text with an error; SQLite just finds no row.
    async fn a_nul_in_an_id_names_nothing(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let mut client = site.signed_in(Kind::OwnPage, mode).await;
            let credential = format!("/api/{}/credentials/%00", mode.id);
            let ended = client.send(Request::delete(&credential).body(Body::empty()).unwrap()).await;
            assert_eq!(ended.status, StatusCode::NOT_FOUND, "{}: {}", mode.id, ended.body);
            let trail = client.get(&format!("/api/{}/audit?before=%00", mode.id)).await;
            assert_eq!((trail.status, trail.body.as_str()), (StatusCode::OK, "[]"), "{}", mode.id);
        }
    }

    async fn a_nul_in_a_field_is_the_callers_fault(driver: Driver) {
        let site = Site::new(driver).await;
        for mode in site.modes() {
            let fields = json!({"username": "al\0ice", "password": "\0", "refresh": "\0", "token": "\0", "mode": "\0"});
            for path in ["login", "rotate", "rotate/trial", "rotate/replay", "logout-all"] {
                let answer = site.client(Kind::OwnPage).post(&format!("/api/{}/{path}", mode.id), fields.clone()).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}: {}", mode.id, answer.body);
            }
        }
        let account = json!({"username": "b\0b", "password": PASSWORD});
        let answer = site.client(Kind::OwnPage).post("/api/register", account).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_query_that_says_it_twice_is_refused() {
    let site = Site::new(Driver::Sqlite).await;
    for mode in site.modes() {
        let mut client = site.signed_in(Kind::OwnPage, mode).await;
        for path in [format!("/api/{}/audit?before=a&before=b", mode.id), "/api/fn/modes?mode=a&mode=b".to_owned()] {
            let answer = client.get(&path).await;
            assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("parse_error")));
        }
    }
}

#[tokio::test]
async fn a_server_function_without_its_argument_is_refused() {
    let site = Site::new(Driver::Sqlite).await;
    for name in ["credentials", "activity", "users", "all-activity"] {
        let request = RawRequest::new(Method::GET, &format!("/api/fn/{name}?other=a"));
        let answer = refused(&site, request).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("parse_error")), "{name}");
    }
}

#[tokio::test]
async fn a_server_function_does_not_redirect_to_the_referer() {
    let site = Site::new(Driver::Sqlite).await;
    let request = RawRequest::new(Method::GET, "/api/fn/modes")
        .with(header::ACCEPT, "text/html")
        .with(header::REFERER, "https://evil.test/");
    let answer = request.send(site.router.clone()).await.unwrap();
    assert_eq!((answer.status, answer.header("location")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn a_path_that_is_no_text_names_nothing() {
    let site = Site::new(Driver::Sqlite).await;
    for (method, target) in
        [(Method::POST, "/api/%ff/login"), (Method::GET, "/api/%c3%28/me"), (Method::POST, "/api/%ff/logout")]
    {
        assert_eq!(refused(&site, RawRequest::new(method, target)).await.status, StatusCode::NOT_FOUND, "{target}");
    }
}

#[tokio::test]
async fn what_names_no_path_of_ours_is_not_found() {
    let site = Site::new(Driver::Sqlite).await;
    let long = format!("/{}", "a".repeat(300));
    for (method, target) in [
        (Method::CONNECT, "latchkey.test:443"),
        (Method::OPTIONS, "*"),
        (Method::GET, "//../"),
        (Method::POST, "//%2e%2e/"),
        (Method::GET, "/%00"),
        (Method::GET, "/%ff"),
        (Method::GET, "/..%2f..%2f..%2f..%2fetc%2fpasswd"),
        (Method::GET, "/pkg/..%5c..%5cCargo.toml"),
        (Method::GET, "http://evil.test/nothing"),
        (Method::GET, &long),
    ] {
        assert_eq!(refused(&site, RawRequest::new(method, target)).await.status, StatusCode::NOT_FOUND, "{target:.40}");
    }
}

#[tokio::test]
async fn a_form_is_led_on_by_a_header_that_any_proxy_passes() {
    let site = Site::new(Driver::Sqlite).await;
    let long = "\u{1f980}".repeat(2000);
    let fields = [("username", long.as_str()), ("password", "x"), ("next", &format!("/{}", "a".repeat(5000)))];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mode = site.modes()[0].id.0;
    for target in ["/api/register".to_owned(), format!("/api/{mode}/login"), format!("/api/{}/login", "a".repeat(9000))]
    {
        let request = RawRequest::new(Method::POST, &target)
            .with(header::ACCEPT, "text/html")
            .with(HeaderName::from_static("sec-fetch-site"), "same-origin")
            .with_body("application/x-www-form-urlencoded", body.clone());
        let answer = request.send(site.router.clone()).await.unwrap();
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{target:.30}: {}", answer.body);
        // nginx and other proxies allow 4 KiB for the whole head of an answer.
        assert!(answer.header("location").len() < 2048, "{target:.30}");
    }
}

#[tokio::test]
async fn a_token_that_is_there_twice_or_unreadable_signs_no_user_in() {
    let site = Site::new(Driver::Sqlite).await;
    for mode in site.modes() {
        let mut client = site.signed_in(Kind::Program, mode).await;
        let cookies: Vec<_> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let shown = [
            client.access.take().map(|access| (header::AUTHORIZATION, format!("Bearer {access}"))),
            (!cookies.is_empty()).then(|| (header::COOKIE, cookies.join("; "))),
        ];
        for (name, value) in shown.into_iter().flatten() {
            let me = || RawRequest::new(Method::GET, &format!("/api/{}/me", mode.id)).with(name.clone(), &value);
            assert_eq!(me().send(site.router.clone()).await.unwrap().status, StatusCode::OK, "{}", mode.id);
            let twice = me().with(name.clone(), &value).send(site.router.clone()).await.unwrap();
            // A second cookie of the same name may come from another host of the site. The genuine cookie counts.
            let expected = if name == header::COOKIE { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(twice.status, expected, "{}: {name}", mode.id);
            let mut unreadable = me();
            let bytes = [value.as_bytes(), b"\xff"].concat();
            unreadable.headers.insert(name, HeaderValue::from_bytes(&bytes).unwrap());
            assert_eq!(refused(&site, unreadable).await.status, StatusCode::UNAUTHORIZED, "{}", mode.id);
        }
    }
}
