//! For whoever restarts the process, and for whoever sends it requests.

use auth::Auth;
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{http::respond::Problem, state::AppState};

/// The routes, under `/`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(alive)).routes(routes!(ready))
}

/// All is well.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`
    status: &'static str,
}

const WELL: Json<Health> = Json(Health { status: "ok" });

/// The process runs.
///
/// It asks nobody else: restarting it would not mend a database.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, body = Health)))]
async fn alive() -> Json<Health> {
    WELL
}

/// It can reach its database.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, body = Health)))]
async fn ready(State(auth): State<Auth>) -> Result<Json<Health>, Problem> {
    auth.db().ping().await?;
    Ok(WELL)
}
