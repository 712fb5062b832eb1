// mode: opaque
//! The example for learners works as documented.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

#[expect(dead_code, reason = "the test needs no main")]
#[path = "../examples/opaque.rs"]
mod opaque;

async fn send(router: &axum::Router, request: Request<Body>) -> (StatusCode, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn request(method: &str, path: &str, token: &str, body: &'static str) -> Request<Body> {
    let builder = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    builder.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn a_token_is_accepted_until_the_logout() {
    let directory = tempfile::tempdir().unwrap();
    let auth = opaque::open(&format!("sqlite://{}/test.db", directory.path().display())).await.unwrap();
    auth.register_as("alice", "gravel otter lampshade", auth::Role::User).await.unwrap();
    let router = opaque::router(auth);

    let login = Request::post("/login").body(Body::from("alice gravel otter lampshade")).unwrap();
    let (status, token) = send(&router, login).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(send(&router, request("GET", "/me", &token, "")).await, (StatusCode::OK, "alice".to_owned()));
    assert_eq!(send(&router, request("POST", "/logout", &token, "")).await.0, StatusCode::NO_CONTENT);
    let refused = (StatusCode::UNAUTHORIZED, "revoked".to_owned());
    assert_eq!(send(&router, request("GET", "/me", &token, "")).await, refused);
}

#[tokio::test]
async fn a_wrong_password_gets_no_token() {
    let directory = tempfile::tempdir().unwrap();
    let auth = opaque::open(&format!("sqlite://{}/test.db", directory.path().display())).await.unwrap();
    auth.register_as("alice", "gravel otter lampshade", auth::Role::User).await.unwrap();
    let login = Request::post("/login").body(Body::from("alice not her password")).unwrap();
    assert_eq!(send(&opaque::router(auth), login).await.0, StatusCode::UNAUTHORIZED);
}
