//! A time limit for every request: behind a slow database, waiting requests would pile up.

use std::time::Duration;

use app::error::ErrorCode;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use crate::http::respond::Problem;

/// From the last byte of the request's head to the first byte of the answer.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Answers 503 after the limit. A transaction that has begun still runs to its commit or rollback, because `auth` runs
/// it in a task of its own.
pub async fn enforce(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!(seconds = limit.as_secs(), "request exceeded the time limit");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable).into_response()
    })
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::{Router, body::Body, middleware::from_fn_with_state};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_request_over_the_time_limit_is_answered_in_the_shape_of_every_failure() {
        let routes = Router::new().fallback(pending::<()>).layer(from_fn_with_state(Duration::ZERO, enforce));
        let response = routes.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["code"], "unavailable");
    }
}
