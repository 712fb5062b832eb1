//! What token libraries and other services ask of a mode whose tokens they know: none need offer it.

use async_trait::async_trait;
use http::request::Parts;
use serde::Serialize;

use crate::{
    clock::Timestamp,
    error::AuthError,
    keys::{Kid, SigningAlgorithm},
    mode::issued::Issued,
    mode::principal::Principal,
    mode::{ModeId, Owner},
    users::{User, UserId},
};

/// What djangorestframework-simplejwt does over HTTP, without the HTTP.
///
/// Each method takes the token as text. `Err(AuthError::Refused)` says why it is refused.
#[async_trait]
pub trait TokenService: Send + Sync {
    /// Setting `AUTH_HEADER_TYPES`: the schemes of an `Authorization` header under which an access token is taken.
    fn header_types(&self) -> &[String];

    /// The classes of token that are taken for access, each by the name of its class and of its type.
    fn access_classes(&self) -> &[(&'static str, &'static str)];

    /// A new sign-in, both tokens in the body.
    async fn obtain_pair(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// A new pair for a refresh token.
    async fn refresh(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError>;

    /// Is it genuine, alive and not revoked, whatever it is for?
    async fn verify(&self, token: &str, now: Timestamp) -> Result<(), AuthError>;

    /// Ends the sign-in of a refresh token.
    async fn blacklist(&self, token: &str, now: Timestamp) -> Result<(), AuthError>;

    /// A new sliding token.
    async fn obtain_sliding(&self, user: &User, now: Timestamp) -> Result<Issued, AuthError>;

    /// A later one for a sliding token that is alive.
    async fn refresh_sliding(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError>;

    /// Recognises the caller by an access token.
    async fn authenticate(&self, token: &str, now: Timestamp) -> Result<Principal, AuthError>;

    /// Whose a genuine token is, whatever it is good for.
    async fn owner_of(&self, token: &str, now: Timestamp) -> Result<Option<Owner>, AuthError>;

    /// The keys that others check our tokens with, as a JWK Set has them (RFC 7517, 5).
    async fn jwks(&self, now: Timestamp) -> Result<Vec<serde_json::Value>, AuthError>;

    /// Could a key of this name and algorithm sign?
    ///
    /// # Errors
    /// [`AuthError::Internal`] if not, with the reason.
    fn check_key(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError>;

    /// One key as a JWK, its secret half included, for a service that is to share it.
    async fn export_key(&self, kid: &str, now: Timestamp) -> Result<serde_json::Value, AuthError>;
}

/// What a token stands for (RFC 7662, 2.2).
#[derive(Clone, Debug, Serialize)]
pub struct Introspection {
    /// The mode that knows it.
    pub mode: ModeId,
    /// What it may be used for: `access`, `refresh` …
    pub token_use: &'static str,
    /// The user's id.
    pub sub: UserId,
    /// The user's name.
    pub username: String,
    /// When it was made.
    pub iat: Timestamp,
    /// When it dies.
    pub exp: Timestamp,
    /// Its name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Who made it, if configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}
