//! `/api/admin/…`: accounts and the audit log, for administrators. `mode` names the mode that they are signed in by; without it,
//! any mode that recognises the request counts.

use app::types::{AUDIT_PAGE, AuditEntry, UserEntry};
use auth::{Administration, Auth};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{AccountRequest, Act, ModeRequest, Path, Query, recognised_mode},
        openapi::{self, NotPermitted, OwnAccount},
        respond::{AnswerAs, Problem, revocation_header, see_other, with_query},
    },
    state::AppState,
};

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(users))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(expire))
        .routes(routes!(audit))
}

/// What of a list is asked for, and by whom.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// By which mode the caller is signed in. Without it: by any that recognises the request.
    mode: Option<String>,
    /// The last name of the page before.
    after: Option<String>,
    /// The last id of the page before.
    before: Option<String>,
}

/// Accounts, in the order of their names.
#[utoipa::path(
    get, path = "/admin/users", operation_id = "admin_users", tag = "Administration", security(("credential" = [])), params(Page),
    responses((status = 200, body = Vec<UserEntry>), NotPermitted)
)]
async fn users(
    State(auth): State<Auth>,
    Query(page): Query<Page>,
    parts: Parts,
) -> Result<Json<Vec<UserEntry>>, Problem> {
    administrator(&auth, page.mode.as_deref(), &parts).await?;
    Ok(Json(app::ssr::user_entries(&auth, page.after.as_deref()).await?))
}

/// What happened, to everybody's accounts, latest first.
#[utoipa::path(
    get, path = "/admin/audit", operation_id = "admin_audit", tag = "Administration", security(("credential" = [])), params(Page),
    responses((status = 200, body = Vec<AuditEntry>), NotPermitted)
)]
async fn audit(
    State(auth): State<Auth>,
    Query(page): Query<Page>,
    parts: Parts,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    administrator(&auth, page.mode.as_deref(), &parts).await?;
    let events = auth.audit_log(page.before.as_deref(), AUDIT_PAGE.into()).await?;
    Ok(Json(events.into_iter().map(app::ssr::audit_entry).collect()))
}

async fn administrator(auth: &Auth, mode: Option<&str>, parts: &Parts) -> Result<(), Problem> {
    let info = match mode {
        Some(mode) => auth.mode(mode)?,
        None => recognised_mode(auth, parts).await?,
    };
    auth.administrator(info.id.0, parts).await.map(drop).map_err(|error| Problem::of_mode(error, info))
}

/// Closes an account: nobody signs in to it, and no credential of it works.
#[utoipa::path(
    post, path = "/admin/users/{id}/disable", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::Ended, openapi::Form, NotPermitted, openapi::Throttled, OwnAccount)
)]
async fn disable(
    State(auth): State<Auth>,
    Path(id): Path<String>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    administer(&auth, Administration::Disable, &id, &request, "disabled").await
}

/// Opens an account again. Its users sign in anew.
#[utoipa::path(
    post, path = "/admin/users/{id}/enable", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::Ended, openapi::Form, NotPermitted, openapi::Throttled)
)]
async fn enable(
    State(auth): State<Auth>,
    Path(id): Path<String>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    administer(&auth, Administration::Enable, &id, &request, "enabled").await
}

/// Ends every credential of an account, in every mode.
#[utoipa::path(
    post, path = "/admin/users/{id}/expire", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::Ended, openapi::Form, NotPermitted, openapi::Throttled)
)]
async fn expire(
    State(auth): State<Auth>,
    Path(id): Path<String>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    administer(&auth, Administration::Expire, &id, &request, "expired").await
}

async fn administer(
    auth: &Auth,
    what: Administration,
    id: &str,
    request: &ModeRequest<Act>,
    done: &str,
) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let revocation = auth.administer(what, id, mode, &request.parts).await.map_err(|error| request.failed(error))?;
    Ok(match &request.answer_as {
        AnswerAs::Json => (StatusCode::NO_CONTENT, revocation_header(revocation)).into_response(),
        AnswerAs::Page { .. } => see_other(&with_query(&format!("/admin/{mode}"), &[("done", done)])),
    })
}
