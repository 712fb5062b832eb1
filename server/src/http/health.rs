//! For whoever restarts the process, and for whoever sends it requests.

use auth::Auth;
use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::problem::Problem;

/// The process runs. It asks nobody else: restarting it would not mend a database.
pub async fn alive() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// It can reach its database.
///
/// # Errors
/// 503 if it is away.
pub async fn ready(State(auth): State<Auth>) -> Result<Json<Value>, Problem> {
    auth.db().ping().await?;
    Ok(Json(json!({"status": "ok"})))
}
