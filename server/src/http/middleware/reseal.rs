//! Renews a cookie without a row on every route: the API, the pages and the server functions.
//!
//! The server stores nothing about such a cookie, so its idle time counts from its last use only if the
//! answer sets a re-sealed copy.

use auth::{Auth, Resealed, SetCookie};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, header};

/// Re-seals before the handler runs, so that the handler reports the later expiry, and sets the copies on its answer.
///
/// A request for a file matches no route and is skipped. If the answer of the handler sets the same cookie, because it
/// replaces or ends the credential, the re-sealed copy of the old one is dropped.
pub async fn renew(State(auth): State<Auth>, route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    if route.is_none() || !request.headers().contains_key(header::COOKIE) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let resealed = auth.reseal(&parts).await;
    parts.extensions.insert(resealed.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    // A refused request does not count as a use of the cookie: another site may have caused it.
    if response.status().is_client_error() || response.status().is_server_error() {
        return response;
    }
    for (_, Resealed { set_cookie: SetCookie(cookie), .. }) in resealed.0 {
        let headers = response.headers_mut();
        if is_stored_nowhere(headers)
            && !sets_cookie(headers, cookie.name())
            && let Ok(value) = HeaderValue::from_str(&cookie.to_string())
        {
            headers.append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Does no cache store the answer? A cache would serve the cookie of one user to the next. `security_headers` adds
/// `no-store` to an answer without the header, after this layer.
fn is_stored_nowhere(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    !headers.contains_key(header::CACHE_CONTROL)
        || values.any(|value| value.split(',').any(|directive| directive.trim().eq_ignore_ascii_case("no-store")))
}

/// Does the answer already set or clear this cookie?
fn sets_cookie(headers: &HeaderMap, name: &str) -> bool {
    let mut values = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split_once('=').is_some_and(|(set, _)| set == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_an_answer_that_no_cache_stores_may_carry_a_cookie() {
        for (value, stored_nowhere) in
            [("no-store", true), ("private, no-store", true), ("private, max-age=60", false), ("public", false)]
        {
            assert_eq!(is_stored_nowhere(&headers(&[(header::CACHE_CONTROL, value)])), stored_nowhere, "{value}");
        }
        assert!(is_stored_nowhere(&HeaderMap::new()));
    }

    #[test]
    fn a_cookie_of_another_name_is_another_cookie() {
        let set = headers(&[(header::SET_COOKIE, "__Host-a-out=x; Path=/")]);
        assert!(sets_cookie(&set, "__Host-a-out") && !sets_cookie(&set, "__Host-a"));
    }
}
