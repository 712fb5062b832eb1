//! What concerns the account and not one mode of it.

use app::{error::ErrorCode, types::Registered};
use auth::{Auth, AuthError, ModeInfo, UserId};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};

use super::{
    answer::{code_text, handed_over, see_other, with_query},
    call::{AnswerAs, Call},
    credential_routes::account_page,
    mode_routes::{ended, failed, guarded},
    openapi,
    problem::{Problem, password_code},
};
use crate::state::AppState;

/// Creates an account. A name that is taken is answered alike.
///
/// Signs nobody in and sets no cookie, so that no other site gains by forging it.
#[utoipa::path(
    post, path = "/register", tag = "Account", request_body = openapi::NewAccount,
    responses((status = 201, body = Registered), openapi::Form, openapi::Throttled)
)]
pub async fn register(State(state): State<AppState>, call: Call) -> Response {
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

/// Changes the password, and ends every credential but the caller's, which is replaced.
///
/// Whoever shows a bearer credential gets its successor in the body, where a cookie says it all.
#[utoipa::path(
    post, path = "/account/password", tag = "Account", request_body = openapi::PasswordChange, security(("credential" = [])),
    responses(openapi::HandedOver, openapi::Form, openapi::Throttled)
)]
pub async fn change_password(State(state): State<AppState>, call: Call) -> Response {
    let mut mode = call.fields.text("mode").unwrap_or_default().into_owned();
    let outcome = async {
        let info = entitling_mode(&state, &call).await?;
        info.id.0.clone_into(&mut mode);
        let (current, new) = call.fields.two_texts("current", "new")?;
        let changed = state.auth.change_password(info.id.0, &current, &new, &call.parts).await;
        changed.map_err(|error| match error {
            AuthError::InvalidRegistration { password: Some(problem), .. } => {
                Problem::field("new", password_code(problem))
            }
            error => Problem::of_mode(error, info),
        })
    }
    .await;
    let page = account_page(&mode);
    match (&call.answer_as, outcome) {
        (answer_as, Ok(afresh)) => handed_over(answer_as, &with_query(&page, &[("done", "password")]), &afresh),
        (AnswerAs::Page { .. }, Err(problem)) if problem.status == StatusCode::BAD_REQUEST => {
            let field = problem.body.fields.keys().next().cloned().unwrap_or_default();
            let code = code_text(problem.query_code());
            see_other(&with_query(&page, &[("error", &code), ("field", &field)]))
        }
        (answer_as, Err(problem)) => failed(answer_as, &mode, problem),
    }
}

/// Ends every credential that the user has, in every mode.
#[utoipa::path(
    post, path = "/account/logout-everywhere", tag = "Account", request_body = openapi::Everywhere,
    security(("credential" = [])), responses(openapi::Ended, openapi::Form)
)]
pub async fn logout_everywhere(State(state): State<AppState>, call: Call) -> Response {
    let outcome = async {
        let info = entitling_mode(&state, &call).await?;
        state.auth.logout_everywhere(info.id.0, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    let mode = call.fields.text("mode").unwrap_or_default();
    ended(&call.answer_as, &mode, "everywhere", outcome)
}

/// The mode whose credential entitles the caller, unless another site may have caused the request: the mode that `mode` names,
/// else the one by which the request is recognised.
pub(super) async fn entitling_mode(state: &AppState, call: &Call) -> Result<&'static ModeInfo, Problem> {
    match call.fields.text("mode") {
        Ok(named) => return guarded(state, &named, call),
        // A form sends each of its fields, filled in or not.
        Err(ErrorCode::Required | ErrorCode::Blank) => {}
        Err(problem) => return Err(Problem::field("mode", problem)),
    }
    let info = recognised_mode(&state.auth, &call.parts).await?;
    guarded(state, info.id.0, call)
}

/// The mode by which a request is recognised that names none. There is no precedence among modes: if they recognise different
/// users, the caller has to say which is meant.
pub(super) async fn recognised_mode(auth: &Auth, parts: &Parts) -> Result<&'static ModeInfo, Problem> {
    let mut found: Option<(&'static ModeInfo, UserId)> = None;
    let mut why = Problem::from(AuthError::Missing);
    for info in auth.modes() {
        match auth.identify(info.id.0, parts).await {
            Ok(Some(caller)) => {
                let user = caller.principal.user_id;
                if found.as_ref().is_some_and(|(_, other)| *other != user) {
                    return Err(Problem::field("mode", ErrorCode::Required));
                }
                found = Some((info, user));
            }
            Ok(None) => {}
            Err(error) => why = Problem::of_mode(error, info),
        }
    }
    found.map(|(info, _)| info).ok_or(why)
}
