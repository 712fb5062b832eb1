//! An unsafe request in one mode: the mode exists, and the CSRF check has passed.

use std::marker::PhantomData;

use app::error::ErrorCode;
use auth::{Auth, AuthError, Denied, ModeInfo, UserId};
use axum::{
    extract::{FromRequest, FromRequestParts as _, Request},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, request::Parts};

use super::{body::Fields, current_user::ModeOfPath, path::Path, request::ApiRequest};
use crate::{
    http::{
        middleware::csrf::{self, Effect},
        respond::{AnswerAs, Problem, account_failed, failed},
    },
    state::AppState,
};

/// An [`Effect`] as a type: a handler names it in its signature, so no handler runs without the check.
pub trait HasEffect {
    const EFFECT: Effect;
}

/// See [`Effect::BeginSignIn`].
pub struct BeginSignIn;
/// See [`Effect::RenewOrEnd`].
pub struct RenewOrEnd;
/// See [`Effect::Act`].
pub struct Act;

impl HasEffect for BeginSignIn {
    const EFFECT: Effect = Effect::BeginSignIn;
}

impl HasEffect for RenewOrEnd {
    const EFFECT: Effect = Effect::RenewOrEnd;
}

impl HasEffect for Act {
    const EFFECT: Effect = Effect::Act;
}

/// A request in the mode of its path. It has passed the CSRF check for the effect `E`.
pub struct ModeRequest<E> {
    pub mode: &'static ModeInfo,
    /// The head. A refresh token in the body is in the extensions.
    pub parts: Parts,
    pub fields: Fields,
    pub answer_as: AnswerAs,
    effect: PhantomData<E>,
}

/// The same for a path without a mode. The field `mode` names it; without that field, it is the mode that recognises
/// the caller.
pub struct AccountRequest<E>(pub ModeRequest<E>);

impl<E> ModeRequest<E> {
    fn new(mode: &'static ModeInfo, ApiRequest { parts, fields, answer_as }: ApiRequest) -> Self {
        Self { mode, parts, fields, answer_as, effect: PhantomData }
    }

    /// An error of `auth`, with the challenge of this mode.
    pub fn problem(&self, error: AuthError) -> Problem {
        Problem::of_mode(error, self.mode)
    }

    /// The answer to a failure that no field explains.
    pub fn failed(&self, error: AuthError) -> Response {
        failed(&self.answer_as, self.mode.id.0, self.problem(error))
    }

    /// The answer to a failure of a form on the account page.
    pub fn account_failed(&self, problem: Problem) -> Response {
        account_failed(&self.answer_as, self.mode.id.0, problem)
    }
}

impl<E: HasEffect> FromRequest<AppState> for ModeRequest<E> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        // A route without `{mode}` is a bug in our router; reject the request.
        let Path(ModeOfPath { mode }) =
            Path::from_request_parts(&mut parts, state).await.map_err(Problem::into_response)?;
        let request = ApiRequest::from_request(Request::from_parts(parts, body), state).await;
        let request = request.map_err(Problem::into_response)?;
        match checked(state, &mode, &request, E::EFFECT).await {
            Ok(info) => Ok(Self::new(info, request)),
            Err(problem) => Err(failed(&request.answer_as, &mode, problem)),
        }
    }
}

impl<E: HasEffect> FromRequest<AppState> for AccountRequest<E> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let request = ApiRequest::from_request(request, state).await.map_err(Problem::into_response)?;
        match named_or_recognised(state, &request, E::EFFECT).await {
            Ok(info) => Ok(Self(ModeRequest::new(info, request))),
            Err(problem) => {
                let mode = request.fields.text("mode").unwrap_or_default();
                Err(failed(&request.answer_as, &mode, problem))
            }
        }
    }
}

/// The mode of that name. Refuses and records a request that another site may have caused.
async fn checked(
    state: &AppState,
    mode: &str,
    request: &ApiRequest,
    effect: Effect,
) -> Result<&'static ModeInfo, Problem> {
    let info = state.auth.mode(mode)?;
    if let Err(refused) = csrf::check(&request.parts, info, effect, &state.origin) {
        state.auth.record_denial(Denied::Csrf, Some(info.id), &request.parts).await;
        return Err(refused);
    }
    Ok(info)
}

async fn named_or_recognised(
    state: &AppState,
    request: &ApiRequest,
    effect: Effect,
) -> Result<&'static ModeInfo, Problem> {
    match request.fields.text("mode") {
        Ok(named) => return checked(state, &named, request, effect).await,
        // A form sends each of its fields, filled in or not.
        Err(ErrorCode::Required | ErrorCode::Blank) => {}
        Err(problem) => return Err(Problem::field("mode", problem)),
    }
    let (mut allowed, mut first_denial) = (Vec::new(), None);
    for info in state.auth.modes() {
        // Before the credential is checked: a request of another site must not count as its use.
        match csrf::check(&request.parts, info, effect, &state.origin) {
            Ok(()) => allowed.push(info),
            // Without the cookie of the mode, there is no credential of it that another site could use.
            Err(_) if !info.cookie.is_some_and(|name| auth::has_cookie(&request.parts.headers, name)) => {}
            Err(problem) => {
                first_denial.get_or_insert((info.id, problem));
            }
        }
    }
    match (recognised_among(&state.auth, allowed, &request.parts).await, first_denial) {
        (Err(unrecognised), Some((mode, problem))) if unrecognised.status == StatusCode::UNAUTHORIZED => {
            state.auth.record_denial(Denied::Csrf, Some(mode), &request.parts).await;
            Err(problem)
        }
        (result, _) => result,
    }
}

/// The mode that recognises a request which names none and changes nothing.
pub async fn recognised_mode(auth: &Auth, parts: &Parts) -> Result<&'static ModeInfo, Problem> {
    recognised_among(auth, auth.modes(), parts).await
}

/// Modes have no precedence: if they recognise different users, the caller has to name one.
async fn recognised_among(
    auth: &Auth,
    modes: impl IntoIterator<Item = &'static ModeInfo>,
    parts: &Parts,
) -> Result<&'static ModeInfo, Problem> {
    let mut found: Option<(&'static ModeInfo, UserId)> = None;
    let mut why = Problem::from(AuthError::Missing);
    for info in modes {
        match auth.identify(info.id.0, parts).await {
            Ok(Some(caller)) => {
                if found.as_ref().is_some_and(|(_, other)| *other != caller.user_id) {
                    return Err(Problem::field("mode", ErrorCode::Required));
                }
                found = Some((info, caller.user_id));
            }
            Ok(None) => {}
            Err(error) => why = Problem::of_mode(error, info),
        }
    }
    found.map(|(info, _)| info).ok_or(why)
}
