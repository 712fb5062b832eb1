//! Transport of credentials: parsing of request headers, and the cookies that carry credentials.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, header};
use time::Duration;

use crate::{clock::Seconds, error::Refusal, mode::issued::SetCookie};

/// Maximum size of a credential in bytes. Browsers silently drop a longer cookie. Every credential of this crate is far
/// shorter, in a cookie and elsewhere.
pub const CREDENTIAL_MAX_BYTES: usize = 4096;

/// The token of an `Authorization: Bearer …` header (RFC 6750, 2.1). `None` without that header, or with another
/// scheme.
///
/// # Errors
/// [`Refusal::Malformed`] for a malformed `Bearer` header, one that is not ASCII, or two headers.
pub fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Refusal::Malformed);
    }
    let text = value.to_str().map_err(|_| Refusal::Malformed)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    let well_formed = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    if !well_formed || !(1..=CREDENTIAL_MAX_BYTES).contains(&token.len()) {
        return Err(Refusal::Malformed);
    }
    Ok(Some(token))
}

/// Maximum number of cookies of one name that are tried. A sibling host or another path can plant further ones, and a
/// request does not show the origin of a cookie.
const COOKIES_OF_A_NAME: usize = 4;

/// The values of all cookies of one name. Empty values are skipped: some clients keep an empty cookie after it was
/// cleared.
///
/// Several values mean a planted cookie. Refusing the request would lock its user out, so the mode tries each value and
/// uses the genuine one.
///
/// # Errors
/// [`Refusal::Malformed`] if there are more than [`COOKIES_OF_A_NAME`], or one exceeds [`CREDENTIAL_MAX_BYTES`].
pub fn cookie_values<'r>(headers: &'r HeaderMap, name: &str) -> Result<Vec<&'r str>, Refusal> {
    let mut found = Vec::new();
    for header in headers.get_all(header::COOKIE) {
        // Skip a cookie that is not UTF-8: it must not hide a credential, which is always ASCII.
        for pair in header.as_bytes().split(|byte| *byte == b';') {
            let Some((key, value)) = std::str::from_utf8(pair).ok().and_then(|pair| pair.trim().split_once('=')) else {
                continue;
            };
            if key == name && !value.is_empty() && !found.contains(&value) {
                found.push(value);
            }
        }
    }
    let is_bounded = found.len() <= COOKIES_OF_A_NAME && found.iter().all(|value| value.len() <= CREDENTIAL_MAX_BYTES);
    if is_bounded { Ok(found) } else { Err(Refusal::Malformed) }
}

/// Does the request have a cookie of this name, readable or not?
#[must_use]
pub fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    !matches!(cookie_values(headers, name).as_deref(), Ok([]))
}

/// A cookie that carries a credential: `HttpOnly` against XSS, `Secure` against eavesdropping, `SameSite=Lax` against
/// simple CSRF (the CSRF check covers the rest), `Path=/` because the prefix `__Host-` requires it (RFC 6265bis,
/// 4.1.3.2).
#[must_use]
pub fn set_cookie(name: &'static str, value: String, max_age: Seconds) -> SetCookie {
    SetCookie(
        Cookie::build((name, value))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(max_age.0.max(0)))
            .build(),
    )
}

/// The attributes of every cookie that carries a credential, as in `Set-Cookie`. Without `Max-Age`, which is the
/// credential's own.
#[must_use]
pub fn cookie_attributes() -> Vec<String> {
    let SetCookie(cookie) = clear_cookie("any");
    let header = cookie.to_string();
    header.split("; ").skip(1).filter(|attribute| !attribute.starts_with("Max-Age=")).map(str::to_owned).collect()
}

/// The length in bytes of the value of the cookie of this name. `None` unless the request has exactly one such cookie:
/// of several, only the mode knows the genuine one.
#[must_use]
pub fn cookie_length(headers: &HeaderMap, name: &str) -> Option<usize> {
    match cookie_values(headers, name).as_deref() {
        Ok([value]) => Some(value.len()),
        _ => None,
    }
}

/// A cookie that deletes the cookie of this name.
#[must_use]
pub fn clear_cookie(name: &'static str) -> SetCookie {
    set_cookie(name, String::new(), Seconds(0))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::{collection::vec, prelude::*};

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
        assert_eq!(cookie_values(&headers, "c").unwrap(), ["3=4"]);
    }

    #[test]
    fn all_cookies_of_one_name_are_returned_up_to_a_bound() {
        assert_eq!(cookie_values(&headers(&[("cookie", "a=1; a=2; a=; a=1")]), "a").unwrap(), ["1", "2"]);
        assert!(cookie_values(&headers(&[("cookie", "a=1; a=2; a=3; a=4; a=5")]), "a").is_err());
    }

    #[test]
    fn a_name_with_the_same_ending_is_another_cookie() {
        assert!(cookie_values(&headers(&[("cookie", "xa=1")]), "a").unwrap().is_empty());
    }

    #[test]
    fn the_attributes_are_those_of_every_credential_cookie() {
        let mut attributes = cookie_attributes();
        attributes.sort();
        assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
        let SetCookie(cookie) = set_cookie("a", "b".to_owned(), Seconds(60));
        assert!(attributes.iter().all(|attribute| cookie.to_string().split("; ").any(|set| set == attribute)));
    }

    #[test]
    fn the_length_of_a_cookie_is_known_only_if_there_is_one() {
        assert_eq!(cookie_length(&headers(&[("cookie", "a=123; b=4")]), "a"), Some(3));
        assert_eq!(cookie_length(&headers(&[("cookie", "a=123; a=45")]), "a"), None);
        assert_eq!(cookie_length(&headers(&[("cookie", "b=4")]), "a"), None);
    }

    /// Any header value. Most values contain a token that a parser searches for.
    fn header_value(looked_for: &'static [&'static str]) -> impl Strategy<Value = HeaderValue> {
        let anything = vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..12);
        let piece =
            prop_oneof![2 => prop::sample::select(looked_for).prop_map(|text| text.as_bytes().to_vec()), 1 => anything];
        vec(piece, 0..6).prop_map(|pieces| HeaderValue::from_bytes(&pieces.concat()).unwrap())
    }

    fn repeated(name: &header::HeaderName, values: Vec<HeaderValue>) -> HeaderMap {
        values.into_iter().map(|value| (name.clone(), value)).collect()
    }

    proptest! {
        #[test]
        fn an_accepted_bearer_token_has_the_form_of_the_rfc(
            values in vec(header_value(&["Bearer ", "bearer", "Basic ", " ", "eyJ.-_~+/=", "\"", ","]), 0..3)
        ) {
            let headers = repeated(&header::AUTHORIZATION, values.clone());
            match bearer_token(&headers) {
                Ok(Some(token)) => {
                    prop_assert!(token.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._~+/=".contains(&c)), "{token:?}");
                    prop_assert!((1..=CREDENTIAL_MAX_BYTES).contains(&token.len()));
                    prop_assert_eq!(values.len(), 1);
                    let (scheme, rest) = values[0].as_bytes().split_at("Bearer ".len());
                    prop_assert!(scheme.eq_ignore_ascii_case(b"bearer ") && rest == token.as_bytes());
                }
                Ok(None) => prop_assert!(
                    values.is_empty() || !values[0].as_bytes().to_ascii_lowercase().starts_with(b"bearer "),
                    "a valid bearer token was not found"
                ),
                Err(refusal) => prop_assert_eq!(refusal, Refusal::Malformed),
            }
        }

        #[test]
        fn a_cookie_is_found_beside_any_other_text(
            values in vec(header_value(&["a=", "a=b", ";", "; ", "=", "aa=", " ", "A="]), 0..3)
        ) {
            let headers = repeated(&header::COOKIE, values.clone());
            let pairs = values.iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
            let mut pairs: Vec<_> = pairs.filter_map(|pair| str::from_utf8(pair).ok()?.trim().strip_prefix("a=")).collect();
            pairs.retain(|value| !value.is_empty());
            let mut seen = std::collections::HashSet::new();
            pairs.retain(|value| seen.insert(*value));
            match cookie_values(&headers, "a") {
                Ok(values) => prop_assert_eq!(values, pairs),
                Err(refusal) => {
                    prop_assert_eq!(refusal, Refusal::Malformed);
                    prop_assert!(pairs.len() > COOKIES_OF_A_NAME);
                }
            }
        }

        #[test]
        fn a_cookie_is_read_as_it_was_set(value in "[!-:<-~]{1,200}", others in vec("[b-z]{1,3}=[!-:<-~]{0,9}", 0..4)) {
            let SetCookie(cookie) = set_cookie("a", value.clone(), Seconds(1));
            let all = [others, vec![cookie.stripped().to_string()]].concat().join("; ");
            let headers = repeated(&header::COOKIE, vec![all.parse().unwrap()]);
            prop_assert_eq!(cookie_values(&headers, "a").unwrap(), [value.as_str()]);
        }
    }

    #[test]
    fn a_credential_of_4096_bytes_fits_and_a_longer_one_does_not() {
        for (length, fits) in [(4096, true), (4097, false), (1_048_576, false)] {
            let text = "a".repeat(length);
            let token = repeated(&header::AUTHORIZATION, vec![format!("Bearer {text}").parse().unwrap()]);
            assert_eq!(bearer_token(&token).is_ok(), fits, "a token of {length}");
            let cookie = repeated(&header::COOKIE, vec![format!("a={text}").parse().unwrap()]);
            assert_eq!(cookie_values(&cookie, "a").is_ok(), fits, "a cookie of {length}");
        }
    }
}
