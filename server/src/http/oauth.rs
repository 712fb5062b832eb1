//! Standards that other services speak: RFC 7009 (revocation), RFC 7662 (introspection), RFC 7517 (key set).

use auth::Auth;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{call::Call, problem::Problem};

/// Seconds for which others may keep the key set: as long as a new key is in it before it signs.
const JWKS_MAX_AGE: i64 = auth::LEAD.0;

/// `GET /.well-known/jwks.json`: the public keys, those of the whole overlap.
pub async fn jwks(State(auth): State<Auth>) -> Result<Response, Problem> {
    let keys = auth.jwks().await?;
    let cache = format!("public, max-age={JWKS_MAX_AGE}");
    Ok(([(header::CACHE_CONTROL, cache)], Json(json!({"keys": keys}))).into_response())
}

/// `POST /oauth/revoke`: whoever holds a token may end it; a program that is no client of ours holds no secret to say so with.
/// An unknown token is answered alike (RFC 7009, 2.2).
pub async fn revoke(State(auth): State<Auth>, call: Call) -> Result<Response, Response> {
    let token = token(&call)?;
    auth.revoke_token(&token, &call.parts).await.map_err(|error| Problem::from(error).into_response())?;
    Ok(StatusCode::OK.into_response())
}

/// `POST /oauth/introspect`: for services that are shown our tokens. The caller authenticates by HTTP Basic as one of
/// `OAUTH_CLIENTS`: else anybody could try tokens here (RFC 7662, 4).
pub async fn introspect(State(auth): State<Auth>, call: Call) -> Result<Response, Response> {
    if !is_client(&auth, &call.parts.headers) {
        let body = json!({"error": "invalid_client", "detail": "This endpoint needs client authentication.", "code": "invalid_client"});
        let challenge = [(header::WWW_AUTHENTICATE, r#"Basic realm="oauth""#)];
        return Err((StatusCode::UNAUTHORIZED, challenge, Json(body)).into_response());
    }
    let token = token(&call)?;
    let found = auth.introspect(&token).await.map_err(|error| Problem::from(error).into_response())?;
    let mut body = Map::from_iter([("active".to_owned(), Value::Bool(found.is_some()))]);
    if let Some(Ok(Value::Object(members))) = found.map(serde_json::to_value) {
        body.extend(members);
    }
    Ok(Json(body).into_response())
}

fn token(call: &Call) -> Result<String, Response> {
    call.fields.text("token").map(std::borrow::Cow::into_owned).map_err(|_| {
        let body =
            json!({"error": "invalid_request", "detail": "The parameter token is missing.", "code": "invalid_request"});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    })
}

/// HTTP Basic (RFC 7617).
fn is_client(auth: &Auth, headers: &HeaderMap) -> bool {
    let presented = || {
        let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, digits) = text.split_once(' ')?;
        let plain = String::from_utf8(STANDARD.decode(digits).ok()?).ok()?;
        let (id, secret) = plain.split_once(':')?;
        scheme.eq_ignore_ascii_case("basic").then(|| auth.is_oauth_client(id, secret))
    };
    presented().unwrap_or(false)
}
