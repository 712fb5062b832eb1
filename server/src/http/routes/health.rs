//! For whoever restarts the process, and for whoever sends it requests.

use auth::Auth;
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::respond::Problem;

/// All is well.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`
    status: &'static str,
}

const WELL: Json<Health> = Json(Health { status: "ok" });

/// The process runs.
///
/// It asks nobody else: restarting it would not mend a database.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, body = Health)))]
pub async fn alive() -> Json<Health> {
    WELL
}

/// It can reach its database.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, body = Health)))]
pub async fn ready(State(auth): State<Auth>) -> Result<Json<Health>, Problem> {
    auth.db().ping().await?;
    Ok(WELL)
}
