//! HTTP: the routers of `routes/`, merged, and around them the layers of `middleware/`.

mod extract;
mod middleware;
mod openapi;
mod respond;
mod routes;

use axum::{Extension, Router};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use self::middleware::csrf; // part: comparison
pub(crate) use self::respond::{Problem, see_other}; // part: comparison
pub(crate) use self::respond::{password_code, username_code};
pub use self::{extract::TrustedProxies, middleware::AllowedOrigins};
use self::{
    middleware::TIME_LIMIT,
    respond::{method_not_allowed, not_found},
    routes::{account, admin, api_document, credentials, health, locale, modes, oauth, pages, replaced, sign_in},
};
use crate::lab; // part: comparison
use crate::state::{AppState, ServerParts};

/// Bytes. The largest legitimate body is a password and a token.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The whole application: the JSON API, the pages, the files.
pub fn router(parts: ServerParts) -> Router {
    let state = AppState::from(parts);
    let (programs, collected) = OpenApiRouter::with_openapi(openapi::Outline::openapi())
        .nest("/api", api())
        .merge(routes::simplejwt::key_set()) // mode: jwt
        .merge(oauth::router())
        .merge(health::router())
        .split_for_parts();
    let document = openapi::document(collected, &state.auth, &state.origin);
    let routes = programs
        .merge(state.lab.clone().map(lab::router).unwrap_or_default()) // part: comparison
        .merge(locale::router())
        .merge(pages::router(&state, &document))
        .layer(Extension(document))
        .method_not_allowed_fallback(method_not_allowed);
    middleware::around(routes, state, TIME_LIMIT)
}

/// The routes under `/api`. Each is in the OpenAPI document: `routes!` accepts no handler without `#[utoipa::path]`.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(modes::router())
        .merge(account::router())
        .merge(admin::router())
        .merge(sign_in::router())
        .merge(replaced::router())
        .merge(credentials::router())
        .merge(api_document::router())
        .merge(routes::simplejwt::router()) // mode: jwt
        .fallback(not_found)
}
