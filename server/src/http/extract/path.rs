//! axum's `Path` and `Query` with rejections in the error shape of the API.

use app::error::ErrorCode;
use axum::extract::{
    FromRequestParts,
    rejection::{PathRejection, QueryRejection},
};
use http::StatusCode;

use crate::http::respond::Problem;

/// [`axum::extract::Path`]. A segment that is not UTF-8, as `%FF`, is answered 404.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub struct Path<T>(pub T);

/// [`axum::extract::Query`]. A query that cannot be parsed is answered 400.
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
