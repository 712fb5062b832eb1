//! `/api/{mode}/credentials` and `/api/{mode}/audit`: the caller's live sign-ins, in every mode that keeps rows, and
//! the audit log of the account.

use app::{
    error::ErrorCode,
    types::{AUDIT_PAGE, AuditEntry, CredentialEntry},
};
use auth::{Auth, AuthError};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{Act, CurrentUser, ModeRequest, Path, Query, RenewOrEnd},
        openapi,
        respond::{AnswerAs, Problem, account_page, carried_along, see_other, with_query},
    },
    state::AppState,
};

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(delete))
        .routes(routes!(end))
        .routes(routes!(end_others))
        .routes(routes!(audit))
}

#[derive(serde::Deserialize)]
struct AfterQuery {
    /// The last id of the previous page.
    after: Option<String>,
}

/// The `id` of a route's path.
#[derive(serde::Deserialize)]
struct CredentialOfPath {
    id: String,
}

/// List the caller's live sign-ins, newest first, in every mode that keeps rows.
#[utoipa::path(
    get, path = "/{mode}/credentials", tag = "Devices", security(("credential" = [])),
    params(("after" = Option<String>, Query, description = "The last id of a page, for the next.")),
    responses((status = 200, body = Vec<CredentialEntry>))
)]
async fn list(
    State(auth): State<Auth>,
    Path(mode): Path<String>,
    Query(AfterQuery { after }): Query<AfterQuery>,
    parts: Parts,
) -> Result<Json<Vec<CredentialEntry>>, Problem> {
    let info = auth.mode(&mode)?;
    let listed = auth.sign_ins(&mode, after.as_deref(), &parts).await.map_err(|error| Problem::of_mode(error, info))?;
    Ok(Json(listed.iter().map(app::ssr::credential_entry).collect()))
}

/// End one sign-in, in any mode.
///
/// Ending another sign-in than the caller's own needs the password.
#[utoipa::path(
    delete, path = "/{mode}/credentials/{id}", tag = "Devices", request_body = openapi::Confirmation,
    security(("credential" = [])),
    params(("id" = String, Path, description = "As the list names it.")), responses((status = 204), openapi::Throttled)
)]
async fn delete(
    state: State<Auth>,
    path: Path<CredentialOfPath>,
    request: ModeRequest<Act>,
) -> Result<Response, Response> {
    end(state, path, request).await
}

/// End one sign-in, for a form: HTML forms cannot send DELETE.
#[utoipa::path(
    post, path = "/{mode}/credentials/{id}/end", tag = "Devices", request_body = openapi::Confirmation,
    security(("credential" = [])), params(("id" = String, Path, description = "As the list names it.")),
    responses((status = 204), openapi::FormRedirect, openapi::Throttled)
)]
async fn end(
    State(auth): State<Auth>,
    Path(CredentialOfPath { id }): Path<CredentialOfPath>,
    request: ModeRequest<Act>,
) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let password = match request.fields.text("password") {
        Ok(password) => Some(password),
        // A form sends the field even if it is empty.
        Err(ErrorCode::Required | ErrorCode::Blank) => None,
        Err(problem) => return Err(request.account_failed(Problem::field("password", problem))),
    };
    match auth.end_sign_in(mode, &id, password.as_deref(), &request.parts).await {
        Ok(()) => {}
        // The page was out of date: this sign-in has ended already.
        Err(AuthError::UnknownSignIn) if request.answer_as != AnswerAs::Json => {}
        Err(error) => return Err(request.account_failed(request.problem(error))),
    }
    Ok(match &request.answer_as {
        AnswerAs::Json => StatusCode::NO_CONTENT.into_response(),
        AnswerAs::Page { .. } => see_other(&with_query(&account_page(mode), &[("done", "ended")])),
    })
}

/// End every other sign-in, in every mode.
///
/// The caller's own continues with a new credential; copies of the old one are refused.
#[utoipa::path(
    post, path = "/{mode}/credentials/end-others", tag = "Devices", request_body = openapi::OthersEnd,
    security(("credential" = [])),
    responses(openapi::CarriedAlong, openapi::FormRedirect, openapi::Throttled, openapi::Conflict)
)]
async fn end_others(State(auth): State<Auth>, request: ModeRequest<RenewOrEnd>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let password = request.fields.text("password");
    let password = password.map_err(|problem| request.account_failed(Problem::field("password", problem)))?;
    let carried = auth.end_others(mode, &password, &request.parts).await;
    let carried = carried.map_err(|error| request.account_failed(request.problem(error)))?;
    Ok(carried_along(&request.answer_as, &account_page(mode), "others", &carried))
}

#[derive(serde::Deserialize)]
struct BeforeQuery {
    /// The last id of the previous page.
    before: Option<String>,
}

/// Read the audit log of the caller's account, latest event first.
#[utoipa::path(
    get, path = "/{mode}/audit", tag = "Devices", security(("credential" = [])),
    params(("before" = Option<String>, Query, description = "The last id of a page, for the next.")),
    responses((status = 200, body = Vec<AuditEntry>))
)]
async fn audit(
    State(auth): State<Auth>,
    CurrentUser(caller): CurrentUser,
    Query(BeforeQuery { before }): Query<BeforeQuery>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    let events = auth.audit_log_of(&caller.user_id, before.as_deref(), AUDIT_PAGE.into()).await?;
    Ok(Json(events.into_iter().map(app::ssr::audit_entry).collect()))
}
