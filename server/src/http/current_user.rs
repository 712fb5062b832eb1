//! The caller as an argument of a handler. Take [`CurrentUser`] and the handler runs for nobody else.

use auth::{Auth, AuthError, Identified};
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::{extract::Path, problem::Problem};

/// Whoever is signed in by the mode that the path names. Anybody else gets a 401.
pub struct CurrentUser(pub Identified);

/// The `mode` of a route's path.
#[derive(serde::Deserialize)]
pub(super) struct ModeOfPath {
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
        // A route that names no mode is ours to mend, and nobody gets in by it.
        let Path(ModeOfPath { mode }) = Path::from_request_parts(parts, state).await?;
        let info = auth.mode(&mode)?;
        let found = auth.identify(&mode, parts).await.and_then(|found| found.ok_or(AuthError::Missing));
        found.map(Self).map_err(|error| Problem::of_mode(error, info))
    }
}
