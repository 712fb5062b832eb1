//! `/api/{mode}/…`: the same calls for every mode. No handler names a mode.

use app::{paths::AFTER_ROTATION, types::Me};
use auth::{Auth, Issued};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        extract::{Act, BeginSignIn, CurrentUser, ModeRequest, RenewOrEnd},
        middleware::last_mode,
        openapi,
        respond::{
            AnswerAs, Problem, issued_body, logged_out, rotation_header, see_other, with_cookies, with_problem,
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
        .routes(routes!(logout))
        .routes(routes!(logout_all))
}

/// Describe the caller and its credential.
#[utoipa::path(get, path = "/{mode}/me", tag = "Sign-in", security(("credential" = [])), responses((status = 200, body = Me)))]
async fn me(CurrentUser(caller): CurrentUser) -> Json<Me> {
    Json(app::ssr::me(&caller))
}

/// Log in with a password and get a credential.
///
/// It replaces a credential of this mode that the request carries.
#[utoipa::path(
    post, path = "/{mode}/login", tag = "Sign-in", request_body = openapi::Account,
    responses(openapi::Issued, openapi::FormRedirect, openapi::WrongPassword, openapi::Throttled)
)]
async fn login(State(state): State<AppState>, request: ModeRequest<BeginSignIn>) -> Response {
    let mode = request.mode.id.0;
    let issued = match (try_login(&state.auth, &request).await, &request.answer_as) {
        (Ok(issued), _) => issued,
        (Err(problem), AnswerAs::Json) => return problem.into_response(),
        (Err(problem), AnswerAs::Page { next }) => {
            // The form keeps what was typed, except the password.
            let username = request.fields.text("username").unwrap_or_default();
            let mut kept = vec![("mode", mode), ("username", &username)];
            kept.extend(next.as_ref().map(|next| ("next", next.as_str())));
            return see_other(&with_problem("/login", &kept, &problem));
        }
    };
    let response = match &request.answer_as {
        AnswerAs::Json => issued_response(&issued),
        AnswerAs::Page { next } => {
            let to = next.as_ref().map_or_else(|| format!("/me/{mode}"), |next| next.as_str().to_owned());
            with_cookies(see_other(&to), &issued.set_cookies)
        }
    };
    last_mode::remember(mode, &request.parts, &state, response)
}

async fn try_login(auth: &Auth, request: &ModeRequest<BeginSignIn>) -> Result<Issued, Problem> {
    let (username, password) = request.fields.two_texts("username", "password")?;
    let issued = auth.login(request.mode.id.0, &username, &password, &request.parts).await;
    issued.map_err(|error| request.problem(error))
}

/// Replace the credential by its successor.
///
/// The mode decides how long the old one is still accepted.
#[utoipa::path(
    post, path = "/{mode}/rotate", tag = "Sign-in", request_body = openapi::RefreshTokenBody, security(("credential" = [])),
    responses(openapi::Issued, openapi::FormRedirect, openapi::Throttled)
)]
async fn rotate(State(auth): State<Auth>, request: ModeRequest<RenewOrEnd>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let issued = auth.rotate(mode, &request.parts).await.map_err(|error| request.failed(error))?;
    Ok(match &request.answer_as {
        AnswerAs::Json => issued_response(&issued),
        AnswerAs::Page { next } => {
            let page = with_query(AFTER_ROTATION, &[("mode", mode)]);
            let to = next.as_ref().map_or(page.as_str(), |next| next.as_str());
            with_cookies(see_other(to), &issued.set_cookies)
        }
    })
}

/// Log out.
///
/// Without a credential this does nothing and succeeds.
#[utoipa::path(
    post, path = "/{mode}/logout", tag = "Sign-in", request_body = openapi::RefreshTokenBody, security((), ("credential" = [])),
    responses(openapi::SignInsEnded, openapi::FormRedirect)
)]
async fn logout(State(auth): State<Auth>, request: ModeRequest<RenewOrEnd>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let ended = auth.logout(mode, &request.parts).await.map_err(|error| request.failed(error))?;
    Ok(logged_out(&request.answer_as, mode, &ended))
}

/// End every sign-in of the user in this mode.
#[utoipa::path(
    post, path = "/{mode}/logout-all", tag = "Sign-in", request_body = openapi::RefreshTokenBody, security(("credential" = [])),
    responses(openapi::SignInsEnded, openapi::FormRedirect)
)]
async fn logout_all(State(auth): State<Auth>, request: ModeRequest<Act>) -> Result<Response, Response> {
    let mode = request.mode.id.0;
    let ended = auth.logout_all(mode, &request.parts).await.map_err(|error| request.failed(error))?;
    Ok(logged_out(&request.answer_as, mode, &ended))
}

fn issued_response(issued: &Issued) -> Response {
    let response = (rotation_header(issued), Json(issued_body(issued))).into_response();
    with_cookies(response, &issued.set_cookies)
}
