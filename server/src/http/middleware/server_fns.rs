//! Leptos server functions with the error shape of the API.

use axum::{
    body::{Bytes, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER, ServerFnError};

use crate::http::{BODY_MAX_BYTES, respond::Problem};

/// The prefix of every server function. Each repeats it in its macro, which accepts only a literal; a test compares
/// them.
const PREFIX: &str = "/api/fn/";

/// Answers 400 where an argument cannot be parsed; Leptos answers 500.
///
/// Removes `Accept`. With `text/html`, Leptos redirects to `Referer`: an open redirect.
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
