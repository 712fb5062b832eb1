//! CORS for the token endpoints: setting `CORS_ALLOWED_ORIGINS`. Off by default.
//!
//! A page of an allowed origin is treated as a program: it authenticates with a token and never with a cookie. This
//! layer removes cookies from its requests and from the answers, whatever `credentials` its script sets. `SameSite`
//! does not do that: for a browser, `http://localhost:5173` and `http://localhost:3000` are the same site.

use std::{sync::Arc, time::Duration};

use auth::{Auth, Transport};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::cors::CorsLayer;

use crate::origin::Origin;

/// How long a browser caches the answer to a preflight; Chromium's maximum is two hours. An origin that is removed from
/// the setting loses its access with the next request all the same, because every answer is checked.
const PREFLIGHT_AGE: Duration = Duration::from_mins(10);

const METHODS: [Method; 3] = [Method::GET, Method::POST, Method::DELETE];
const REQUEST_HEADERS: [HeaderName; 3] =
    [header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("idempotency-key")];
/// Headers of answers that a client reads.
const ANSWER_HEADERS: [HeaderName; 5] = [
    header::WWW_AUTHENTICATE,
    header::RETRY_AFTER,
    HeaderName::from_static("x-revocation"),
    HeaderName::from_static("x-rotation"),
    HeaderName::from_static("x-request-id"),
];

/// Token endpoints outside the paths of the bearer modes.
const TOKEN_ENDPOINTS: &[&str] = &[
    "/api/token",  // mode: jwt
    "/api/me",     // mode: jwt
    "/api/logout", // mode: jwt
];

/// Setting `CORS_ALLOWED_ORIGINS`: the origins whose pages may call the token endpoints. Empty, the default: none.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins(Arc<[Origin]>);

impl AllowedOrigins {
    /// Parses origins with commas or blanks between them. `None` if one is not an origin. `*` is refused: if every page
    /// could call a token endpoint, every page could guess passwords from the addresses of its visitors.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let entries = text.split([',', ' ']).filter(|entry| !entry.is_empty());
        entries.map(Origin::parse).collect::<Option<Vec<_>>>().map(|origins| Self(origins.into()))
    }

    fn contain(&self, headers: &HeaderMap) -> bool {
        let mut shown = headers.get_all(header::ORIGIN).iter();
        let (Some(origin), None) = (shown.next(), shown.next()) else { return false };
        self.0.iter().any(|allowed| allowed.as_str().as_bytes() == origin.as_bytes())
    }
}

/// The allowed origins and the endpoints that they may call.
pub struct Cors {
    origins: AllowedOrigins,
    endpoints: Box<[String]>,
    layer: CorsLayer,
}

impl Cors {
    /// Covers the paths of the bearer modes of `auth`, and [`TOKEN_ENDPOINTS`]. `None` if no origin is allowed.
    pub fn new(origins: &AllowedOrigins, auth: &Auth) -> Option<Self> {
        if origins.0.is_empty() {
            return None;
        }
        let bearer_modes = auth.modes().filter(|info| info.transport == Transport::Bearer);
        let endpoints = bearer_modes.map(|info| format!("/api/{}", info.id));
        let values = origins.0.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok());
        // Never `allow_credentials`: it would let those pages use our cookies.
        let layer = CorsLayer::new()
            .allow_origin(values.collect::<Vec<_>>())
            .allow_methods(METHODS)
            .allow_headers(REQUEST_HEADERS)
            .expose_headers(ANSWER_HEADERS)
            .max_age(PREFLIGHT_AGE);
        Some(Self {
            origins: origins.clone(),
            endpoints: endpoints.chain(TOKEN_ENDPOINTS.iter().map(|path| (*path).to_owned())).collect(),
            layer,
        })
    }

    fn covers(&self, path: &str) -> bool {
        self.endpoints.iter().any(|endpoint| {
            path.strip_prefix(endpoint.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// Adds the CORS headers for a page of an allowed origin. Every other request passes unchanged.
pub async fn answer(State(cors): State<Arc<Cors>>, request: Request, next: Next) -> Response {
    if !cors.covers(request.uri().path()) || !cors.origins.contain(request.headers()) {
        return next.run(request).await;
    }
    let as_program = service_fn(|mut request: Request| {
        // Without these headers the request counts as a program's, for the CSRF check too. It carries no cookie and the
        // answer sets none, so there is nothing to forge.
        for name in [header::COOKIE, header::ORIGIN, HeaderName::from_static("sec-fetch-site")] {
            request.headers_mut().remove(name);
        }
        let next = next.clone();
        async move {
            let mut response = next.run(request).await;
            response.headers_mut().remove(header::SET_COOKIE);
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let Ok(response) = cors.layer.layer(as_program).oneshot(request).await;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_origins_are_a_list_and_never_all_origins() {
        let origins = AllowedOrigins::parse("http://localhost:5173, HTTPS://App.Example.org:443/").unwrap();
        for (origin, allowed) in [
            ("http://localhost:5173", true),
            ("https://app.example.org", true),
            ("http://localhost:5174", false),
            ("https://localhost:5173", false),
            ("https://app.example.org.evil.test", false),
            ("null", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(origin))]);
            assert_eq!(origins.contain(&headers), allowed, "{origin}");
        }
        assert!(!origins.contain(&HeaderMap::new()));
        for text in ["*", "null", "localhost:5173", "http://*.example.org", "http://localhost:5173, *"] {
            assert!(AllowedOrigins::parse(text).is_none(), "{text}");
        }
    }
}
