//! The two kinds of answer: JSON for programs, a redirect for a browser that submitted a form.

use app::{
    error::ErrorCode,
    paths::{LOCAL_PATH_MAX_BYTES, LocalPath},
    types::IssuedBody,
};
use auth::{CarriedAlong, Delivery, Issued, IssuedBy, LoggedOut, Revocation, SetCookie};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::problem::Problem;

/// The kind of answer that the caller understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerAs {
    /// For a program: a status and JSON.
    Json,
    /// For a browser that submitted a form: a redirect to a page.
    Page {
        /// The page after a success, if the form names one.
        next: Option<LocalPath>,
    },
}

/// Adds a `Set-Cookie` for each cookie.
pub fn with_cookies(mut response: Response, cookies: &[SetCookie]) -> Response {
    for SetCookie(cookie) in cookies {
        // Our cookies are ASCII. A cookie that is not would be a bug: fail, because an answer without it looks like a
        // success.
        match HeaderValue::from_str(&cookie.to_string()) {
            Ok(value) => drop(response.headers_mut().append(header::SET_COOKIE, value)),
            Err(_) => return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal).into_response(),
        }
    }
    response
}

/// 303 without a body: the browser follows with GET.
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal).into_response(),
    }
}

/// A path with a query. A value longer than the maximum of `next` is left out: proxies answer 502 to a `Location` of
/// many kilobytes.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|(_, value)| value.len() <= LOCAL_PATH_MAX_BYTES);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// A path with a query that reports a problem to a page without scripts: `error`, and `field` if a field was refused.
pub fn with_problem(path: &str, pairs: &[(&str, &str)], problem: &Problem) -> String {
    let (code, field) = problem.shown();
    let code = code_text(code);
    let field = field.map(|field| ("field", field));
    with_query(path, &pairs.iter().copied().chain([("error", code.as_str())]).chain(field).collect::<Vec<_>>())
}

/// The text of a code, for a query.
pub fn code_text(code: ErrorCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The body of a login or a rotation.
pub fn issued_body(issued: &Issued) -> IssuedBody {
    let mut body = IssuedBody::new(app::ssr::lifetime(issued.lifetime));
    match &issued.delivery {
        Delivery::Cookie => {}
        Delivery::Token { token, expires_in } => {
            body.token = Some(token.expose().to_owned());
            body.expires_in = Some(expires_in.0);
        }
        Delivery::Pair { access, access_expires_in, refresh, refresh_expires_in } => {
            body.access = Some(access.expose().to_owned());
            body.access_expires_in = Some(access_expires_in.0);
            body.refresh = refresh.as_ref().map(|refresh| refresh.expose().to_owned());
            body.refresh_expires_in = Some(refresh_expires_in.0);
        }
    }
    body
}

/// The header with the result of a rotation.
pub const ROTATION: HeaderName = HeaderName::from_static("x-rotation");

/// `rotated`, or `retry` if the same successor is issued again. No header after a login.
pub fn rotation_header(issued: &Issued) -> Option<[(HeaderName, &'static str); 1]> {
    (issued.by != IssuedBy::Login).then(|| [(ROTATION, issued.by.as_str())])
}

/// The answer after all other sign-ins have ended: the caller's new credential, in the shape of a rotation. `page` is
/// the page for a form, and `done` what it reports.
pub fn carried_along(answer_as: &AnswerAs, page: &str, done: &str, carried: &CarriedAlong) -> Response {
    let CarriedAlong { issued, revocation } = carried;
    let response = match answer_as {
        AnswerAs::Page { .. } => see_other(&ended_page(page, done, *revocation)),
        AnswerAs::Json => (rotation_header(issued), Json(issued_body(issued))).into_response(),
    };
    with_cookies((revocation_header(*revocation), response).into_response(), &issued.set_cookies)
}

/// The header with the time from which ended credentials are refused.
pub fn revocation_header(revocation: Revocation) -> [(HeaderName, String); 1] {
    let text = match revocation {
        Revocation::Immediate => "immediate".to_owned(),
        Revocation::AtExpiry(until) => format!("at-expiry; until={}", until.0),
        Revocation::Unreadable => "unreadable".to_owned(),
    };
    [(HeaderName::from_static("x-revocation"), text)]
}

/// The answer to a logout. `done` is the mode, or `everywhere`.
pub fn logged_out(answer_as: &AnswerAs, done: &str, LoggedOut { revocation, set_cookies, .. }: &LoggedOut) -> Response {
    let response = match answer_as {
        AnswerAs::Json => (StatusCode::NO_CONTENT, revocation_header(*revocation)).into_response(),
        AnswerAs::Page { next } => {
            let page = ended_page("/logout", done, *revocation);
            see_other(next.as_ref().map_or(page.as_str(), |next| next.as_str()))
        }
    };
    with_cookies(response, set_cookies)
}

/// The page that reports to a browser without scripts what has ended, and when ended credentials stop working.
pub fn ended_page(path: &str, done: &str, revocation: Revocation) -> String {
    let page = |query: &[(&str, &str)]| with_query(path, &[&[("done", done)], query].concat());
    match revocation {
        Revocation::Immediate => page(&[("ended", "immediate")]),
        Revocation::AtExpiry(until) => page(&[("ended", "at-expiry"), ("until", &until.0.to_string())]),
        Revocation::Unreadable => page(&[("ended", "unreadable")]),
    }
}

/// The answer to a failure that belongs to no field of a form.
pub fn failed(answer_as: &AnswerAs, mode: &str, problem: Problem) -> Response {
    match answer_as {
        AnswerAs::Json => problem.into_response(),
        // No redirect: a form of another site must not lead to our pages as if it were ours.
        AnswerAs::Page { .. } if problem.status == StatusCode::FORBIDDEN => problem.into_response(),
        AnswerAs::Page { next } if problem.status == StatusCode::UNAUTHORIZED => {
            see_other(&log_in_again(mode, next.as_ref().map(LocalPath::as_str)))
        }
        AnswerAs::Page { .. } => see_other(&with_problem("/", &[], &problem)),
    }
}

/// The login after a form whose sign-in was over: it says that the form has changed nothing. `next` is the page of the
/// form.
fn log_in_again(mode: &str, next: Option<&str>) -> String {
    let code = code_text(ErrorCode::SignedOut);
    let pairs = [("mode", mode)].into_iter().chain(next.map(|next| ("next", next))).chain([("error", code.as_str())]);
    with_query("/login", &pairs.collect::<Vec<_>>())
}

/// The page on which a browser without scripts manages the account.
pub fn account_page(mode: &str) -> String {
    format!("/account/{mode}")
}

/// The answer to a failure of a form on the account page, which shows the message beside the refused field.
pub fn account_failed(answer_as: &AnswerAs, mode: &str, problem: Problem) -> Response {
    let page_shows_it = matches!(problem.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT);
    if *answer_as != AnswerAs::Json && problem.status == StatusCode::UNAUTHORIZED {
        return see_other(&log_in_again(mode, Some(&account_page(mode))));
    }
    if *answer_as == AnswerAs::Json || !page_shows_it {
        return failed(answer_as, mode, problem);
    }
    see_other(&with_problem(&account_page(mode), &[], &problem))
}
