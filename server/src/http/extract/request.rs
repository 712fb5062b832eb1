//! An unsafe request, parsed: its head, its fields, and the kind of answer that the caller understands.

use app::paths::LocalPath;
use auth::{BodyCredential, SecretString};
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, header, request::Parts};

use super::body::{Fields, is_form};
use crate::http::respond::{AnswerAs, Problem};

/// A request whose body is parsed.
pub struct ApiRequest {
    /// The head. A refresh token in the body is in the extensions, as [`BodyCredential`].
    pub parts: Parts,
    pub fields: Fields,
    pub answer_as: AnswerAs,
}

impl<S: Send + Sync> FromRequest<S> for ApiRequest {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let fields = Fields::read(&parts, body, state).await?;
        if let Ok(refresh) = fields.text("refresh") {
            parts.extensions.insert(BodyCredential(SecretString::new(refresh.into_owned())));
        }
        let answer_as = if is_form(&parts.headers) && accepts_html(&parts.headers) {
            AnswerAs::Page { next: fields.text("next").ok().and_then(|text| LocalPath::parse(&text)) }
        } else {
            AnswerAs::Json
        };
        Ok(Self { parts, fields, answer_as })
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("text/html"))
}
