//! Security headers for every answer (OWASP Secure Headers). A header that the handler has set is kept.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};

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
    } else if is_document(headers) {
        // The page sets the same. A document that was rendered for a user must not be stored if that header is missing.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    }
    response
}

fn is_document(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, response::Html};
    use tower::ServiceExt as _;

    use super::*;

    async fn cache_control(routes: Router) -> Option<String> {
        let response = routes.layer(from_fn(add)).oneshot(Request::new(Body::empty())).await.unwrap();
        response.headers().get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn a_document_that_says_nothing_about_caches_is_stored_nowhere() {
        let document = Router::new().fallback(|| async { Html("<p>alice</p>") });
        assert_eq!(cache_control(document).await.as_deref(), Some("private, no-store"));
    }

    #[tokio::test]
    async fn a_file_may_be_cached() {
        let file = Router::new().fallback(|| async { ([(header::CONTENT_TYPE, "text/css")], "p {}") });
        assert_eq!(cache_control(file).await, None);
    }
}
