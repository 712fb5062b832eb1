//! The layers around every route.

pub mod anonymous_pages;
mod cors;
pub mod csrf;
pub mod last_mode;
pub mod page_guard;
mod request_id;
pub mod require_path;
mod reseal;
mod security_headers;
pub mod server_fns;
pub mod site_files;
mod time_limit;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    middleware,
    response::IntoResponse,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    normalize_path::NormalizePathLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use self::security_headers::SecurityHeaders;
pub use self::{cors::AllowedOrigins, time_limit::TIME_LIMIT};
use crate::lab::timing; // part: comparison
use crate::{
    http::{BODY_MAX_BYTES, extract::client_address, respond::panicked},
    state::AppState,
};

/// Wraps the routes in the layers, outermost first in each builder. `limit` is the time limit of a request.
///
/// `map_request` where a layer only changes the request: `from_fn` boxes a copy of the layers inside for each request.
pub fn around(routes: Router<AppState>, state: AppState, limit: Duration) -> Router {
    let cors = cors::Cors::new(&state.allowed_origins, &state.auth).map(Arc::new);
    let (address, id) = (state.trusted_proxies.clone(), state.trusted_proxies.clone());
    let security = SecurityHeaders::new(&state.origin);
    let auth = state.auth.clone();
    let recorder = state.lab.as_ref().map(|_| middleware::from_fn(timing::add)); // part: comparison
    let routes = routes
        .layer(
            ServiceBuilder::new()
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .option_layer(cors.map(|cors| middleware::from_fn_with_state(cors, cors::answer)))
                .map_response(IntoResponse::into_response)
                .layer(CatchPanicLayer::custom(panicked))
                .layer(middleware::from_fn_with_state(limit, time_limit::enforce))
                .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
                .map_request(move |request| client_address::add(&address, request))
                .layer(middleware::from_fn_with_state(auth, reseal::renew)),
        )
        .with_state(state);
    // Outermost, so that the answers of the layers inside (panic, time limit) have an id and the security headers, too.
    let service = ServiceBuilder::new()
        // A path with another slash at an end is the same path, and no POST is redirected. First, so that no layer sees
        // another path than the router.
        .layer(NormalizePathLayer::trim_trailing_slash())
        .option_layer(recorder) // part: comparison
        .map_response(move |response| security.add(response))
        .map_request(move |request| request_id::accept(&id, request))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id())
        .service(routes);
    // The path is normalised before routing, so the routes are the fallback service of an outer router.
    Router::new().fallback_service(service)
}

/// The span of a request. It leaves the query out, because a query may contain what a user typed.
fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("-");
    let path = request.extensions().get::<MatchedPath>().map_or(request.uri().path(), MatchedPath::as_str);
    tracing::info_span!("request", id, method = %request.method(), path)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use auth::testing::{Driver, World};
    use axum::{body::Body, response::Response};
    use http::{Method, StatusCode};
    use tower::ServiceExt as _;

    use super::*;
    use crate::state::ServerParts;

    const LIMIT: Duration = Duration::from_mins(1);

    async fn answer(routes: Router<AppState>, limit: Duration, method: Method, uri: &str) -> Response {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let state = ServerParts::new(world.auth.clone(), "target/site", None).into();
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
        around(routes, state, limit).oneshot(request).await.unwrap()
    }

    fn bug() {
        panic!("a bug");
    }

    fn assert_guarded(response: &Response) {
        assert!(response.headers().contains_key("x-request-id"), "{}", response.status());
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ] {
            assert_eq!(response.headers()[name], value, "{}: {name}", response.status());
        }
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_the_security_headers_and_an_id() {
        let routes = Router::new().fallback(|| async { bug() });
        let response = answer(routes, LIMIT, Method::GET, "/").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_guarded(&response);
    }

    #[tokio::test]
    async fn a_request_that_took_too_long_is_answered_with_the_security_headers() {
        let response = answer(Router::new().fallback(pending::<()>), Duration::ZERO, Method::GET, "/api/me").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_guarded(&response);
    }
}
