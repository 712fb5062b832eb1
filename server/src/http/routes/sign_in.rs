//! `/api/{mode}/…`: one shape for every mode. No handler knows one by name.

use app::types::{Me, RotationTrial, Verdict};
use auth::{Issued, Lifetime, Refusal};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{Call, CurrentUser, Path, guarded},
        middleware::{csrf::Effect, last_mode},
        openapi,
        respond::{
            AnswerAs, Problem, code_text, ended, failed, issued_body, rotation_header, see_other, with_cookies,
            with_query,
        },
    },
    state::AppState,
};

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(login))
        .routes(routes!(me))
        .routes(routes!(rotate))
        .routes(routes!(rotate_trial))
        .routes(routes!(logout))
        .routes(routes!(logout_all))
}

/// Who the caller is.
#[utoipa::path(get, path = "/{mode}/me", tag = "Sign-in", security(("credential" = [])), responses((status = 200, body = Me)))]
async fn me(CurrentUser(caller): CurrentUser) -> Json<Me> {
    Json(app::ssr::me(&caller))
}

/// Checks a password, and hands over a credential. The one that the request shows is replaced.
#[utoipa::path(
    post, path = "/{mode}/login", tag = "Sign-in", request_body = openapi::Account,
    responses(openapi::Issued, openapi::Form, openapi::WrongPassword, openapi::Throttled)
)]
async fn login(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let username = call.fields.text("username").unwrap_or_default().into_owned();
    let outcome = try_login(&state, &mode, &call).await;
    match (&call.answer_as, outcome) {
        (AnswerAs::Json, Err(problem)) => problem.into_response(),
        (AnswerAs::Json, Ok(issued)) => last_mode::remember(&mode, &call.parts, &state, issued_response(&issued)),
        (AnswerAs::Page { next }, Ok(issued)) => {
            let to = next.as_ref().map_or_else(|| format!("/me/{mode}"), |next| next.as_str().to_owned());
            let response = with_cookies(see_other(&to), &issued.set_cookies);
            last_mode::remember(&mode, &call.parts, &state, response)
        }
        // Another site's form is not led back to our pages as if it were ours.
        (AnswerAs::Page { .. }, Err(problem)) if problem.status == StatusCode::FORBIDDEN => problem.into_response(),
        (AnswerAs::Page { next }, Err(problem)) => {
            // What was typed is kept, the password excepted.
            let code = code_text(problem.query_code());
            let mut query = vec![("mode", mode.as_str()), ("username", &username), ("error", &code)];
            query.extend(next.as_ref().map(|next| ("next", next.as_str())));
            see_other(&with_query("/login", &query))
        }
    }
}

async fn try_login(state: &AppState, mode: &str, call: &Call) -> Result<Issued, Problem> {
    let info = guarded(state, mode, call, Effect::SignIn).await?;
    let (username, password) = call.fields.two_texts("username", "password")?;
    state.auth.login(mode, &username, &password, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
}

/// Replaces the credential by its successor. What becomes of the old one is the mode's.
#[utoipa::path(
    post, path = "/{mode}/rotate", tag = "Sign-in", request_body = openapi::Presented, security(("credential" = [])),
    responses(openapi::Issued, openapi::Form, openapi::Throttled)
)]
async fn rotate(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call, Effect::RenewOrEnd).await?;
        state.auth.rotate(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    match (&call.answer_as, outcome) {
        (AnswerAs::Json, Ok(issued)) => issued_response(&issued),
        (AnswerAs::Page { next }, Ok(issued)) => {
            let page = with_query("/rotation", &[("mode", &mode)]);
            let to = next.as_ref().map_or(page.as_str(), |next| next.as_str());
            with_cookies(see_other(to), &issued.set_cookies)
        }
        (answer_as, Err(problem)) => failed(answer_as, &mode, problem),
    }
}

/// Rotates, then presents the predecessor again. The second rotation is rolled back, so it ends nothing.
#[utoipa::path(
    post, path = "/{mode}/rotate/trial", tag = "Sign-in", request_body = openapi::Presented, security(("credential" = [])),
    responses((status = 200, body = RotationTrial), openapi::Form, openapi::Throttled)
)]
async fn rotate_trial(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call, Effect::RenewOrEnd).await?;
        state.auth.rotate_and_try_again(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    let trial = match outcome {
        Ok(trial) => trial,
        Err(problem) => return failed(&call.answer_as, &mode, problem),
    };
    let response = match &call.answer_as {
        AnswerAs::Json => Json(RotationTrial {
            issued: issued_body(&trial.issued),
            previous: app::ssr::lifetime(trial.previous),
            to_sign_in: verdict(trial.to_sign_in),
            to_rotate: verdict(trial.to_rotate),
        })
        .into_response(),
        AnswerAs::Page { .. } => {
            let (from, to) = (trial.previous.generation.to_string(), trial.issued.lifetime.generation.to_string());
            let word = |verdict: Result<Lifetime, Refusal>| if verdict.is_ok() { "accepted" } else { "refused" };
            see_other(&with_query(
                "/rotation",
                &[
                    ("mode", &mode),
                    ("from", &from),
                    ("to", &to),
                    ("sign_in", word(trial.to_sign_in)),
                    ("rotate", word(trial.to_rotate)),
                ],
            ))
        }
    };
    with_cookies(response, &trial.issued.set_cookies)
}

fn verdict(outcome: Result<Lifetime, Refusal>) -> Verdict {
    match outcome {
        Ok(lifetime) => Verdict::Accepted { until: lifetime.expires_at.0 },
        Err(refusal) => Verdict::Refused { reason: refusal.as_str().to_owned() },
    }
}

/// Ends the credential. Without one there is nothing to end, and that is no error.
#[utoipa::path(
    post, path = "/{mode}/logout", tag = "Sign-in", request_body = openapi::Presented, security((), ("credential" = [])),
    responses(openapi::Ended, openapi::Form)
)]
async fn logout(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call, Effect::RenewOrEnd).await?;
        state.auth.logout(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    ended(&call.answer_as, &mode, &mode, outcome)
}

/// Ends every credential that the user has in this mode.
#[utoipa::path(
    post, path = "/{mode}/logout-all", tag = "Sign-in", request_body = openapi::Presented, security(("credential" = [])),
    responses(openapi::Ended, openapi::Form)
)]
async fn logout_all(State(state): State<AppState>, Path(mode): Path<String>, call: Call) -> Response {
    let outcome = async {
        let info = guarded(&state, &mode, &call, Effect::Act).await?;
        state.auth.logout_all(&mode, &call.parts).await.map_err(|error| Problem::of_mode(error, info))
    }
    .await;
    ended(&call.answer_as, &mode, &mode, outcome)
}

fn issued_response(issued: &Issued) -> Response {
    let response = (rotation_header(issued), Json(issued_body(issued))).into_response();
    with_cookies(response, &issued.set_cookies)
}
