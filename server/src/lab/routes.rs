//! `/lab`: the page of the lab, and the forms on it. Every button is a form, so that the page needs no script.

use std::sync::Arc;

use app::{error::ErrorCode, lab::page};
use auth::AuthError;
use axum::{
    Form, Router,
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};

use tracing::{instrument::WithSubscriber as _, subscriber::NoSubscriber};

use super::{
    action::{self, Action, Choices},
    sandboxes::Sandboxes,
};
use crate::{
    http::{Problem, csrf, see_other},
    state::AppState,
};

/// The id of the browser's sandbox. It protects no account, but one visitor must not disturb another.
const COOKIE: &str = "__Host-lab";
/// The content is rendered on the server and has no script.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
/// The place of the page to which an action returns.
const AFTER: &str = "/lab#bench";

/// What the routes share. The sandboxes write no log: their audit events would stand among those of real accounts.
#[derive(Clone, Default)]
pub struct Lab(Arc<Sandboxes>);

/// The routes, which do not exist on a server without the lab.
#[expect(clippy::disallowed_methods, reason = "a page and its form are no part of the API that the document describes")]
pub fn router(lab: Lab) -> Router<AppState> {
    Router::new().route("/lab", get(show).post(act)).layer(axum::Extension(lab))
}

async fn show(
    State(state): State<AppState>,
    axum::Extension(lab): axum::Extension<Lab>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let report = match id(&headers) {
        Some(id) => match lab.0.find(&id, state.auth.now()).await {
            Some(sandbox) => Some(sandbox.report().await?),
            None => None,
        },
        None => None,
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, Html(page(&state.leptos, report.as_ref()))).into_response())
}

async fn act(
    State(state): State<AppState>,
    axum::Extension(lab): axum::Extension<Lab>,
    parts: Parts,
    Form(form): Form<action::Form>,
) -> Result<Response, Problem> {
    if !csrf::is_from_our_page(&parts, &state.origin) {
        return Err(Problem::new(StatusCode::FORBIDDEN, ErrorCode::CsrfFailed));
    }
    let id = id(&parts.headers);
    if form.action == Action::Open {
        let hasher = state.auth.hasher();
        let choices = Choices { check: form.access_check.unwrap_or_default(), policy: form.policy.unwrap_or_default() };
        let open = lab.0.open(id.as_deref(), hasher, &state.leptos.site_root, choices, state.auth.now());
        let id = open.with_subscriber(NoSubscriber::default()).await?;
        let mut response = see_other(AFTER);
        let cookie =
            Cookie::build((COOKIE, id)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
        let value =
            HeaderValue::from_str(&cookie.to_string()).map_err(|_| AuthError::Internal("the cookie of a sandbox"))?;
        response.headers_mut().append(header::SET_COOKIE, value);
        return Ok(response);
    }
    if let Some(id) = id
        && let Some(sandbox) = lab.0.find(&id, state.auth.now()).await
    {
        sandbox.act(form.action, form.mode.as_deref()).with_subscriber(NoSubscriber::default()).await?;
    }
    Ok(see_other(AFTER))
}

fn id(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = texts.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == COOKIE);
    found.next().map(|cookie| cookie.value().to_owned())
}
