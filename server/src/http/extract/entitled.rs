//! Which mode entitles the caller of an unsafe request, unless another site may have caused it.

use app::error::ErrorCode;
use auth::{Auth, AuthError, Denied, ModeInfo, UserId};
use http::request::Parts;

use super::Call;
use crate::{
    http::{
        middleware::csrf::{self, Effect},
        respond::Problem,
    },
    state::AppState,
};

/// The mode of that name, for a request that has this effect. A request that another site may have caused is refused and recorded.
pub async fn guarded(state: &AppState, mode: &str, call: &Call, effect: Effect) -> Result<&'static ModeInfo, Problem> {
    let info = state.auth.mode(mode)?;
    if let Err(refused) = csrf::check(&call.parts, info, effect, &state.origin) {
        state.auth.record_denial(Denied::Csrf, Some(info.id), &call.parts).await;
        return Err(refused);
    }
    Ok(info)
}

/// The mode that the field `mode` names, else the one by which the request is recognised.
pub async fn entitling_mode(state: &AppState, call: &Call, effect: Effect) -> Result<&'static ModeInfo, Problem> {
    match call.fields.text("mode") {
        Ok(named) => return guarded(state, &named, call, effect).await,
        // A form sends each of its fields, filled in or not.
        Err(ErrorCode::Required | ErrorCode::Blank) => {}
        Err(problem) => return Err(Problem::field("mode", problem)),
    }
    let (mut allowed, mut first_denial) = (Vec::new(), None);
    for info in state.auth.modes() {
        // Before the credential is looked at: a request of another site must not count as its use.
        match csrf::check(&call.parts, info, effect, &state.origin) {
            Ok(()) => allowed.push(info),
            Err(problem) => {
                first_denial.get_or_insert((info.id, problem));
            }
        }
    }
    match (recognised_among(&state.auth, allowed, &call.parts).await, first_denial) {
        (Err(_), Some((mode, problem))) => {
            state.auth.record_denial(Denied::Csrf, Some(mode), &call.parts).await;
            Err(problem)
        }
        (outcome, _) => outcome,
    }
}

/// The mode by which a request is recognised that names none, and that changes nothing.
pub async fn recognised_mode(auth: &Auth, parts: &Parts) -> Result<&'static ModeInfo, Problem> {
    recognised_among(auth, auth.modes(), parts).await
}

/// There is no precedence among modes: if they recognise different users, the caller has to say which is meant.
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
