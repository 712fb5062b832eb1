//! `/api/{mode}/rotate/…`: what a replaced credential still does.

use app::{
    paths::AFTER_ROTATION,
    types::{RotationReplay, RotationTrial, Verdict},
};
use auth::{Auth, ReuseOutcome};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{ModeRequest, RenewOrEnd},
        openapi,
        respond::{AnswerAs, issued_body, see_other, with_cookies, with_query},
    },
    state::AppState,
};

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(rotate_trial)).routes(routes!(replay))
}

/// Rotate, then present the old credential again and report what it still does.
///
/// The second rotation is rolled back.
#[utoipa::path(
    post, path = "/{mode}/rotate/trial", tag = "Sign-in", request_body = openapi::RefreshTokenBody, security(("credential" = [])),
    responses((status = 200, body = RotationTrial), openapi::FormRedirect, openapi::Throttled)
)]
async fn rotate_trial(State(auth): State<Auth>, request: ModeRequest<RenewOrEnd>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let trial = auth.rotate_and_try_again(mode, &request.parts).await.map_err(|error| request.failed(error))?;
    let (to_sign_in, to_rotate) = (verdict(trial.to_sign_in), verdict(trial.to_rotate));
    let response = match &request.answer_as {
        AnswerAs::Json => Json(RotationTrial {
            issued: issued_body(&trial.issued),
            previous: app::ssr::lifetime(trial.previous),
            to_sign_in,
            to_rotate,
        })
        .into_response(),
        AnswerAs::Page { .. } => {
            let (from, to) = (trial.previous.generation.to_string(), trial.issued.lifetime.generation.to_string());
            let (sign_in, rotate) = (to_sign_in.word(), to_rotate.word());
            see_other(&with_query(
                AFTER_ROTATION,
                &[("mode", mode), ("from", &from), ("to", &to), ("sign_in", sign_in), ("rotate", rotate)],
            ))
        }
    };
    Ok(with_cookies(response, &trial.issued.set_cookies))
}

/// Present the credential that the current one has replaced, for another rotation, and report what became of it.
///
/// This is no trial: where a second use counts as theft, the sign-in ends.
//
// No script can do this: a replaced cookie is gone from the browser, and no script ever had it. So the server restores
// the replaced credential in memory, and returns no credential. The request passes the CSRF check and presents the
// current credential, so another site or another user can end no sign-in by it.
#[utoipa::path(
    post, path = "/{mode}/rotate/replay", tag = "Sign-in", request_body = openapi::RefreshTokenBody, security(("credential" = [])),
    responses((status = 200, body = RotationReplay), openapi::FormRedirect, openapi::Throttled)
)]
async fn replay(State(auth): State<Auth>, request: ModeRequest<RenewOrEnd>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let replayed = auth.replay_previous(mode, &request.parts).await.map_err(|error| request.failed(error))?;
    let (generation, outcome) = (replayed.generation, verdict(replayed.outcome));
    Ok(match &request.answer_as {
        AnswerAs::Json => Json(RotationReplay { generation, outcome }).into_response(),
        AnswerAs::Page { .. } => {
            let generation = generation.to_string();
            see_other(&with_query(
                AFTER_ROTATION,
                &[("mode", mode), ("replayed", &generation), ("outcome", outcome.word())],
            ))
        }
    })
}

fn verdict(presented: ReuseOutcome) -> Verdict {
    match presented {
        ReuseOutcome::Accepted(lifetime) => Verdict::Accepted { until: lifetime.expires_at.0 },
        ReuseOutcome::Retry { grace } => Verdict::Retry { grace: grace.0 },
        ReuseOutcome::Refused { refusal, ends_sign_in } => {
            Verdict::Refused { reason: refusal.as_str().to_owned(), ends_sign_in }
        }
    }
}
