//! `/api/{mode}/credentials`: what the caller is signed in by, in every mode that keeps a list; and what happened to it.

use app::{
    error::ErrorCode,
    types::{AUDIT_PAGE, AuditEntry, CredentialEntry},
};
use auth::{Auth, AuthError, CredentialId};
use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use super::{
    answer::{handed_over, see_other, with_query},
    call::{AnswerAs, Call},
    current_user::CurrentUser,
    mode_routes::{failed, guarded},
    problem::Problem,
};
use crate::state::AppState;

/// `GET /api/{mode}/credentials`
pub async fn list(
    State(auth): State<Auth>,
    Path(mode): Path<String>,
    parts: Parts,
) -> Result<Json<Vec<CredentialEntry>>, Problem> {
    let info = auth.mode(&mode)?;
    let listed = auth.credentials(&mode, &parts).await.map_err(|error| Problem::of_mode(error, info))?;
    Ok(Json(listed.iter().map(app::ssr::credential_entry).collect()))
}

/// `DELETE /api/{mode}/credentials/{id}`, and `POST …/{id}/end` for a form, which cannot delete.
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

/// `POST /api/{mode}/credentials/end-others`: ends all, and hands the caller a new one.
pub async fn end_others(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call)?;
        state.auth.end_other_credentials(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    match outcome {
        Ok(afresh) => handed_over(&call.answer_as, &with_query(&account_page(&mode), &[("done", "others")]), &afresh),
        Err(problem) => failed(&call.answer_as, &mode, problem),
    }
}

/// Which page of a list is asked for.
#[derive(serde::Deserialize)]
pub struct Before {
    /// The last id of the page before.
    pub before: Option<String>,
}

/// `GET /api/{mode}/audit`: what happened to the caller's account, latest first.
pub async fn audit(
    State(auth): State<Auth>,
    CurrentUser(caller): CurrentUser,
    query: Result<Query<Before>, QueryRejection>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let Query(Before { before }) = query.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, ErrorCode::Invalid))?;
    let trail = auth.audit_trail(Some(&caller.principal.user_id), before.as_deref(), AUDIT_PAGE.into()).await?;
    Ok(Json(trail.into_iter().map(app::ssr::audit_entry).collect()))
}

/// Where a browser without scripts manages its account.
pub fn account_page(mode: &str) -> String {
    format!("/account/{mode}")
}
