//! mode: jwt
//! Fields of a request, parsed as SimpleJWT parses them.

use axum::extract::{FromRequest, Request};

use super::refusals::Failure;
use crate::http::{extract::ApiRequest, respond::Problem};

/// A request whose errors have SimpleJWT's shape.
pub struct SimpleJwtRequest(pub ApiRequest);

impl<S: Send + Sync> FromRequest<S> for SimpleJwtRequest {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(ApiRequest::from_request(request, state).await?))
    }
}

impl SimpleJwtRequest {
    /// A token, or a name. SimpleJWT removes the blanks around it, and so does this.
    pub fn text(&self, field: &str) -> Result<String, Failure> {
        match self.0.fields.text(field) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(problem) => Err(Problem::field(field, problem).into()),
        }
    }
}
