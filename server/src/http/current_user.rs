//! The caller as an argument of a handler. Take [`CurrentUser`] and the handler runs for nobody else.

use std::collections::HashMap;

use auth::{Auth, Identified};
use axum::extract::{FromRef, FromRequestParts, Path};
use http::request::Parts;

use super::problem::Problem;

/// Whoever is signed in by the mode that the path names. Anybody else gets a 401.
pub struct CurrentUser(pub Identified);

/// The same, if somebody is. A credential that is shown and refused is still a 401: it must not pass as a stranger.
pub struct MaybeUser(pub Option<Identified>);

impl<S> FromRequestParts<S> for MaybeUser
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let auth = Auth::from_ref(state);
        let path: Option<Path<HashMap<String, String>>> = Path::from_request_parts(parts, state).await.ok();
        // A route that names no mode is ours to mend, and nobody gets in by it.
        let mode = path.and_then(|Path(mut path)| path.remove("mode")).ok_or(auth::AuthError::UnknownMode)?;
        let info = auth.mode(&mode)?;
        auth.identify(&mode, parts).await.map(Self).map_err(|error| Problem::of_mode(error, info))
    }
}

impl<S> FromRequestParts<S> for CurrentUser
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let MaybeUser(found) = MaybeUser::from_request_parts(parts, state).await?;
        match found {
            Some(found) => Ok(Self(found)),
            None => {
                let path: Path<HashMap<String, String>> =
                    Path::from_request_parts(parts, state).await.map_err(|_| auth::AuthError::UnknownMode)?;
                let mode = path.get("mode").map_or("", String::as_str);
                Err(Problem::of_mode(auth::AuthError::Missing, Auth::from_ref(state).mode(mode)?))
            }
        }
    }
}
