//! mode: jwt
//! djangorestframework-simplejwt's endpoints, byte for byte where a client looks: paths, fields, statuses, bodies. What stands
//! behind them is ours.
//!
//! The paths of tokens ignore any `Authorization` header, as SimpleJWT's views do; `/api/me/` and `/api/logout/` need it.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Delivery, Issued, Principal, Refusal, TokenGrant};
use axum::{
    Json, Router,
    extract::{FromRequest, Request, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde_json::{Map, Value, json};

use super::{answer::rotation_header, call::Call, problem::Problem};
use crate::state::AppState;

/// The endpoints, under `/api`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/token", post(obtain_pair))
        .route("/token/refresh", post(refresh))
        .route("/token/verify", post(verify))
        .route("/token/blacklist", post(blacklist))
        .route("/token/sliding", post(obtain_sliding))
        .route("/token/sliding/refresh", post(refresh_sliding))
        .route("/me", get(me))
        .route("/logout", post(logout))
}

/// A request with the fields of a form. Where they are no fields, that is all the answer says.
struct Form(Call);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Call::from_request(request, state).await.map(Self).map_err(bare)
    }
}

impl Form {
    /// A token, or a name. SimpleJWT drops the blanks around it, as a line read from a file has them.
    fn text(&self, field: &str) -> Result<String, Problem> {
        match self.0.fields.text(field) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(problem) => Err(bare(Problem::field(field, problem))),
        }
    }
}

/// `POST /api/token/`
async fn obtain_pair(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
    obtain(&auth, TokenGrant::Pair, &form).await
}

/// `POST /api/token/sliding/`
async fn obtain_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
    obtain(&auth, TokenGrant::Sliding, &form).await
}

async fn obtain(auth: &Auth, grant: TokenGrant, Form(call): &Form) -> Result<Response, Problem> {
    let (username, password) = call.fields.two_texts("username", "password").map_err(bare)?;
    // Not around the password, where SimpleJWT drops them as well: they may be a part of it.
    match auth.obtain_tokens(grant, username.trim(), &password, &call.parts).await {
        Ok(issued) => Ok(tokens(&issued)),
        // SimpleJWT gives this one no code.
        Err(AuthError::InvalidCredentials) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, ErrorCode::NoActiveAccount);
            let body = Json(json!({"detail": problem.body.detail}));
            Ok((StatusCode::UNAUTHORIZED, challenge(false), body).into_response())
        }
        Err(error) => Err(Problem::from(error)),
    }
}

/// `POST /api/token/refresh/`
async fn refresh(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
    renew(&auth, TokenGrant::Pair, "refresh", &form).await
}

/// `POST /api/token/sliding/refresh/`
async fn refresh_sliding(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
    renew(&auth, TokenGrant::Sliding, "token", &form).await
}

async fn renew(auth: &Auth, grant: TokenGrant, field: &str, form: &Form) -> Result<Response, Problem> {
    match auth.renew_tokens(grant, &form.text(field)?, &form.0.parts).await {
        Ok(issued) => Ok((rotation_header(&issued), tokens(&issued)).into_response()),
        Err(error) => refused(error),
    }
}

/// `POST /api/token/verify/`
async fn verify(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
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

/// `POST /api/token/blacklist/`
async fn blacklist(State(auth): State<Auth>, form: Form) -> Result<Response, Problem> {
    match auth.blacklist_token(&form.text("refresh")?, &form.0.parts).await {
        Ok(()) => Ok(Json(json!({})).into_response()),
        Err(error) => refused(error),
    }
}

/// `GET /api/me/`
async fn me(State(auth): State<Auth>, parts: Parts) -> Result<Response, Response> {
    let caller = caller(&auth, &parts.headers).await?;
    Ok(Json(json!({"id": caller.user_id, "username": caller.username})).into_response())
}

/// `POST /api/logout/`: the view that tutorials add to SimpleJWT. 205: the client is to forget what it shows.
async fn logout(
    State(auth): State<Auth>,
    headers: HeaderMap,
    form: Result<Form, Problem>,
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
    let token = bearer(auth, headers)?;
    let classes = auth.token_service().map_err(|error| Problem::from(error).into_response())?.access_classes().to_vec();
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
fn bearer(auth: &Auth, headers: &HeaderMap) -> Result<String, Response> {
    let none = || {
        let body = json!({"detail": ErrorCode::NotAuthenticated.message()});
        (StatusCode::UNAUTHORIZED, challenge(false), Json(body)).into_response()
    };
    let types = auth.token_service().map_err(|error| Problem::from(error).into_response())?.header_types();
    // Two headers are one with a comma, as WSGI has it: never a choice between them.
    let values: Vec<_> = headers.get_all(header::AUTHORIZATION).iter().map(|value| value.as_bytes()).collect();
    let text = String::from_utf8_lossy(&values.join(&b',')).into_owned();
    let mut words = text.split_whitespace();
    let Some(scheme) = words.next() else { return Err(none()) };
    if !types.iter().any(|ours| ours == scheme) {
        // The trap of every tutorial: `JWT …` is sent and `Bearer …` is configured. The token itself is not logged.
        tracing::info!(
            accepted = types.join(", "),
            "an Authorization header has a scheme that AUTH_HEADER_TYPES does not list"
        );
        return Err(none());
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token.to_owned()),
        _ => Err(unauthorized(json!({
            "detail": "Authorization header must contain two space-delimited values",
            "code": "bad_authorization_header",
        }))),
    }
}

/// DRF's 400 names the fields and nothing else.
fn bare(mut problem: Problem) -> Problem {
    problem.fields_only();
    problem
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
fn refused(error: AuthError) -> Result<Response, Problem> {
    let AuthError::Refused(refusal) = error else { return Err(Problem::from(error)) };
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
