//! mode: jwt
//! djangorestframework-simplejwt's endpoints, byte for byte where a client looks: paths, fields, statuses, bodies. What stands
//! behind them is ours.
//!
//! The paths of tokens ignore any `Authorization` header, as SimpleJWT's views do; `/api/me/` and `/api/logout/` need it.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Delivery, Issued, Principal, Refusal, TokenGrant};
use axum::{
    Json,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    answer::rotation_header,
    call::Call,
    openapi::{Account, Throttled, Token},
    problem::Problem,
    simplejwt_shapes::{Caller, FieldsRefused, Outline, Pair, Refresh, Sliding, TokenRefused},
};
use crate::state::AppState;

/// The endpoints, under `/api`.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Outline::openapi())
        .routes(routes!(obtain_pair))
        .routes(routes!(refresh))
        .routes(routes!(verify))
        .routes(routes!(blacklist))
        .routes(routes!(obtain_sliding))
        .routes(routes!(refresh_sliding))
        .routes(routes!(me))
        .routes(routes!(logout))
}

/// A request with the fields of a form. Where they are no fields, that is all the answer says.
struct Form(Call);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(Call::from_request(request, state).await?))
    }
}

impl Form {
    /// A token, or a name. SimpleJWT drops the blanks around it, as a line read from a file has them.
    fn text(&self, field: &str) -> Result<String, Failure> {
        match self.0.fields.text(field) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(problem) => Err(Problem::field(field, problem).into()),
        }
    }
}

/// Exchanges a password for two tokens.
#[utoipa::path(
    post, path = "/token", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
async fn obtain_pair(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    obtain(&auth, TokenGrant::Pair, &form).await
}

/// Exchanges a password for one token.
#[utoipa::path(
    post, path = "/token/sliding", tag = "SimpleJWT", request_body = Account,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, Throttled)
)]
async fn obtain_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    obtain(&auth, TokenGrant::Sliding, &form).await
}

async fn obtain(auth: &Auth, grant: TokenGrant, Form(call): &Form) -> Result<Response, Failure> {
    let (username, password) = call.fields.two_texts("username", "password")?;
    // Not around the password, where SimpleJWT drops them as well: they may be a part of it.
    match auth.obtain_tokens(grant, username.trim(), &password, &call.parts).await {
        Ok(issued) => Ok(tokens(&issued)),
        // SimpleJWT gives this one no code.
        Err(AuthError::InvalidCredentials) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, ErrorCode::NoActiveAccount);
            let body = Json(json!({"detail": problem.body.detail}));
            Ok((StatusCode::UNAUTHORIZED, challenge(false), body).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Exchanges a refresh token for its successor.
#[utoipa::path(
    post, path = "/token/refresh", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Pair), FieldsRefused, TokenRefused, Throttled)
)]
async fn refresh(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    renew(&auth, TokenGrant::Pair, "refresh", &form).await
}

/// Exchanges a sliding token for its successor.
#[utoipa::path(
    post, path = "/token/sliding/refresh", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Sliding), FieldsRefused, TokenRefused, Throttled)
)]
async fn refresh_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    renew(&auth, TokenGrant::Sliding, "token", &form).await
}

async fn renew(auth: &Auth, grant: TokenGrant, field: &str, form: &Form) -> Result<Response, Failure> {
    match auth.renew_tokens(grant, &form.text(field)?, &form.0.parts).await {
        Ok(issued) => Ok((rotation_header(&issued), tokens(&issued)).into_response()),
        Err(error) => refused(error),
    }
}

/// Is a token genuine, alive and not revoked, whatever it is for?
#[utoipa::path(
    post, path = "/token/verify", tag = "SimpleJWT", request_body = Token,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
async fn verify(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match auth.verify_token(&form.text("token")?).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        // Not a 401: SimpleJWT finds this out while it validates the form.
        Err(AuthError::Refused(refusal)) if text_of(refusal) == BLACKLISTED => {
            let body = json!({"non_field_errors": [BLACKLISTED], "reason": refusal.as_str()});
            Ok((StatusCode::BAD_REQUEST, Json(body)).into_response())
        }
        Err(error) => refused(error),
    }
}

/// Ends the sign-in of a refresh token.
#[utoipa::path(
    post, path = "/token/blacklist", tag = "SimpleJWT", request_body = Refresh,
    responses((status = 200, body = Object, description = "`{}`"), FieldsRefused, TokenRefused)
)]
async fn blacklist(State(auth): State<Auth>, form: Form) -> Result<Response, Failure> {
    match auth.blacklist_token(&form.text("refresh")?, &form.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(error) => refused(error),
    }
}

/// Who the caller is.
#[utoipa::path(
    get, path = "/me", tag = "SimpleJWT", operation_id = "simplejwt_me", security(("jwt" = [])),
    responses((status = 200, body = Caller), TokenRefused)
)]
async fn me(State(auth): State<Auth>, parts: Parts) -> Result<Response, Response> {
    let caller = caller(&auth, &parts.headers).await?;
    Ok(Json(json!({"id": caller.user_id, "username": caller.username})).into_response())
}

/// Ends the sign-in of a refresh token: the view that tutorials add to SimpleJWT. 205: the client is to forget what it shows.
#[utoipa::path(
    post, path = "/logout", tag = "SimpleJWT", operation_id = "simplejwt_logout", request_body = Refresh,
    security(("jwt" = [])), responses((status = 205), FieldsRefused, TokenRefused)
)]
async fn logout(
    State(auth): State<Auth>,
    headers: HeaderMap,
    form: Result<Form, Failure>,
) -> Result<Response, Response> {
    // First: a stranger is not told what is wrong with the body.
    caller(&auth, &headers).await?;
    let form = form.map_err(IntoResponse::into_response)?;
    let bad_request = |detail: &str| (StatusCode::BAD_REQUEST, Json(json!({"detail": detail}))).into_response();
    let Ok(token) = form.text("refresh") else { return Err(bad_request("refresh required")) };
    match auth.blacklist_token(&token, &form.0.parts).await {
        Ok(()) => Ok(StatusCode::RESET_CONTENT.into_response()),
        Err(AuthError::Refused(_)) => Err(bad_request("invalid token")),
        Err(error) => Err(Problem::from(error).into_response()),
    }
}

/// Whoever the `Authorization` header names.
async fn caller(auth: &Auth, headers: &HeaderMap) -> Result<Principal, Response> {
    let service = auth.token_service().map_err(|error| Problem::from(error).into_response())?;
    let token = bearer(service.header_types(), headers).map_err(IntoResponse::into_response)?;
    let classes = service.access_classes();
    auth.identify_by_token(&token).await.map_err(|error| match error {
        AuthError::Refused(Refusal::UserGone) => {
            unauthorized(json!({"detail": "User not found", "code": "user_not_found"}))
        }
        AuthError::Refused(Refusal::UserInactive) => {
            unauthorized(json!({"detail": "User is inactive", "code": "user_inactive"}))
        }
        AuthError::Refused(refusal) => {
            // SimpleJWT keeps no list of access tokens, so its clients do not know that one can be on it.
            let message = if refusal == Refusal::Revoked { INVALID } else { text_of(refusal) };
            let messages: Vec<_> = classes
                .iter()
                .map(|(class, kind)| json!({"token_class": class, "token_type": kind, "message": message}))
                .collect();
            unauthorized(json!({
                "detail": "Given token not valid for any token type",
                "code": "token_not_valid",
                "messages": messages,
                "reason": refusal.as_str(),
            }))
        }
        error => Problem::from(error).into_response(),
    })
}

/// The token of the `Authorization` header, by SimpleJWT's rules: another scheme is no credential, one of ours in another
/// shape is a mistake.
fn bearer(types: &[String], headers: &HeaderMap) -> Result<String, NoBearer> {
    // Two headers are one with a comma, as WSGI has it: never a choice between them.
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(HeaderValue::as_bytes).collect();
    let text = String::from_utf8_lossy(&values.join(&b',')).into_owned();
    let mut words = text.split_whitespace();
    let scheme = words.next().ok_or(NoBearer::Absent)?;
    if !types.iter().any(|ours| ours == scheme) {
        // The trap of every tutorial: `JWT …` is sent and `Bearer …` is configured. The token itself is not logged.
        tracing::info!(
            accepted = types.join(", "),
            "an Authorization header has a scheme that AUTH_HEADER_TYPES does not list"
        );
        return Err(NoBearer::Absent);
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token.to_owned()),
        _ => Err(NoBearer::Malformed),
    }
}

/// Why a header names nobody.
enum NoBearer {
    /// There is none, or one of another scheme.
    Absent,
    /// It is not of two parts.
    Malformed,
}

impl IntoResponse for NoBearer {
    fn into_response(self) -> Response {
        match self {
            Self::Absent => {
                let body = json!({"detail": ErrorCode::NotAuthenticated.message()});
                (StatusCode::UNAUTHORIZED, challenge(false), Json(body)).into_response()
            }
            Self::Malformed => unauthorized(json!({
                "detail": "Authorization header must contain two space-delimited values",
                "code": "bad_authorization_header",
            })),
        }
    }
}

/// As DRF words it: a 400 names the refused fields and nothing else.
struct Failure(Problem);

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        if problem.body.fields.is_empty() {
            return problem.into_response();
        }
        (problem.status, Json(problem.body.fields)).into_response()
    }
}

fn tokens(issued: &Issued) -> Response {
    let mut body = Map::new();
    match &issued.delivery {
        Delivery::Cookie => {}
        Delivery::Token { token, .. } => drop(body.insert("token".to_owned(), token.expose().into())),
        Delivery::Pair { access, refresh, .. } => {
            body.insert("access".to_owned(), access.expose().into());
            if let Some(refresh) = refresh {
                body.insert("refresh".to_owned(), refresh.expose().into());
            }
        }
    }
    Json(body).into_response()
}

const BLACKLISTED: &str = "Token is blacklisted";
const INVALID: &str = "Token is invalid";

/// As SimpleJWT puts it.
fn text_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed | Refusal::Unknown => INVALID,
        Refusal::Expired => "Token is expired",
        Refusal::WrongType => "Token has wrong type",
        Refusal::Revoked | Refusal::Replayed(_) => BLACKLISTED,
        Refusal::UserGone | Refusal::UserInactive => "No active account found for the given token.",
    }
}

/// A token of a form that is refused.
fn refused(error: AuthError) -> Result<Response, Failure> {
    let AuthError::Refused(refusal) = error else { return Err(error.into()) };
    let mut problem = Problem::from(error);
    text_of(refusal).clone_into(&mut problem.body.detail);
    let mut response = problem.into_response();
    let [(name, value)] = challenge(true);
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    Ok(response)
}

fn unauthorized(body: Value) -> Response {
    (StatusCode::UNAUTHORIZED, challenge(true), Json(body)).into_response()
}

/// RFC 6750, 3.1: what went wrong is told where a token was shown.
fn challenge(shown: bool) -> [(header::HeaderName, &'static str); 1] {
    let text = if shown { r#"Bearer realm="api", error="invalid_token""# } else { r#"Bearer realm="api""# };
    [(header::WWW_AUTHENTICATE, text)]
}
