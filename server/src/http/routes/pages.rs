//! The pages of the app, rendered on the server, and its files.

use std::sync::LazyLock;

use app::{ApiDocument, Offers};
use axum::{
    Router,
    handler::Handler as _,
    middleware::{from_fn, from_fn_with_state},
};
use http::request::Parts;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, file_and_error_handler_with_context, generate_route_list};
use tower_http::compression::CompressionLayer;

use crate::{
    http::middleware::{
        anonymous_pages::{self, AnonymousPages},
        last_mode, page_guard, require_path, server_fns, site_files,
    },
    state::AppState,
};

/// The app's routes, collected once and before the first page is rendered. A render that starts on another thread while
/// Leptos collects them never ends (leptos-rs/leptos#4773). A second router in the same process, as in tests, would
/// collect them again.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The routes of the pages and the fallback for files. `document` is for the page that shows the API.
pub fn router(state: &AppState, document: &ApiDocument) -> Router<AppState> {
    let options = state.leptos.clone();
    let auth = state.auth.clone();
    let offers = Offers {
        demo_users: state.demo_users,
        lab: state.lab.is_some(), // part: comparison
    };
    let document = document.clone();
    Router::new()
        .leptos_routes_with_context(
            state,
            PAGES.clone(),
            move || {
                provide_context(offers);
                if let Some(request) = use_context::<Parts>() {
                    provide_context(last_mode::has_logged_in(&request.headers));
                }
                provide_context(auth.clone());
                provide_context(document.clone());
            },
            move || app::shell(options.clone()),
        )
        .fallback(
            file_and_error_handler_with_context::<AppState, _>(app::ssr::lead_nowhere, app::shell)
                .layer(from_fn(site_files::cache)),
        )
        .layer(from_fn_with_state(AnonymousPages::new(state.auth.clone()), anonymous_pages::answer))
        .layer(from_fn_with_state(state.clone(), page_guard::guard))
        .layer(from_fn(server_fns::answer))
        .layer(from_fn(require_path::check))
        // The API is not compressed: the length of a compressed answer reveals a secret that stands beside text which
        // an attacker chooses (BREACH).
        .layer(CompressionLayer::new())
}
