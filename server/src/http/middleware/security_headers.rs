//! Security headers for every answer (OWASP Secure Headers). A header that the handler has set is kept, except HSTS.

use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::state::PublicOrigin;

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

/// Two years (OWASP ASVS 5.0, 3.4.1: at least one, and for the subdomains, too).
const STRICT_TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// The headers of one server.
#[derive(Clone)]
pub struct SecurityHeaders {
    strict_transport_security: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// HSTS for a server with HTTPS, except on `localhost`: other servers of that machine are reached without.
    pub fn new(origin: &PublicOrigin) -> Self {
        let https = origin.0.as_ref().and_then(|origin| origin.as_str().strip_prefix("https://"));
        let public = https.filter(|host| host.split(':').next() != Some("localhost"));
        Self { strict_transport_security: public.map(|_| STRICT_TRANSPORT_SECURITY) }
    }

    pub fn add(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        // Almost every answer depends on the caller or the time. An answer that a cache may store says so itself.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if let Some(value) = &self.strict_transport_security {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value.clone());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::response::{Html, IntoResponse as _};

    use super::*;
    use crate::Origin;

    fn headers(origin: Option<&str>, response: Response) -> http::HeaderMap {
        let origin = PublicOrigin(origin.map(|text| Origin::parse(text).unwrap()));
        SecurityHeaders::new(&origin).add(response).headers().clone()
    }

    #[test]
    fn an_answer_that_says_nothing_about_caches_is_stored_nowhere() {
        let document = Html("<p>alice</p>").into_response();
        assert_eq!(headers(None, document)[header::CACHE_CONTROL], "no-store");
    }

    #[test]
    fn an_answer_that_a_cache_may_store_keeps_its_header() {
        let file = ([(header::CACHE_CONTROL, "public, max-age=60")], "p {}").into_response();
        assert_eq!(headers(None, file)[header::CACHE_CONTROL], "public, max-age=60");
    }

    #[test]
    fn only_a_public_site_with_https_demands_https() {
        for (origin, demands) in [
            (Some("https://example.org"), true),
            (Some("https://example.org:8443"), true),
            (Some("https://localhost:3443"), false),
            (Some("http://localhost:3000"), false),
            (None, false),
        ] {
            let headers = headers(origin, Response::default());
            assert_eq!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), demands, "{origin:?}");
        }
    }
}
