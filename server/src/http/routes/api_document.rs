//! `/api/openapi.json`: the OpenAPI document of this API.

use app::ApiDocument;
use axum::{
    Extension,
    response::{IntoResponse, Response},
};
use http::header;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// The routes, under `/api`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(serve))
}

/// Get this document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "Operation",
    responses((status = 200, description = "OpenAPI 3.1.", content_type = "application/json", body = Object,
        example = json!({"openapi": "3.1.0", "info": {"title": "Latchkey"}, "paths": {}})))
)]
async fn serve(Extension(ApiDocument(text)): Extension<ApiDocument>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text.to_string()).into_response()
}
