//! Which mode was used last, so that `/me` leads there. A preference and no credential: a forged one leads to another of the
//! browser's own pages.

use auth::{Auth, ModeInfo, cookie_value};
use axum::response::Response;
use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use super::csrf;
use crate::state::AppState;

const COOKIE: &str = "__Host-last-mode";
const KEEP: Duration = Duration::days(365);

/// Adds the cookie where a page of ours logs in. A program has no use for it, and another site may not choose it.
pub fn remember(mode: &str, request: &Parts, state: &AppState, mut response: Response) -> Response {
    if !csrf::is_from_our_page(request, &state.origin) {
        return response;
    }
    let cookie = Cookie::build((COOKIE, mode))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(KEEP)
        .build();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The mode that the cookie names, if there is such a mode.
pub fn find(auth: &Auth, headers: &HeaderMap) -> Option<&'static ModeInfo> {
    let mode = cookie_value(headers, COOKIE).ok()??;
    auth.mode(mode).ok()
}
