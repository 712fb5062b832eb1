//! mode: jwt
//! What clients fill in, read as SimpleJWT reads it.

use axum::extract::{FromRequest, Request};

use super::refusals::Failure;
use crate::http::{extract::ApiRequest, respond::Problem};

/// A request with the fields of a form. Where they are no fields, that is all the answer says.
pub struct Form(pub ApiRequest);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(ApiRequest::from_request(request, state).await?))
    }
}

impl Form {
    /// A token, or a name. SimpleJWT drops the blanks around it, as a line read from a file has them.
    pub fn text(&self, field: &str) -> Result<String, Failure> {
        match self.0.fields.text(field) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(problem) => Err(Problem::field(field, problem).into()),
        }
    }
}
