//! How credentials travel: reading them from the headers of a request, and writing the cookies that carry them.

use std::net::IpAddr;

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use time::Duration;

use crate::{
    clock::Seconds,
    error::{AuthError, Refusal},
    mode::SetCookie,
};

/// Bytes. Browsers drop a longer cookie without a word, and no token of ours comes near.
const CREDENTIAL_MAX_BYTES: usize = 4096;
/// Code points of a `User-Agent` that are kept for "your devices".
const USER_AGENT_MAX_CHARS: usize = 200;

/// The token of an `Authorization: Bearer …` header (RFC 6750, 2.1). `None` without that header, or with another scheme.
///
/// # Errors
/// [`Refusal::Malformed`] for anything that starts as one and is none, or is there twice.
pub fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, AuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Refusal::Malformed.into());
    }
    let text = value.to_str().map_err(|_| Refusal::Malformed)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    if token.is_empty() || token.len() > CREDENTIAL_MAX_BYTES || token.contains(' ') {
        return Err(Refusal::Malformed.into());
    }
    Ok(Some(token))
}

/// The value of one cookie.
///
/// # Errors
/// [`Refusal::Malformed`] if it is there twice: a neighbouring host or path can plant a second one, and there is no telling
/// which is which.
pub fn cookie_value<'r>(headers: &'r HeaderMap, name: &str) -> Result<Option<&'r str>, AuthError> {
    let mut found = None;
    for header in headers.get_all(header::COOKIE) {
        // A neighbour's unreadable cookie must not hide ours, and ours is ASCII.
        for pair in header.as_bytes().split(|byte| *byte == b';') {
            let Some((key, value)) = std::str::from_utf8(pair).ok().and_then(|pair| pair.trim().split_once('=')) else {
                continue;
            };
            if key == name && found.replace(value).is_some() {
                return Err(Refusal::Malformed.into());
            }
        }
    }
    match found {
        Some(value) if value.len() > CREDENTIAL_MAX_BYTES => Err(Refusal::Malformed.into()),
        // What clearing a cookie leaves behind in careless clients.
        Some("") => Ok(None),
        found => Ok(found),
    }
}

/// A cookie that carries a credential: `HttpOnly` against XSS, `Secure` against the network, `SameSite=Lax` against the
/// plainest CSRF (the rest is the CSRF check's).
#[must_use]
pub fn set_cookie(name: &'static str, path: &'static str, value: String, max_age: Seconds) -> SetCookie {
    SetCookie(
        Cookie::build((name, value))
            .path(path)
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(max_age.0.max(0)))
            .build(),
    )
}

/// The same cookie, to be forgotten.
#[must_use]
pub fn clear_cookie(name: &'static str, path: &'static str) -> SetCookie {
    set_cookie(name, path, String::new(), Seconds(0))
}

/// What is remembered of a client, for "your devices".
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What it calls itself. Bounded, and without controls: it is printed on a page.
    pub user_agent: String,
    /// Where it calls from. Empty where nobody vouches for an address.
    pub address: String,
}

impl Client {
    /// As the request has it.
    #[must_use]
    pub fn of(req: &Parts) -> Self {
        Self { user_agent: user_agent(req), address: client_address(req) }
    }
}

/// Where the request came from, as far as the transport layer can vouch for it. It goes into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

fn client_address(req: &Parts) -> String {
    req.extensions
        .get::<ClientAddress>()
        .map(|ClientAddress(address)| address.to_canonical().to_string())
        .unwrap_or_default()
}

fn user_agent(req: &Parts) -> String {
    let bytes = req.headers.get(header::USER_AGENT).map_or(&[][..], HeaderValue::as_bytes);
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().fold(HeaderMap::new(), |mut map, (name, value)| {
            map.append(*name, value.parse().unwrap());
            map
        })
    }

    #[test]
    fn the_scheme_is_compared_without_regard_to_case() {
        assert_eq!(bearer_token(&headers(&[("authorization", "bEaReR abc")])).unwrap(), Some("abc"));
    }

    #[test]
    fn another_scheme_is_no_bearer_credential() {
        assert_eq!(bearer_token(&headers(&[("authorization", "Basic abc")])).unwrap(), None);
    }

    #[test]
    fn a_bearer_header_that_is_not_of_two_parts_is_refused() {
        for value in ["Bearer", "Bearer ", "Bearer a b"] {
            assert!(bearer_token(&headers(&[("authorization", value)])).is_err(), "{value:?}");
        }
    }

    #[test]
    fn two_authorization_headers_are_refused() {
        assert!(bearer_token(&headers(&[("authorization", "Bearer a"), ("authorization", "Bearer b")])).is_err());
    }

    #[test]
    fn a_cookie_is_found_among_others_and_across_headers() {
        let headers = headers(&[("cookie", "a=1; b=2"), ("cookie", "c=3=4")]);
        assert_eq!(cookie_value(&headers, "c").unwrap(), Some("3=4"));
    }

    #[test]
    fn the_same_cookie_twice_is_refused() {
        assert!(cookie_value(&headers(&[("cookie", "a=1; a=2")]), "a").is_err());
    }

    #[test]
    fn a_name_that_merely_ends_alike_is_another_cookie() {
        assert_eq!(cookie_value(&headers(&[("cookie", "xa=1")]), "a").unwrap(), None);
    }
}
