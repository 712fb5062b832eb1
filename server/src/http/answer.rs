//! The two kinds of answer: JSON for programs, a redirect for a browser that sent a form.

use app::{error::ErrorCode, types::IssuedBody};
use auth::{Afresh, Delivery, Issued, IssuedBy, LoggedOut, Revocation, SetCookie};
use axum::{
    Json,
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{call::AnswerAs, local_path, problem::Problem};

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

/// A credential that replaces the caller's, as a login hands one over.
pub fn renewed(answer_as: &AnswerAs, page: &str, Afresh { issued, revocation }: &Afresh) -> Response {
    let response = match answer_as {
        AnswerAs::Page { .. } => see_other(page),
        AnswerAs::Json => Json(issued_body(issued)).into_response(),
    };
    with_cookies((revocation_header(*revocation), response).into_response(), &issued.set_cookies)
}

/// The same, where an answer without a body says it all if a cookie carries the credential.
pub fn handed_over(answer_as: &AnswerAs, page: &str, afresh: &Afresh) -> Response {
    let mut response = renewed(answer_as, page, afresh);
    if *answer_as == AnswerAs::Json && matches!(afresh.issued.delivery, Delivery::Cookie) {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// When the end of what was ended takes hold.
pub fn revocation_header(revocation: Revocation) -> [(HeaderName, String); 1] {
    let text = match revocation {
        Revocation::Immediate => "immediate".to_owned(),
        Revocation::AtExpiry(until) => format!("at-expiry; until={}", until.0),
    };
    [(HeaderName::from_static("x-revocation"), text)]
}

/// 204, and when the end takes hold.
pub fn logged_out(ended: &LoggedOut) -> Response {
    (StatusCode::NO_CONTENT, revocation_header(ended.revocation)).into_response()
}

/// Where a browser without scripts reads what logging out has ended.
pub fn logged_out_page(done: &str, revocation: Revocation) -> String {
    match revocation {
        Revocation::Immediate => with_query("/logout", &[("done", done), ("ended", "immediate")]),
        Revocation::AtExpiry(until) => {
            let until = until.0.to_string();
            with_query("/logout", &[("done", done), ("ended", "at-expiry"), ("until", &until)])
        }
    }
}
