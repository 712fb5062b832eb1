//! HTTP: the routes, and around them what holds for every request.

mod extract;
mod middleware;
mod openapi;
mod respond;
mod routes;

use std::sync::LazyLock;

use app::ApiDocument;
use axum::{
    Extension, Router,
    middleware::{from_fn, from_fn_with_state},
};
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::respond::{password_code, username_code};
pub use self::{extract::TrustedProxies, middleware::AllowedOrigins};
use self::{
    middleware::{TIME_LIMIT, page_guard, server_fns},
    respond::{method_not_allowed, not_found},
    routes::{account, admin, credentials, health, oauth, sign_in},
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
        .merge(routes::simplejwt::key_set()) // mode: jwt
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
    middleware::around(routes, state, TIME_LIMIT)
}

/// Every route is a documented one: `routes!` takes no handler that says nothing of itself.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(sign_in::modes))
        .routes(routes!(account::register))
        .routes(routes!(account::logout_everywhere))
        .routes(routes!(account::change_password))
        .routes(routes!(admin::users))
        .routes(routes!(admin::disable))
        .routes(routes!(admin::enable))
        .routes(routes!(admin::expire))
        .routes(routes!(admin::audit))
        .routes(routes!(sign_in::login))
        .routes(routes!(sign_in::me))
        .routes(routes!(sign_in::rotate))
        .routes(routes!(sign_in::rotate_trial))
        .routes(routes!(sign_in::logout))
        .routes(routes!(sign_in::logout_all))
        .routes(routes!(credentials::list))
        .routes(routes!(credentials::delete))
        .routes(routes!(credentials::end))
        .routes(routes!(credentials::end_others))
        .routes(routes!(credentials::audit))
        .routes(routes!(openapi::serve))
        .merge(routes::simplejwt::routes()) // mode: jwt
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
        .layer(from_fn_with_state(state.clone(), page_guard::guard))
        .layer(from_fn(server_fns::answer))
        // Not the API: compressing a secret beside text that an attacker chooses tells its length (BREACH).
        .layer(CompressionLayer::new())
}
