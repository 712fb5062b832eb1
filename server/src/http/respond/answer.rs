//! The two kinds of answer: JSON for programs, a redirect for a browser that sent a form.

use app::{error::ErrorCode, types::IssuedBody};
use auth::{CarriedAlong, Delivery, Issued, IssuedBy, LoggedOut, Revocation, SetCookie};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{
    local_path::{self, LocalPath},
    problem::Problem,
};

/// What kind of answer the caller understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerAs {
    /// A program: a status and JSON.
    Json,
    /// A browser that sent a form and shows whatever comes: a redirect.
    Page {
        /// Where it wants to go on success.
        next: Option<LocalPath>,
    },
}

/// `Set-Cookie` for each.
pub fn with_cookies(mut response: Response, cookies: &[SetCookie]) -> Response {
    for SetCookie(cookie) in cookies {
        // Every cookie of ours is ASCII. One that were not must not be lost without a word: no sign-in is better.
        match HeaderValue::from_str(&cookie.to_string()) {
            Ok(value) => drop(response.headers_mut().append(header::SET_COOKIE, value)),
            Err(_) => return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal).into_response(),
        }
    }
    response
}

/// 303: "see there", by GET, without a body.
pub fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal).into_response(),
    }
}

/// A path with a query. What is longer than any path of ours is left out: a `Location` of many kilobytes stops at the next proxy,
/// which calls it a failure of this server.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|(_, value)| value.len() <= local_path::MAX_BYTES);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// The code as it stands in a query.
pub fn code_text(code: ErrorCode) -> String {
    serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The body of a login or a rotation.
pub fn issued_body(issued: &Issued) -> IssuedBody {
    let mut body = IssuedBody {
        auth: app::ssr::lifetime(issued.lifetime),
        token: None,
        expires_in: None,
        access: None,
        refresh: None,
        access_expires_in: None,
        refresh_expires_in: None,
    };
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

/// How the verdict on a rotation is told, beside the body.
pub const ROTATION: HeaderName = HeaderName::from_static("x-rotation");

/// `rotated`, or `retry` where the same successor is handed over again. Nothing where nothing was rotated.
pub fn rotation_header(issued: &Issued) -> Option<[(HeaderName, &'static str); 1]> {
    (issued.by != IssuedBy::Login).then(|| [(ROTATION, issued.by.as_str())])
}

/// The new credential of a caller whose other sign-ins have ended, as a rotation hands it over.
pub fn carried_along(answer_as: &AnswerAs, page: &str, CarriedAlong { issued, revocation }: &CarriedAlong) -> Response {
    let response = match answer_as {
        AnswerAs::Page { .. } => see_other(page),
        AnswerAs::Json => (rotation_header(issued), Json(issued_body(issued))).into_response(),
    };
    with_cookies((revocation_header(*revocation), response).into_response(), &issued.set_cookies)
}

/// When the end of what was ended takes hold.
pub fn revocation_header(revocation: Revocation) -> [(HeaderName, String); 1] {
    let text = match revocation {
        Revocation::Immediate => "immediate".to_owned(),
        Revocation::AtExpiry(until) => format!("at-expiry; until={}", until.0),
        Revocation::Unreadable => "unreadable".to_owned(),
    };
    [(HeaderName::from_static("x-revocation"), text)]
}

/// The answer to having logged out of `done`.
pub fn logged_out(answer_as: &AnswerAs, done: &str, LoggedOut { revocation, set_cookies, .. }: &LoggedOut) -> Response {
    let response = match answer_as {
        AnswerAs::Json => (StatusCode::NO_CONTENT, revocation_header(*revocation)).into_response(),
        AnswerAs::Page { next } => {
            let page = logged_out_page(done, *revocation);
            see_other(next.as_ref().map_or(page.as_str(), |next| next.as_str()))
        }
    };
    with_cookies(response, set_cookies)
}

/// Where a browser without scripts reads what logging out has ended.
fn logged_out_page(done: &str, revocation: Revocation) -> String {
    let page = |query: &[(&str, &str)]| with_query("/logout", &[&[("done", done)], query].concat());
    match revocation {
        Revocation::Immediate => page(&[("ended", "immediate")]),
        Revocation::AtExpiry(until) => page(&[("ended", "at-expiry"), ("until", &until.0.to_string())]),
        Revocation::Unreadable => page(&[("ended", "unreadable")]),
    }
}

/// A failure that is not about what was typed.
pub fn failed(answer_as: &AnswerAs, mode: &str, problem: Problem) -> Response {
    let code = code_text(problem.query_code());
    match answer_as {
        AnswerAs::Json => problem.into_response(),
        // Another site's form is not led back to our pages as if it were ours.
        AnswerAs::Page { .. } if problem.status == StatusCode::FORBIDDEN => problem.into_response(),
        AnswerAs::Page { .. } if problem.status == StatusCode::UNAUTHORIZED => {
            see_other(&with_query("/login", &[("mode", mode), ("error", &code)]))
        }
        AnswerAs::Page { .. } => see_other(&with_query("/", &[("error", &code)])),
    }
}

/// Where a browser without scripts manages its account.
pub fn account_page(mode: &str) -> String {
    format!("/account/{mode}")
}

/// A failure of a form on the account page. The page tells it beside the refused field.
pub fn account_failed(answer_as: &AnswerAs, mode: &str, problem: Problem) -> Response {
    let is_told_there = matches!(problem.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT);
    if *answer_as == AnswerAs::Json || !is_told_there {
        return failed(answer_as, mode, problem);
    }
    let code = code_text(problem.query_code());
    let mut query = vec![("error", code.as_str())];
    query.extend(problem.body.fields.keys().next().map(|field| ("field", field.as_str())));
    see_other(&with_query(&account_page(mode), &query))
}
