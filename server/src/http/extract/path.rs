//! axum's extractors of the path and the query, refusing in the one shape of the API.

use app::error::ErrorCode;
use axum::extract::{
    FromRequestParts,
    rejection::{PathRejection, QueryRejection},
};
use http::StatusCode;

use crate::http::respond::Problem;

/// What the path names. A name that is no text, as `%FF`, names nothing.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

/// What the query says.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub struct Query<T>(pub T);

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound)
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::unreadable(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}
