//! leptos' server functions, answering as the rest of the API does.

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER, ServerFnError};

use super::{BODY_MAX_BYTES, problem::Problem};

/// An argument that cannot be read is the caller's fault and refused in the one shape; leptos calls it a failure of ours (500).
///
/// `Accept` is taken away: it asks leptos to answer a form, which it leads to where `Referer` says, and that is anywhere.
pub async fn answer(mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/fn/") {
        return next.run(request).await;
    }
    request.headers_mut().remove(header::ACCEPT);
    let response = next.run(request).await;
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_else(|_| Bytes::new());
    let error: ServerFnError = ServerFnError::de(body.clone());
    match error {
        ServerFnError::Args(detail) | ServerFnError::MissingArg(detail) => {
            Problem::unreadable(StatusCode::BAD_REQUEST, detail).into_response()
        }
        _ => Response::from_parts(parts, body.into()),
    }
}
