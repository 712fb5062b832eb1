//! mode: jwt
//! The public key set (RFC 7517). Other services verify our tokens with it.

use auth::{Auth, jwt::published};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::respond::Problem;

/// Seconds for which others may cache the key set. A new key is published [`auth::LEAD`] before it signs, which is
/// longer.
const MAX_AGE: i64 = auth::KEY_SET_MAX_AGE.0;

/// A JWK Set (RFC 7517, 5).
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({"keys": [
    {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "<key id>", "x": "<public key>"}
]})))]
pub struct KeySet {
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// Get the public keys: those that sign, those that will, and those whose tokens are still accepted.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "Services", responses((status = 200, body = KeySet)))]
pub async fn jwks(State(auth): State<Auth>) -> Result<Response, Problem> {
    let keys = published::jwks(&auth).await?;
    let cache = format!("public, max-age={MAX_AGE}");
    Ok(([(header::CACHE_CONTROL, cache)], Json(KeySet { keys })).into_response())
}
