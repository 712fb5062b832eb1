//! Health checks: `/healthz` for the supervisor that restarts the process, `/readyz` for the load balancer.

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

/// The check passed.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({"status": "ok"})))]
struct Health {
    /// `ok`
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// Check that the process runs.
///
/// This does not check the database: a restart of the process does not repair a database.
#[utoipa::path(get, path = "/healthz", tag = "Operation", responses((status = 200, body = Health)))]
async fn alive() -> Json<Health> {
    OK
}

/// Check that the process reaches its database.
#[utoipa::path(get, path = "/readyz", tag = "Operation", responses((status = 200, body = Health)))]
async fn ready(State(auth): State<Auth>) -> Result<Json<Health>, Problem> {
    auth.db().ping().await?;
    Ok(OK)
}
