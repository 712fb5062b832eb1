//! Security headers for every answer (OWASP Secure Headers). A header that the handler has set is kept.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};

const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // `same-origin` and not `no-referrer`: with `no-referrer`, a browser sends `Origin: null` with our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    // A page sets its own policy, with a nonce. Any other answer is not a document and loads nothing.
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

pub async fn add(request: Request, next: Next) -> Response {
    // Every answer of the API depends on the caller and the time, so no cache stores it.
    let path = request.uri().path();
    let private = path.starts_with("/api/") || path.starts_with("/oauth/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
