//! HTTP: the routes, and around them what holds for every request.

mod account_routes;
mod admin_routes;
mod answer;
mod body;
mod call;
mod client_address;
mod cors;
mod credential_routes;
mod csrf;
mod current_user;
mod entitled;
mod extract;
mod health;
mod last_mode;
mod layers;
mod local_path;
mod mode_routes;
mod oauth;
mod openapi;
mod page_guard;
mod problem;
mod request_id;
mod reseal;
mod security_headers;
mod server_fns;
mod simplejwt; // mode: jwt
mod time_limit;

use std::sync::LazyLock;

use app::ApiDocument;
use axum::{Extension, Router, middleware};
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::problem::{password_code, username_code};
pub use self::{client_address::TrustedProxies, cors::AllowedOrigins};
use self::{
    problem::{method_not_allowed, not_found},
    time_limit::TIME_LIMIT,
};
use crate::state::AppState;

/// Bytes. The largest honest body is a password and a token.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The app's routes, read off it once and before anything is rendered: while leptos reads them, whatever another thread begins
/// to render never ends (leptos-rs/leptos#4773). So it was with routers that came later, as tests have them.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The whole program: the JSON API, the pages, the files.
pub fn router(state: AppState) -> Router {
    let (programs, collected) = OpenApiRouter::with_openapi(openapi::Outline::openapi())
        .nest("/api", api())
        .merge(simplejwt::key_set()) // mode: jwt
        .routes(routes!(oauth::revoke))
        .routes(routes!(oauth::introspect))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .split_for_parts();
    let document = openapi::document(collected, &state.auth);
    let routes = programs
        .merge(pages(&state, &document))
        .layer(Extension(document))
        .method_not_allowed_fallback(method_not_allowed);
    layers::around(routes, state, TIME_LIMIT)
}

/// Every route is a documented one: `routes!` takes no handler that says nothing of itself.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(mode_routes::modes))
        .routes(routes!(account_routes::register))
        .routes(routes!(account_routes::logout_everywhere))
        .routes(routes!(account_routes::change_password))
        .routes(routes!(admin_routes::users))
        .routes(routes!(admin_routes::disable))
        .routes(routes!(admin_routes::enable))
        .routes(routes!(admin_routes::expire))
        .routes(routes!(admin_routes::audit))
        .routes(routes!(mode_routes::login))
        .routes(routes!(mode_routes::me))
        .routes(routes!(mode_routes::rotate))
        .routes(routes!(mode_routes::rotate_trial))
        .routes(routes!(mode_routes::logout))
        .routes(routes!(mode_routes::logout_all))
        .routes(routes!(credential_routes::list))
        .routes(routes!(credential_routes::delete))
        .routes(routes!(credential_routes::end))
        .routes(routes!(credential_routes::end_others))
        .routes(routes!(credential_routes::audit))
        .routes(routes!(openapi::serve))
        .merge(simplejwt::routes()) // mode: jwt
        .fallback(not_found)
}

fn pages(state: &AppState, document: &ApiDocument) -> Router<AppState> {
    let options = state.leptos.clone();
    let (auth, demo_users) = (state.auth.clone(), state.demo_users);
    let document = document.clone();
    Router::new()
        .leptos_routes_with_context(
            state,
            PAGES.clone(),
            move || {
                provide_context(demo_users);
                provide_context(auth.clone());
                provide_context(document.clone());
            },
            move || app::shell(options.clone()),
        )
        .fallback(file_and_error_handler_with_context::<AppState, _>(app::ssr::lead_nowhere, app::shell))
        .layer(middleware::from_fn_with_state(state.clone(), page_guard::guard))
        .layer(middleware::from_fn(server_fns::answer))
        // Not the API: compressing a secret beside text that an attacker chooses tells its length (BREACH).
        .layer(CompressionLayer::new())
}
