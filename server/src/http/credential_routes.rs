//! `/api/{mode}/credentials`: what the caller is signed in by, in every mode that keeps a list; and what happened to it.

use app::types::{AUDIT_PAGE, AuditEntry, CredentialEntry};
use auth::{Auth, AuthError, CredentialId};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use super::{
    answer::{renewed, see_other, with_query},
    call::{AnswerAs, Call},
    current_user::CurrentUser,
    extract::{Path, Query},
    mode_routes::{failed, guarded},
    openapi,
    problem::Problem,
};
use crate::state::AppState;

/// What the caller is signed in by, in every mode that keeps a list.
#[utoipa::path(
    get, path = "/{mode}/credentials", tag = "Devices", security(("credential" = [])),
    responses((status = 200, body = Vec<CredentialEntry>))
)]
pub async fn list(
    State(auth): State<Auth>,
    Path(mode): Path<String>,
    parts: Parts,
) -> Result<Json<Vec<CredentialEntry>>, Problem> {
    let info = auth.mode(&mode)?;
    let listed = auth.credentials(&mode, &parts).await.map_err(|error| Problem::of_mode(error, info))?;
    Ok(Json(listed.iter().map(app::ssr::credential_entry).collect()))
}

/// Ends one of them, of whatever mode.
#[utoipa::path(
    delete, path = "/{mode}/credentials/{id}", tag = "Devices", security(("credential" = [])),
    params(("id" = String, Path, description = "As the list names it.")), responses((status = 204), openapi::Throttled)
)]
pub async fn delete(state: State<AppState>, path: Path<(String, String)>, call: Call) -> Response {
    end(state, path, call).await
}

/// The same for a form, which cannot delete.
#[utoipa::path(
    post, path = "/{mode}/credentials/{id}/end", tag = "Devices", request_body = openapi::Presented,
    security(("credential" = [])), params(("id" = String, Path, description = "As the list names it.")),
    responses((status = 204), openapi::Form, openapi::Throttled)
)]
pub async fn end(State(state): State<AppState>, Path((mode, id)): Path<(String, String)>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call)?;
        let ended = state.auth.end_credential(&mode, &CredentialId::new(id), &call.parts).await;
        match ended {
            // A form whose entry is gone already got what it wanted.
            Err(AuthError::UnknownCredential) if call.answer_as != AnswerAs::Json => Ok(()),
            ended => ended.map_err(|error| Problem::of_mode(error, info)),
        }
    }
    .await;
    match (&call.answer_as, outcome) {
        (AnswerAs::Json, Ok(())) => StatusCode::NO_CONTENT.into_response(),
        (AnswerAs::Page { .. }, Ok(())) => see_other(&with_query(&account_page(&mode), &[("done", "ended")])),
        (answer_as, Err(problem)) => failed(answer_as, &mode, problem),
    }
}

/// Ends all of them, and hands the caller a new one.
#[utoipa::path(
    post, path = "/{mode}/credentials/end-others", tag = "Devices", request_body = openapi::Presented,
    security(("credential" = [])), responses(openapi::Issued, openapi::Form, openapi::Throttled)
)]
pub async fn end_others(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call)?;
        state.auth.end_other_credentials(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    match outcome {
        Ok(afresh) => renewed(&call.answer_as, &with_query(&account_page(&mode), &[("done", "others")]), &afresh),
        Err(problem) => failed(&call.answer_as, &mode, problem),
    }
}

/// Which page of a list is asked for.
#[derive(serde::Deserialize)]
pub struct Before {
    /// The last id of the page before.
    pub before: Option<String>,
}

/// What happened to the caller's account, latest first.
#[utoipa::path(
    get, path = "/{mode}/audit", tag = "Devices", security(("credential" = [])),
    params(("before" = Option<String>, Query, description = "The last id of a page, for the next.")),
    responses((status = 200, body = Vec<AuditEntry>))
)]
pub async fn audit(
    State(auth): State<Auth>,
    CurrentUser(caller): CurrentUser,
    Query(Before { before }): Query<Before>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let trail = auth.audit_trail(Some(&caller.principal.user_id), before.as_deref(), AUDIT_PAGE.into()).await?;
    Ok(Json(trail.into_iter().map(app::ssr::audit_entry).collect()))
}

/// Where a browser without scripts manages its account.
pub fn account_page(mode: &str) -> String {
    format!("/account/{mode}")
}
