//! Cookies with a preference of the visitor. They are no credentials.

use axum::response::Response;
use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderValue, header};

const KEEP: Duration = Duration::days(365);

/// Sets the cookie on an answer. It has the attributes of the other cookies all the same: no other host can set it, and
/// no script needs it. A value that no header can carry is left out.
pub fn set_preference(response: &mut Response, name: &str, value: &str) {
    let cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(KEEP)
        .build();
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
