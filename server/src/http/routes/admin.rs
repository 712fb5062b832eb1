//! `/api/admin/…`: accounts and the audit log, for administrators. `mode` names the mode of the credential to check;
//! without it, any mode that recognises the request counts.

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
        respond::{AnswerAs, Problem, ended_page, revocation_header, see_other},
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

/// The query of the list of accounts.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct UsersQuery {
    /// The mode of the caller's credential. Default: any mode that recognises the request.
    mode: Option<String>,
    /// The last name of the previous page.
    after: Option<String>,
}

/// The query of the audit log.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// The mode of the caller's credential. Default: any mode that recognises the request.
    mode: Option<String>,
    /// The last id of the previous page.
    before: Option<String>,
}

/// List the accounts, by name.
#[utoipa::path(
    get, path = "/admin/users", operation_id = "admin_users", tag = "Administration", security(("credential" = [])), params(UsersQuery),
    responses((status = 200, body = Vec<UserEntry>), NotPermitted)
)]
async fn users(
    State(auth): State<Auth>,
    Query(page): Query<UsersQuery>,
    parts: Parts,
) -> Result<Json<Vec<UserEntry>>, Problem> {
    administrator(&auth, page.mode.as_deref(), &parts).await?;
    Ok(Json(app::ssr::user_entries(&auth, page.after.as_deref()).await?))
}

/// Read the audit log of all accounts, latest event first.
#[utoipa::path(
    get, path = "/admin/audit", operation_id = "admin_audit", tag = "Administration", security(("credential" = [])), params(AuditQuery),
    responses((status = 200, body = Vec<AuditEntry>), NotPermitted)
)]
async fn audit(
    State(auth): State<Auth>,
    Query(page): Query<AuditQuery>,
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

/// Disable an account: a login is refused, and so are its credentials.
#[utoipa::path(
    post, path = "/admin/users/{id}/disable", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::SignInsEnded, openapi::FormRedirect, NotPermitted, openapi::Throttled, OwnAccount)
)]
async fn disable(
    State(auth): State<Auth>,
    Path(id): Path<String>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    administer(&auth, Administration::Disable, &id, &request, "disabled").await
}

/// Enable an account again.
///
/// Its earlier sign-ins stay ended.
#[utoipa::path(
    post, path = "/admin/users/{id}/enable", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::SignInsEnded, openapi::FormRedirect, NotPermitted, openapi::Throttled)
)]
async fn enable(
    State(auth): State<Auth>,
    Path(id): Path<String>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    administer(&auth, Administration::Enable, &id, &request, "enabled").await
}

/// End every sign-in of an account, in every mode.
#[utoipa::path(
    post, path = "/admin/users/{id}/expire", tag = "Administration", request_body = openapi::Everywhere,
    security(("credential" = [])), params(("id" = String, Path, description = "The account.")),
    responses(openapi::SignInsEnded, openapi::FormRedirect, NotPermitted, openapi::Throttled)
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
        AnswerAs::Page { .. } => see_other(&ended_page(&format!("/admin/{mode}"), done, revocation)),
    })
}
