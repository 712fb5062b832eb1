//! Standards that other services speak: RFC 7009 (revocation), RFC 7662 (introspection).

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

/// A failure as RFC 6749, 5.2, has it, and as the rest of the API has it.
#[derive(Serialize, ToSchema)]
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

/// Why there is no answer.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only describes: either is sent as it is")]
enum Refusal {
    Parameters(OauthProblem),
    Body(AppError),
}

/// Ends the sign-in that a token belongs to. An unknown token is answered alike (RFC 7009, 2.2).
///
/// The holder of a token may end it. A program that is no client of ours has no secret to authenticate with.
#[utoipa::path(
    post, path = "/oauth/revoke", tag = "Services", request_body = openapi::Token,
    responses((status = 200), (status = 400, description = "No token, or no body that could be read.", body = Refusal))
)]
async fn revoke(State(auth): State<Auth>, request: ApiRequest) -> Result<Response, Response> {
    let token = token(&request).ok_or_else(tokenless)?;
    auth.revoke_token(&token, &request.parts).await.map_err(|error| Problem::from(error).into_response())?;
    Ok(StatusCode::OK.into_response())
}

/// What a token stands for (RFC 7662). Nothing but `active` for one that stands for nothing, whatever the cause.
///
/// The caller authenticates by HTTP Basic as one of `OAUTH_CLIENTS`: otherwise anybody could try tokens here (RFC 7662, 4). A refresh
/// token is active only for a caller that says `token_type_hint=refresh_token`: a service that takes any active token for access
/// must not be shown one.
#[utoipa::path(
    post, path = "/oauth/introspect", tag = "Services", request_body = openapi::Introspected, security(("client" = [])),
    responses(
        (status = 200, body = openapi::Introspection),
        (status = 400, description = "No token, or no body that could be read.", body = Refusal),
        (status = 401, description = "No client of ours.", body = OauthProblem, headers(("WWW-Authenticate" = String)))
    )
)]
async fn introspect(State(auth): State<Auth>, request: ApiRequest) -> Result<Response, Response> {
    if !is_client(&auth, &request.parts.headers) {
        auth.record_denial(Denied::OauthClient, None, &request.parts).await;
        let body = OauthProblem::new("invalid_client", "This endpoint needs client authentication.");
        let challenge = [(header::WWW_AUTHENTICATE, r#"Basic realm="oauth""#)];
        return Err((StatusCode::UNAUTHORIZED, challenge, Json(body)).into_response());
    }
    let token = token(&request).ok_or_else(tokenless)?;
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

fn tokenless() -> Response {
    bad_request("invalid_request", "The parameter token is missing.")
}

fn bad_request(code: &'static str, detail: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, Json(OauthProblem::new(code, detail))).into_response()
}

/// HTTP Basic (RFC 7617), with id and secret form-encoded (RFC 6749, 2.3.1). Many clients leave the encoding out, so the text as it
/// stands is tried as well: a secret is a secret in either reading.
fn is_client(auth: &Auth, headers: &HeaderMap) -> bool {
    let Some((id, secret)) = basic(headers) else { return false };
    let decoded = form_decoded(&id).zip(form_decoded(&secret));
    decoded.is_some_and(|(id, secret)| auth.is_oauth_client(&id, &secret)) || auth.is_oauth_client(&id, &secret)
}

/// User and password of HTTP Basic.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, digits) = text.split_once(' ')?;
    let plain = String::from_utf8(STANDARD.decode(digits).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}

/// `application/x-www-form-urlencoded`, of one value.
fn form_decoded(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
