//! `/api/modes`: the list that everything else walks.

use app::types::ModeInfo;
use auth::Auth;
use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(modes))
}

/// What the modes say of themselves.
#[utoipa::path(get, path = "/modes", tag = "Modes", responses((status = 200, body = Vec<ModeInfo>)))]
async fn modes(State(auth): State<Auth>) -> Json<Vec<ModeInfo>> {
    Json(auth.modes().map(app::ssr::mode_info).collect())
}
