// mode: opaque
//! The crate `auth` behind bare axum: one mode, three routes, one file. Start here to learn how a server uses it.
//!
//!     cargo run --package auth --example opaque
//!     curl -s localhost:3001/login -d 'alice gravel otter lampshade'
//!     curl -s localhost:3001/me -H 'Authorization: Bearer lk_…'
//!     curl -s -X POST localhost:3001/logout -H 'Authorization: Bearer lk_…'
//!
//! The real server (`server/src/http`) adds the rest: JSON, forms, CSRF, headers, limits and error bodies.

use std::{error::Error, sync::Arc};

use auth::{Auth, AuthError, Base, Clock, Db, Delivery, Hasher, Keys, ModeId, Role, Settings, random_bytes};
use axum::{
    Router,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header, request::Parts};

/// The mode of this server. Another one needs the other arms of [`Delivery`] in `login`, and a CSRF check if it uses a
/// cookie.
const MODE: ModeId = ModeId("opaque");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The temporary directory is deleted when the process ends.
    let directory = tempfile::tempdir()?;
    let auth = open(&format!("sqlite://{}/example.db", directory.path().display())).await?;
    auth.register_as("alice", "gravel otter lampshade", Role::User).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
    Ok(axum::serve(listener, router(auth)).await?)
}

/// Builds `Auth` from a database, keys from one secret, the settings, a clock, and a bound on concurrent password
/// hashes.
pub(crate) async fn open(database_url: &str) -> Result<Auth, Box<dyn Error>> {
    let db = Db::connect(database_url).await?;
    // A real server reads the secret from its environment. A new secret invalidates every issued credential.
    let keys = Keys::new(&random_bytes::<32>()?[..], db.clone())?;
    let base = Base::new(db, keys, Settings::new(std::env::vars()))?;
    Ok(Auth::new(base, Clock::System, Hasher::new()?)?)
}

#[expect(clippy::disallowed_methods, reason = "the server documents each route; three are documented by this file")]
pub(crate) fn router(auth: Auth) -> Router {
    Router::new()
        .route("/login", post(login))
        .route("/me", get(me))
        .route("/logout", post(logout))
        .with_state(Arc::new(auth))
}

/// Checks a password. A wrong password and an unknown user cost the same work and get the same response.
async fn login(State(auth): State<Arc<Auth>>, parts: Parts, body: String) -> Result<String, Refused> {
    let (username, password) = body.split_once(' ').ok_or(AuthError::InvalidCredentials)?;
    let issued = auth.login(MODE.0, username, password, &parts).await?;
    match issued.delivery {
        Delivery::Token { token, .. } => Ok(token.expose().to_owned()),
        Delivery::Cookie | Delivery::Pair { .. } => Err(AuthError::UnknownMode.into()),
    }
}

/// The extractor [`CurrentUser`] rejects a request without a valid credential before the handler runs.
async fn me(CurrentUser(username): CurrentUser) -> String {
    username
}

/// Ends the sign-in of the token in the request. A request without a token is no error: there is nothing to end.
async fn logout(State(auth): State<Arc<Auth>>, parts: Parts) -> Result<StatusCode, Refused> {
    auth.logout(MODE.0, &parts).await?;
    Ok(StatusCode::NO_CONTENT)
}

struct CurrentUser(String);

impl FromRequestParts<Arc<Auth>> for CurrentUser {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, auth: &Arc<Auth>) -> Result<Self, Refused> {
        Ok(Self(auth.caller(MODE.0, parts).await?.username))
    }
}

/// Maps every [`AuthError`] to a status. Only the reason of a refusal reaches the client.
struct Refused(AuthError);

impl From<AuthError> for Refused {
    fn from(error: AuthError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let challenge = [(header::WWW_AUTHENTICATE, r#"Bearer realm="api""#)];
        match self.0 {
            AuthError::Refused(refusal) => (StatusCode::UNAUTHORIZED, challenge, refusal.as_str()).into_response(),
            AuthError::Missing | AuthError::InvalidCredentials => (StatusCode::UNAUTHORIZED, challenge).into_response(),
            AuthError::Throttled { .. } => StatusCode::TOO_MANY_REQUESTS.into_response(),
            AuthError::Overloaded { .. } => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}
