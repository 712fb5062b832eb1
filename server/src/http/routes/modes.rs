//! `GET /api/modes`: the modes that this server has.

use app::types::ModeInfo;
use auth::Auth;
use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(modes))
}

/// List the modes, each with its description.
#[utoipa::path(get, path = "/modes", tag = "Modes", responses((status = 200, body = Vec<ModeInfo>)))]
async fn modes(State(auth): State<Auth>) -> Json<Vec<ModeInfo>> {
    Json(auth.modes().map(app::ssr::mode_info).collect())
}
