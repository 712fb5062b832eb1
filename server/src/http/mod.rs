//! HTTP: the routes, and around them what holds for every request.

mod account_routes;
mod admin_routes;
mod answer;
mod call;
mod client_address;
mod credential_routes;
mod csrf;
mod current_user;
mod health;
mod last_mode;
mod local_path;
mod mode_routes;
mod oauth;
mod page_guard;
mod problem;
mod security_headers;
mod simplejwt; // mode: jwt

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, RawPathParams, Request, rejection::RawPathParamsRejection},
    middleware::{self, Next},
    response::Response,
    routing::{delete, get, post},
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    normalize_path::NormalizePathLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

pub use self::client_address::TrustedProxies;
use self::problem::{Problem, method_not_allowed, not_found, panicked};
pub(crate) use self::problem::{password_code, username_code};
use crate::state::AppState;

/// Bytes. The largest honest body is a password and a token.
const BODY_MAX_BYTES: usize = 64 * 1024;
/// A request that takes longer is answered 503: a slow database must not pile up callers.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The whole program: the JSON API, the pages, the files.
pub fn router(state: AppState) -> Router {
    let routes = Router::new()
        .nest("/api", api())
        .route("/.well-known/jwks.json", get(oauth::jwks))
        .route("/oauth/revoke", post(oauth::revoke))
        .route("/oauth/introspect", post(oauth::introspect))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(pages(&state))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(security_headers::add))
        .layer(middleware::from_fn_with_state(state.clone(), client_address::add))
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(CatchPanicLayer::custom(panicked))
                .layer(TimeoutLayer::with_status_code(http::StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
                .layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .with_state(state);
    // A path means the same with and without its trailing slash, and no POST is redirected. The slash has to go before
    // routing, so the routes stand behind a fallback.
    Router::new()
        .fallback_service(ServiceBuilder::new().layer(NormalizePathLayer::trim_trailing_slash()).service(routes))
}

fn api() -> Router<AppState> {
    Router::new()
        .route("/modes", get(mode_routes::modes))
        .route("/register", post(account_routes::register))
        .route("/account/logout-everywhere", post(account_routes::logout_everywhere))
        .route("/account/password", post(account_routes::change_password))
        .route("/admin/users", get(admin_routes::users))
        .route("/admin/users/{id}/disable", post(admin_routes::disable))
        .route("/admin/users/{id}/enable", post(admin_routes::enable))
        .route("/admin/users/{id}/expire", post(admin_routes::expire))
        .route("/admin/audit", get(admin_routes::audit))
        .route("/{mode}/login", post(mode_routes::login))
        .route("/{mode}/me", get(mode_routes::me))
        .route("/{mode}/rotate", post(mode_routes::rotate))
        .route("/{mode}/rotate/trial", post(mode_routes::rotate_trial))
        .route("/{mode}/logout", post(mode_routes::logout))
        .route("/{mode}/logout-all", post(mode_routes::logout_all))
        .route("/{mode}/credentials", get(credential_routes::list))
        .route("/{mode}/credentials/{id}", delete(credential_routes::end))
        .route("/{mode}/credentials/{id}/end", post(credential_routes::end))
        .route("/{mode}/credentials/end-others", post(credential_routes::end_others))
        .route("/{mode}/audit", get(credential_routes::audit))
        .merge(simplejwt::routes()) // mode: jwt
        .route_layer(middleware::from_fn(named_by_text))
        .fallback(not_found)
}

/// A part of a path that is no text (`%ff`) names nothing.
async fn named_by_text(
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    match params {
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => Err(not_found().await),
        _ => Ok(next.run(request).await),
    }
}

fn pages(state: &AppState) -> Router<AppState> {
    let options = state.leptos.clone();
    let auth = state.auth.clone();
    Router::new()
        .leptos_routes_with_context(
            state,
            generate_route_list(app::App),
            move || provide_context(auth.clone()),
            move || app::shell(options.clone()),
        )
        .fallback(leptos_axum::file_and_error_handler::<AppState, _>(app::shell))
        .layer(middleware::from_fn_with_state(state.clone(), page_guard::guard))
        // Not the API: compressing a secret beside text that an attacker chooses tells its length (BREACH).
        .layer(CompressionLayer::new())
}

/// One line for each request. The query is left out: it may hold what somebody typed.
fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or("-");
    let path = request.extensions().get::<MatchedPath>().map_or(request.uri().path(), MatchedPath::as_str);
    tracing::info_span!("request", id, method = %request.method(), path)
}
