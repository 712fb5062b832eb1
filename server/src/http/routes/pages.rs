//! The pages of the app, rendered on the server, and its files.

use std::sync::LazyLock;

use app::ApiDocument;
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::compression::CompressionLayer;

use crate::{
    http::middleware::{page_guard, server_fns},
    state::AppState,
};

/// The app's routes, read off it once and before anything is rendered: while leptos reads them, whatever another thread begins
/// to render never ends (leptos-rs/leptos#4773). So it was with routers that came later, as tests have them.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The pages and the files, each with the document that the page of the API prints.
pub fn router(state: &AppState, document: &ApiDocument) -> Router<AppState> {
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
