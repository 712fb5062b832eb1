//! The pages of the studies. Each shows the last result, and has a button that repeats the study.

use app::{
    Locale,
    lab::{attacks_page, claims_page, policies_page, strategies_page},
};
use axum::{
    Extension, Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use http::{HeaderMap, request::Parts};
use leptos::config::LeptosOptions;

use super::{
    experiments::{Lab, Shared},
    routes::{document, refuse_other_sites},
    study::{self, Last, Study},
};
use crate::{
    http::{Problem, see_other},
    state::AppState,
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .merge(page("/lab/claims", |lab| &lab.ledger, |study| Box::pin(study.ledger()), claims_page))
        .merge(page("/lab/attacks", |lab| &lab.matrix, |study| Box::pin(study.matrix()), attacks_page))
        .merge(page("/lab/policies", |lab| &lab.policies, |study| Box::pin(study.policies()), policies_page))
        .merge(page("/lab/strategies", |lab| &lab.hours, |study| Box::pin(study.hours()), strategies_page))
}

/// The page of one study.
#[expect(clippy::disallowed_methods, reason = "a page and its form are no part of the API")]
fn page<T: Send + 'static>(
    path: &'static str,
    place: fn(&Shared) -> &Last<T>,
    study: for<'s> fn(&'s Study) -> study::Result<'s, T>,
    render: fn(&LeptosOptions, Locale, Option<&T>) -> String,
) -> Router<AppState> {
    let show = async move |State(state): State<AppState>, Extension(lab): Extension<Lab>, headers: HeaderMap| {
        let last = place(&lab).lock().await;
        document(&headers, |locale| render(&state.leptos, locale, last.as_ref()))
    };
    let run = async move |State(state): State<AppState>, Extension(lab): Extension<Lab>, parts: Parts| {
        refuse_other_sites(&state, &parts)?;
        lab.study(&state.leptos.site_root, place, study).await?;
        Ok::<Response, Problem>(see_other(path))
    };
    Router::new().route(path, get(show)).route(path, post(run))
}
