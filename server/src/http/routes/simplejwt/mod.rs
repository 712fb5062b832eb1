//! mode: jwt
//! The endpoints of djangorestframework-simplejwt, with its paths, fields, statuses and bodies, so that its clients
//! work unmodified.
//!
//! The token endpoints ignore an `Authorization` header, as SimpleJWT's views do; `/api/me/` and `/api/logout/` require
//! one.

mod caller;
mod key_set;
mod refusals;
mod request;
mod shapes;
mod tokens;

use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::shapes::Outline;
use crate::state::AppState;

/// The route of the key set, under `/`.
pub fn key_set() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(key_set::jwks))
}

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Outline::openapi())
        .routes(routes!(tokens::obtain_pair))
        .routes(routes!(tokens::refresh))
        .routes(routes!(tokens::verify))
        .routes(routes!(tokens::blacklist))
        .routes(routes!(tokens::obtain_sliding))
        .routes(routes!(tokens::refresh_sliding))
        .routes(routes!(caller::me))
        .routes(routes!(caller::logout))
}
