//! What concerns the account and not one mode of it.

use app::{error::ErrorCode, types::Registered};
use auth::AuthError;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{Call, entitling_mode},
        middleware::csrf::Effect,
        openapi,
        respond::{
            AnswerAs, Problem, account_failed, account_page, carried_along, code_text, ended, password_code, see_other,
            with_query,
        },
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

/// Creates an account. A name that is taken is answered alike.
///
/// Signs nobody in and sets no cookie, so that no other site gains by forging it.
#[utoipa::path(
    post, path = "/register", tag = "Account", request_body = openapi::NewAccount,
    responses((status = 201, body = Registered), openapi::Form, openapi::Throttled)
)]
async fn register(State(state): State<AppState>, call: Call) -> Response {
    let typed = call.fields.text("username").unwrap_or_default().into_owned();
    let outcome = async {
        let (username, password) = call.fields.two_texts("username", "password")?;
        let (id, username) = state.auth.register(&username, &password, &call.parts).await?;
        Ok::<_, Problem>(Registered { id: id.as_str().to_owned(), username: username.as_str().to_owned() })
    }
    .await;
    match (&call.answer_as, outcome) {
        (AnswerAs::Json, Ok(registered)) => (StatusCode::CREATED, Json(registered)).into_response(),
        (AnswerAs::Json, Err(problem)) => problem.into_response(),
        (AnswerAs::Page { .. }, Ok(registered)) => {
            see_other(&with_query("/login", &[("registered", "1"), ("username", &registered.username)]))
        }
        (AnswerAs::Page { .. }, Err(problem)) => {
            let code = code_text(problem.query_code());
            see_other(&with_query("/register", &[("username", &typed), ("error", &code)]))
        }
    }
}

/// Changes the password. Ends every other sign-in, in every mode; the caller's own goes on with a new credential.
#[utoipa::path(
    post, path = "/account/password", tag = "Account", request_body = openapi::PasswordChange, security(("credential" = [])),
    responses(openapi::CarriedAlong, openapi::Form, openapi::Throttled, openapi::Conflict)
)]
async fn change_password(State(state): State<AppState>, call: Call) -> Response {
    let mut mode = call.fields.text("mode").unwrap_or_default().into_owned();
    let outcome = async {
        let info = entitling_mode(&state, &call, Effect::RenewOrEnd).await?;
        info.id.0.clone_into(&mut mode);
        let (current, new) = call.fields.two_texts("current", "new")?;
        let changed = state.auth.change_password(info.id.0, &current, &new, &call.parts).await;
        changed.map_err(|error| match error {
            AuthError::InvalidRegistration { password: Some(problem), .. } => {
                Problem::field("new", password_code(problem))
            }
            AuthError::WrongPassword => Problem::field("current", ErrorCode::WrongPassword),
            error => Problem::of_mode(error, info),
        })
    }
    .await;
    match outcome {
        Ok(carried) => {
            carried_along(&call.answer_as, &with_query(&account_page(&mode), &[("done", "password")]), &carried)
        }
        Err(problem) => account_failed(&call.answer_as, &mode, problem),
    }
}

/// Ends every credential that the user has, in every mode.
#[utoipa::path(
    post, path = "/account/logout-everywhere", tag = "Account", request_body = openapi::Everywhere,
    security(("credential" = [])), responses(openapi::Ended, openapi::Form)
)]
async fn logout_everywhere(State(state): State<AppState>, call: Call) -> Response {
    let outcome = async {
        let info = entitling_mode(&state, &call, Effect::Act).await?;
        state.auth.logout_everywhere(info.id.0, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    let mode = call.fields.text("mode").unwrap_or_default();
    ended(&call.answer_as, &mode, "everywhere", outcome)
}
