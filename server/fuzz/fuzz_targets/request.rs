//! Requests: whatever is sent, it is answered, and never as a failure of ours.
#![no_main]

use std::sync::LazyLock;

use auth::testing::{Driver, World};
use axum::{Router, body::Body};
use http::{Method, Request, header::CONTENT_ENCODING};
use http_body_util::BodyExt as _;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use server::{ServerParts, router};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

static SCENE: LazyLock<(Runtime, World, Router)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (world, router) = runtime.block_on(async {
        let world = World::new(Driver::Sqlite).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let router = router(ServerParts::new(world.auth.clone(), "target/site", None));
        (world, router)
    });
    (runtime, world, router)
});

/// As HTTP/1.1 writes it: `POST /path`, a line for each header, an empty line, the body.
fn parse(data: &[u8]) -> Option<Request<Body>> {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut first = lines.next()?.splitn(2, |byte| *byte == b' ');
    let mut request = Request::builder().method(first.next()?).uri(first.next()?);
    let mut length = data.split(|byte| *byte == b'\n').next()?.len() + 1;
    for line in lines {
        length += line.len() + 1;
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        request = request.header(&line[..colon], line[colon + 1..].trim_ascii());
    }
    request.body(Body::from(data.get(length..).unwrap_or_default().to_vec())).ok()
}

fuzz_target!(|data: &[u8]| {
    let Some(request) = parse(data) else { return };
    let of_api = request.uri().path().starts_with("/api/") && *request.method() != Method::HEAD;
    let (runtime, _, router) = &*SCENE;
    let (parts, body) = runtime.block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        (parts, body.collect().await.unwrap().to_bytes())
    });
    assert!(!parts.status.is_server_error(), "{parts:?}: {body:?}");
    let is_text = !parts.headers.contains_key(CONTENT_ENCODING);
    if of_api && is_text && parts.status.is_client_error() {
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert!(body["detail"].is_string() && body["code"].is_string(), "{body}");
    }
});
