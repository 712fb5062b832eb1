//! What concerns the account and not one mode of it.

use app::types::Registered;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use super::{
    answer::{code_text, see_other, with_query},
    call::{AnswerAs, Call},
    mode_routes::{ended, guarded},
    problem::Problem,
};
use crate::state::AppState;

/// `POST /api/register`. Signs nobody in and sets no cookie, so that no other site gains by forging it.
pub async fn register(State(state): State<AppState>, call: Call) -> Response {
    let typed = call.fields.text("username").unwrap_or_default().into_owned();
    let outcome = async {
        let (username, password) = call.fields.two_texts("username", "password")?;
        let (id, username) = state.auth.register(&username, &password).await?;
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

/// `POST /api/account/logout-everywhere {mode}`: that mode's credential is the one that entitles.
pub async fn logout_everywhere(State(state): State<AppState>, call: Call) -> Response {
    let mode = call.fields.text("mode").unwrap_or_default().into_owned();
    let outcome = async {
        call.fields.text("mode").map_err(|problem| Problem::field("mode", problem))?;
        let info = guarded(&state, &mode, &call)?;
        state.auth.logout_everywhere(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    ended(&call.answer_as, &mode, "everywhere", outcome)
}
