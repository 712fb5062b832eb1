//! The signed-in caller. A handler with a [`CurrentUser`] argument runs only for signed-in callers.

use auth::{Auth, Principal};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::Path;
use crate::http::respond::Problem;

/// The user who is signed in by the mode of the path. Rejects any other request with 401.
pub struct CurrentUser(pub Principal);

/// The `{mode}` of a route's path.
#[derive(serde::Deserialize)]
pub struct ModeOfPath {
    pub mode: String,
}

impl<S> FromRequestParts<S> for CurrentUser
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let auth = Auth::from_ref(state);
        // A route without `{mode}` is a bug in our router; reject the request.
        let Path(ModeOfPath { mode }) = Path::from_request_parts(parts, state).await?;
        let info = auth.mode(&mode)?;
        auth.caller(&mode, parts).await.map(Self).map_err(|error| Problem::of_mode(error, info))
    }
}
