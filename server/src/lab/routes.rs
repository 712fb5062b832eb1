//! `/lab`: the page of the lab, and the forms on it. Every button is a form, so that the page needs no script.

use std::sync::Arc;

use app::{
    Locale,
    error::ErrorCode,
    lab::{Action, Answers, Choices, page, tour_page},
    ssr::locale_of,
};
use auth::{AuthError, ClientAddress};
use axum::{
    Extension, Form, Json, Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::Deserialize;

use super::{experiments::Lab, sandbox::Sandbox, studies};
use crate::{
    http::{Problem, csrf, see_other},
    state::AppState,
};

/// The id of the browser's sandbox. It protects no account, but one visitor must not disturb another.
const COOKIE: &str = "__Host-lab";
/// The content is rendered on the server and has no script.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");
/// The place of the page to which an action returns.
const AFTER: &str = "/lab#bench";

/// A button of the bench.
#[derive(Deserialize)]
struct Pressed {
    action: Action,
    /// The id of a mode. Absent: every mode.
    mode: Option<String>,
}

/// The routes, which do not exist on a server without the lab.
#[expect(clippy::disallowed_methods, reason = "a page and its forms are no part of the API")]
pub fn router(lab: Lab) -> Router<AppState> {
    Router::new()
        .route("/lab", get(show).post(act))
        .route("/lab/sandbox", post(open))
        .route("/lab/requests.har", get(download))
        .route("/lab/tour", get(tour))
        .merge(studies::router())
        .layer(Extension(lab))
}

async fn show(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let report = match of(&lab, &headers).await {
        Some(sandbox) => Some(sandbox.report().await?),
        None => None,
    };
    Ok(document(&headers, |locale| page(&state.leptos, locale, report.as_ref())))
}

async fn tour(State(state): State<AppState>, headers: HeaderMap, Query(answers): Query<Answers>) -> Response {
    let modes: Vec<_> = state.auth.modes().collect();
    document(&headers, |locale| tour_page(&state.leptos, locale, &modes, &answers))
}

/// The requests of this browser's sandbox.
async fn download(Extension(lab): Extension<Lab>, headers: HeaderMap) -> Result<Response, Problem> {
    let sandbox = of(&lab, &headers).await.ok_or(Problem::new(StatusCode::NOT_FOUND, ErrorCode::NotFound))?;
    let headers = [
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"latchkey-lab.har\"")),
        (header::CACHE_CONTROL, PRIVATE),
    ];
    Ok((headers, Json(sandbox.requests.archive())).into_response())
}

async fn act(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    parts: Parts,
    Form(Pressed { action, mode }): Form<Pressed>,
) -> Result<Response, Problem> {
    refuse_other_sites(&state, &parts)?;
    if let Some(sandbox) = of(&lab, &parts.headers).await {
        Lab::run(async move {
            // Another action of this browser runs: the page waits for it and shows its result.
            let Some(mut turn) = sandbox.turn() else { return Ok(()) };
            let _permit = lab.permit().await?;
            turn.act(action, mode.as_deref()).await
        })
        .await?;
    }
    Ok(see_other(AFTER))
}

async fn open(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    parts: Parts,
    Form(choices): Form<Choices>,
) -> Result<Response, Problem> {
    refuse_other_sites(&state, &parts)?;
    let address = parts.extensions.get::<ClientAddress>().map(|ClientAddress(address)| *address);
    let (old, site_root) = (id(&parts.headers), state.leptos.site_root.to_string());
    let id = Lab::run(async move {
        let _permit = lab.permit().await?;
        let now = lab.clock.now();
        let sandbox = Sandbox::open(lab.hasher.clone(), &site_root, choices, now).await?;
        lab.sandboxes.add(sandbox, old.as_deref(), address, now).await
    })
    .await?;
    let cookie = Cookie::build((COOKIE, id)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    let cookie = HeaderValue::from_str(&cookie.to_string());
    let mut response = see_other(AFTER);
    let cookie = cookie.map_err(|_| AuthError::Internal("the cookie of a sandbox"))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The sandbox of this browser.
async fn of(lab: &Lab, headers: &HeaderMap) -> Option<Arc<Sandbox>> {
    lab.sandboxes.find(&id(headers)?, lab.clock.now()).await
}

pub(super) fn refuse_other_sites(state: &AppState, parts: &Parts) -> Result<(), Problem> {
    if csrf::is_from_our_page(parts, &state.origin) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, ErrorCode::CsrfFailed))
}

/// A document in the language of the sender of a request with these headers.
pub(super) fn document(request: &HeaderMap, render: impl FnOnce(Locale) -> String) -> Response {
    let locale = locale_of(request);
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, PRIVATE),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag())),
    ];
    (headers, Html(render(locale))).into_response()
}

fn id(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = texts.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == COOKIE);
    found.next().map(|cookie| cookie.value().to_owned())
}
