//! Answers 404 to a request without a path, as `CONNECT host:443`.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::http::respond::not_found;

/// Around the pages: Leptos's renderer assumes a path and panics without one, which ends one of the threads that render
/// all pages.
pub async fn check(request: Request, next: Next) -> Response {
    match request.uri().path_and_query() {
        None => not_found().await.into_response(),
        Some(_) => next.run(request).await,
    }
}
