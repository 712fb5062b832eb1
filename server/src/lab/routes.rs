//! `/lab`: the page of the lab, and the forms on it. Every button is a form, so that the page needs no script.

use std::sync::Arc;

use app::{
    error::ErrorCode,
    lab::{claims_page, page},
};
use auth::AuthError;
use axum::{
    Extension, Form, Router,
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};

use tokio::sync::Semaphore;
use tracing::{instrument::WithSubscriber as _, subscriber::NoSubscriber};

use super::{
    action::{self, Action, Choices},
    claims::Experiments,
    sandbox::Sandbox,
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

/// Experiments that run at the same time. Each takes a core for up to some seconds, and users of the real pages need
/// some of the machine. Further ones wait, for the time limit of a request at most.
const EXPERIMENTS_MAX: usize = 4;

/// What the routes share. The sandboxes write no log: their audit events would stand among those of real accounts.
#[derive(Clone)]
pub struct Lab(Arc<Shared>);

struct Shared {
    sandboxes: Sandboxes,
    experiments: Semaphore,
}

impl Default for Lab {
    fn default() -> Self {
        Self(Arc::new(Shared { sandboxes: Sandboxes::default(), experiments: Semaphore::new(EXPERIMENTS_MAX) }))
    }
}

/// The routes, which do not exist on a server without the lab.
#[expect(clippy::disallowed_methods, reason = "a page and its form are no part of the API")]
pub fn router(lab: Lab) -> Router<AppState> {
    Router::new()
        .route("/lab", get(show).post(act))
        .route("/lab/claims", get(show_claims).post(test_claims))
        .layer(Extension(lab))
}

async fn show(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let report = match lab.of(&state, &headers).await {
        Some(sandbox) => Some(sandbox.report().await?),
        None => None,
    };
    Ok(document(page(&state.leptos, report.as_ref())))
}

async fn act(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    parts: Parts,
    Form(form): Form<action::Form>,
) -> Result<Response, Problem> {
    refuse_other_sites(&state, &parts)?;
    let _running = lab.0.experiments.acquire().await;
    if form.action == Action::Open {
        let choices = Choices { check: form.access_check.unwrap_or_default(), policy: form.policy.unwrap_or_default() };
        let (_, cookie) = lab.open(&state, &parts.headers, choices).await?;
        return Ok(with_cookie(see_other(AFTER), cookie));
    }
    if let Some(sandbox) = lab.of(&state, &parts.headers).await {
        let acted = sandbox.act(form.action, form.mode.as_deref());
        acted.with_subscriber(NoSubscriber::default()).await?;
    }
    Ok(see_other(AFTER))
}

async fn show_claims(State(state): State<AppState>, Extension(lab): Extension<Lab>, headers: HeaderMap) -> Response {
    let ledger = match lab.of(&state, &headers).await {
        Some(sandbox) => sandbox.claims().await,
        None => Vec::new(),
    };
    document(claims_page(&state.leptos, &ledger))
}

async fn test_claims(
    State(state): State<AppState>,
    Extension(lab): Extension<Lab>,
    parts: Parts,
) -> Result<Response, Problem> {
    refuse_other_sites(&state, &parts)?;
    let _running = lab.0.experiments.acquire().await;
    let (sandbox, cookie) = if let Some(sandbox) = lab.of(&state, &parts.headers).await {
        (sandbox, None)
    } else {
        let (sandbox, cookie) = lab.open(&state, &parts.headers, Choices::default()).await?;
        (sandbox, Some(cookie))
    };
    let experiments =
        Experiments { hasher: state.auth.hasher(), site_root: &state.leptos.site_root, now: state.auth.now() };
    sandbox.keep_claims(experiments.ledger().with_subscriber(NoSubscriber::default()).await?).await;
    let response = see_other("/lab/claims");
    Ok(match cookie {
        Some(cookie) => with_cookie(response, cookie),
        None => response,
    })
}

impl Lab {
    /// The sandbox of this browser.
    async fn of(&self, state: &AppState, headers: &HeaderMap) -> Option<Arc<Sandbox>> {
        self.0.sandboxes.find(&id(headers)?, state.auth.now()).await
    }

    /// Opens a sandbox in place of this browser's old one. Returns the cookie with its id.
    async fn open(
        &self,
        state: &AppState,
        headers: &HeaderMap,
        choices: Choices,
    ) -> Result<(Arc<Sandbox>, HeaderValue), AuthError> {
        let (old, hasher, now) = (id(headers), state.auth.hasher(), state.auth.now());
        let open = self.0.sandboxes.open(old.as_deref(), hasher, &state.leptos.site_root, choices, now);
        let (id, sandbox) = open.with_subscriber(NoSubscriber::default()).await?;
        let cookie =
            Cookie::build((COOKIE, id)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
        let value = HeaderValue::from_str(&cookie.to_string());
        Ok((sandbox, value.map_err(|_| AuthError::Internal("the cookie of a sandbox"))?))
    }
}

fn refuse_other_sites(state: &AppState, parts: &Parts) -> Result<(), Problem> {
    if csrf::is_from_our_page(parts, &state.origin) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, ErrorCode::CsrfFailed))
}

fn document(html: String) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, Html(html)).into_response()
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn id(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = texts.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == COOKIE);
    found.next().map(|cookie| cookie.value().to_owned())
}
