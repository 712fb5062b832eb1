//! leptos' server functions, answering as the rest of the API does.

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER, ServerFnError};

use crate::http::{BODY_MAX_BYTES, respond::Problem};

/// As each of them says of itself, in a macro that takes nothing but a literal.
const PREFIX: &str = "/api/fn/";

/// An argument that cannot be read is the caller's fault and refused in the one shape; leptos calls it a failure of ours (500).
///
/// `Accept` is taken away: it asks leptos to answer a form, which it leads to where `Referer` says, and that is anywhere.
pub async fn answer(mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PREFIX) {
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

#[cfg(test)]
mod tests {
    use leptos::server_fn::axum::server_fn_paths;

    use super::PREFIX;

    #[test]
    fn every_server_function_stands_where_it_is_looked_for() {
        let paths: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
        assert!(!paths.is_empty() && paths.iter().all(|path| path.starts_with(PREFIX)), "{paths:?}");
    }
}
