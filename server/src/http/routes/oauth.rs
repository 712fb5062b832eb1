//! Endpoints for other services: token revocation (RFC 7009) and introspection (RFC 7662).

use app::error::AppError;
use auth::{Auth, Denied, ExpectedToken};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{extract::ApiRequest, openapi, respond::Problem},
    state::AppState,
};

/// The routes, under `/`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(revoke)).routes(routes!(introspect))
}

/// An error body with the member of RFC 6749, 5.2 (`error`), and those of the rest of the API (`detail`, `code`).
#[derive(Serialize, ToSchema)]
#[schema(examples(json!(OauthProblem::new("invalid_request", "The parameter token is missing."))))]
pub struct OauthProblem {
    error: &'static str,
    detail: &'static str,
    code: &'static str,
}

impl OauthProblem {
    fn new(code: &'static str, detail: &'static str) -> Self {
        Self { error: code, detail, code }
    }
}

/// Why the request is refused.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the answer in the document; the handlers send one of the two")]
enum BadRequest {
    Parameters(OauthProblem),
    Body(AppError),
}

/// End the sign-in of a token.
///
/// An unknown token gets the same answer (RFC 7009, 2.2).
///
/// The endpoint needs no client authentication: possession of the token is enough to end it, and a public client has
/// no secret.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "Services", request_body = openapi::Token,
    responses((status = 200), (status = 400, description = "The token is missing, or the body cannot be parsed.", body = BadRequest))
)]
async fn revoke(State(auth): State<Auth>, request: ApiRequest) -> Result<Response, Response> {
    let token = token(&request).ok_or_else(token_missing)?;
    auth.revoke_token(&token, &request.parts).await.map_err(|error| Problem::from(error).into_response())?;
    Ok(StatusCode::OK.into_response())
}

/// Describe a token (RFC 7662).
///
/// For an inactive token the answer is `active: false` and nothing else, whatever the cause.
///
/// The caller authenticates with HTTP Basic as one of `OAUTH_CLIENTS`; without that, an attacker could test guessed
/// tokens here (RFC 7662, 4). A refresh token is active only with `token_type_hint=refresh_token`: a service that
/// treats every active token as an access token would otherwise accept a refresh token.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "Services", request_body = openapi::Introspected, security(("client" = [])),
    responses(
        (status = 200, body = openapi::Introspection),
        (status = 400, description = "The token is missing, or the body cannot be parsed.", body = BadRequest),
        (status = 401, description = "The client authentication failed.", body = OauthProblem, headers(("WWW-Authenticate" = String)))
    )
)]
async fn introspect(State(auth): State<Auth>, request: ApiRequest) -> Result<Response, Response> {
    if !is_client(&auth, &request.parts.headers) {
        auth.record_denial(Denied::OauthClient, None, &request.parts).await;
        let body = OauthProblem::new("invalid_client", "This endpoint needs client authentication.");
        let challenge = [(header::WWW_AUTHENTICATE, r#"Basic realm="oauth""#)];
        return Err((StatusCode::UNAUTHORIZED, challenge, Json(body)).into_response());
    }
    let token = token(&request).ok_or_else(token_missing)?;
    let expected = match request.fields.text("token_type_hint").as_deref() {
        Ok("refresh_token") => ExpectedToken::Refresh,
        _ => ExpectedToken::Access,
    };
    let found = auth.introspect(&token, expected, &request.parts).await;
    let found = found.map_err(|error| Problem::from(error).into_response())?;
    let mut body = Map::from_iter([("active".to_owned(), Value::Bool(found.is_some()))]);
    if let Some(Ok(Value::Object(members))) = found.map(serde_json::to_value) {
        body.extend(members);
    }
    Ok(Json(body).into_response())
}

fn token(request: &ApiRequest) -> Option<String> {
    request.fields.text("token").ok().map(std::borrow::Cow::into_owned)
}

fn token_missing() -> Response {
    let body = OauthProblem::new("invalid_request", "The parameter token is missing.");
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// HTTP Basic (RFC 7617) with id and secret form-encoded (RFC 6749, 2.3.1). Many clients omit the encoding, so the
/// undecoded text is tried too. This adds one guess per request, and no secret becomes easier to guess.
fn is_client(auth: &Auth, headers: &HeaderMap) -> bool {
    let Some((id, secret)) = basic(headers) else { return false };
    let decoded = form_decoded(&id).zip(form_decoded(&secret));
    decoded.is_some_and(|(id, secret)| auth.is_oauth_client(&id, &secret)) || auth.is_oauth_client(&id, &secret)
}

/// User and password of an HTTP Basic header.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, digits) = text.split_once(' ')?;
    let plain = String::from_utf8(STANDARD.decode(digits).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}

/// Decodes one value of `application/x-www-form-urlencoded`.
fn form_decoded(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
