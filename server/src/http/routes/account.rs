//! `/api/register` and `/api/account/…`: calls for the account as a whole.

use app::{error::ErrorCode, paths::after_registration, types::Registered};
use auth::{Auth, AuthError};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{AccountRequest, Act, ApiRequest, RenewOrEnd},
        openapi,
        respond::{AnswerAs, Problem, account_page, carried_along, logged_out, password_code, see_other, with_problem},
    },
    state::AppState,
};

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(register))
        .routes(routes!(logout_everywhere))
        .routes(routes!(change_password))
}

/// Create an account.
///
/// A taken name gets the same answer, so that the answer does not reveal which names exist.
///
/// This call does not log in and sets no cookie, so a forged request from another site gains nothing.
#[utoipa::path(
    post, path = "/register", tag = "Account", request_body = openapi::NewAccount,
    responses((status = 201, body = Registered), openapi::FormRedirect, openapi::Throttled)
)]
async fn register(State(auth): State<Auth>, request: ApiRequest) -> Response {
    let typed = request.fields.text("username").unwrap_or_default().into_owned();
    let outcome = async {
        let (username, password) = request.fields.two_texts("username", "password")?;
        let (id, username) = auth.register(&username, &password, &request.parts).await?;
        Ok::<_, Problem>(Registered { id: id.as_str().to_owned(), username: username.as_str().to_owned() })
    }
    .await;
    match (&request.answer_as, outcome) {
        (AnswerAs::Json, Ok(registered)) => (StatusCode::CREATED, Json(registered)).into_response(),
        (AnswerAs::Json, Err(problem)) => problem.into_response(),
        (AnswerAs::Page { .. }, Ok(registered)) => see_other(&after_registration(&registered.username)),
        (AnswerAs::Page { .. }, Err(problem)) => {
            see_other(&with_problem("/register", &[("username", &typed)], &problem))
        }
    }
}

/// Change the password.
///
/// Ends every other sign-in in every mode; the caller's own continues with a new credential.
#[utoipa::path(
    post, path = "/account/password", tag = "Account", request_body = openapi::PasswordChange, security(("credential" = [])),
    responses(openapi::CarriedAlong, openapi::FormRedirect, openapi::Throttled, openapi::Conflict)
)]
async fn change_password(
    State(auth): State<Auth>,
    AccountRequest(request): AccountRequest<RenewOrEnd>,
) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let (current, new) =
        request.fields.two_texts("current", "new").map_err(|problem| request.account_failed(problem))?;
    let changed = auth.change_password(mode, &current, &new, &request.parts).await;
    let carried = changed.map_err(|error| {
        request.account_failed(match error {
            AuthError::InvalidRegistration { password: Some(problem), .. } => {
                Problem::field("new", password_code(problem))
            }
            AuthError::WrongPassword => Problem::field("current", ErrorCode::WrongPassword),
            error => request.problem(error),
        })
    })?;
    Ok(carried_along(&request.answer_as, &account_page(mode), "password", &carried))
}

/// End every sign-in of the user, in every mode.
#[utoipa::path(
    post, path = "/account/logout-everywhere", tag = "Account", request_body = openapi::Everywhere,
    security(("credential" = [])), responses(openapi::SignInsEnded, openapi::FormRedirect)
)]
async fn logout_everywhere(
    State(auth): State<Auth>,
    AccountRequest(request): AccountRequest<Act>,
) -> Result<Response, Response> {
    let ended = auth.logout_everywhere(request.mode.id.0, &request.parts).await;
    let ended = ended.map_err(|error| request.failed(error))?;
    Ok(logged_out(&request.answer_as, "everywhere", &ended))
}
