//! Cross-site request forgery: another site makes a browser send a request, and the browser adds its cookies.
//!
//! The check applies where the credential is a cookie, and where the answer would set one: a forged login signs the
//! victim in as the attacker. It does not apply to a bearer token, because no browser adds one by itself.

use app::error::ErrorCode;
use auth::{ModeInfo, Transport};
use http::{HeaderMap, StatusCode, header, request::Parts};

use crate::{http::respond::Problem, state::PublicOrigin};

/// What an unsafe request does with the credential of its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Sets a credential cookie, if the mode has one.
    BeginSignIn,
    /// Replaces or ends the credential. In a mode with a refresh token this is the refresh token: its cookie is read
    /// even if the request has an `Authorization` header.
    RenewOrEnd,
    /// Acts with the credential that identifies the caller. In a bearer mode this is the token of `Authorization`: the
    /// browser adds the refresh cookie to the request, but nothing reads it.
    Act,
}

/// Refuses a request that another site may have caused.
///
/// The check reads Fetch Metadata if it is present (every current browser sends it, and no script can set or remove a
/// `Sec-` header), else `Origin`. A request with neither comes from no current browser: it passes unless it carries the
/// credential cookie.
///
/// # Errors
/// 403 `csrf_failed`; `reason` is the header that failed the check.
pub fn check(request: &Parts, mode: &ModeInfo, effect: Effect, ours: &PublicOrigin) -> Result<(), Problem> {
    let Some(cookie) = mode.cookie else { return Ok(()) };
    let has_cookie = auth::has_cookie(&request.headers, cookie);
    let is_exposed = match (effect, mode.transport) {
        (Effect::BeginSignIn, _) | (_, Transport::Cookie) => true,
        (Effect::RenewOrEnd, Transport::Bearer) => has_cookie,
        (Effect::Act, Transport::Bearer) => false,
    };
    if !is_exposed {
        return Ok(());
    }
    match initiator(request, ours) {
        Initiator::OtherSite(header) => Err(refused(header)),
        Initiator::Unknown if has_cookie => Err(refused("origin")),
        Initiator::OurPage | Initiator::User | Initiator::Unknown => Ok(()),
    }
}

/// Did one of our pages cause this request, in a browser?
pub fn is_from_our_page(request: &Parts, ours: &PublicOrigin) -> bool {
    matches!(initiator(request, ours), Initiator::OurPage)
}

/// What caused a request, according to the browser's headers.
enum Initiator {
    OurPage,
    /// The user, by bookmark or address bar.
    User,
    /// Another site or origin, and the header that names it.
    OtherSite(&'static str),
    /// Neither header is present: no current browser sent this request.
    Unknown,
}

fn initiator(request: &Parts, ours: &PublicOrigin) -> Initiator {
    match text(&request.headers, "sec-fetch-site") {
        Some("same-origin") => return Initiator::OurPage,
        Some("none") => return Initiator::User,
        Some(_) => return Initiator::OtherSite("sec-fetch-site"),
        None => {}
    }
    match text(&request.headers, header::ORIGIN.as_str()) {
        Some(origin) if is_ours(origin, &request.headers, ours) => Initiator::OurPage,
        Some(_) => Initiator::OtherSite("origin"),
        None => Initiator::Unknown,
    }
}

fn is_ours(origin: &str, headers: &HeaderMap, ours: &PublicOrigin) -> bool {
    if let Some(ours) = &ours.0 {
        return origin == ours.as_str();
    }
    // Without the setting, compare hosts. The scheme is unknown behind a proxy that ends TLS, and another site has
    // another host.
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| !authority.is_empty()) && authority == text(headers, header::HOST.as_str())
}

/// A header that is not text counts as present, with a value that matches nothing.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

fn refused(reason: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, ErrorCode::CsrfFailed).because(reason)
}

#[cfg(test)]
mod tests {
    use auth::testing::{Driver, World};
    use http::{HeaderName, HeaderValue};
    use proptest::{collection::vec, option, prelude::*, sample::select};

    use super::*;
    use crate::origin::Origin;

    async fn modes() -> Vec<&'static ModeInfo> {
        World::new(Driver::Sqlite).await.unwrap().auth.modes().collect()
    }

    /// Any header value, mostly one that a browser writes or one that is close to it.
    fn value(written: &'static [&'static str]) -> impl Strategy<Value = HeaderValue> {
        let anything = vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..20);
        let written = select(written).prop_map(|text| text.as_bytes().to_vec());
        prop_oneof![4 => written, 1 => anything].prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap())
    }

    const SITES: &[&str] = &["same-origin", "none", "same-site", "cross-site", "Same-Origin", "same-origin, none", ""];
    const HOSTS: &[&str] = &["latchkey.test", "latchkey.test", "\u{fc}", ""];
    const ORIGINS: &[&str] = &[
        "https://latchkey.test",
        "http://latchkey.test",
        "null",
        "",
        "https://",
        "://latchkey.test",
        "app://latchkey.test",
        "latchkey.test",
        "https://latchkey.test.evil.test",
        "https://evil.test://latchkey.test",
        "https://latchkey.test:444",
        "https://evil.test",
    ];

    /// An unsafe request, and the value for the cookie of the mode that it is sent to.
    fn request() -> impl Strategy<Value = (Parts, Option<&'static str>)> {
        let headers = (option::of(value(SITES)), option::of(value(ORIGINS)), option::of(value(HOSTS)));
        (headers, option::of(select(vec!["a", "a; other=b", ""]))).prop_map(|((site, origin, host), cookie)| {
            let (mut parts, ()) = http::Request::new(()).into_parts();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin), ("host", host)] {
                parts.headers.extend(value.map(|value| (HeaderName::from_static(name), value)));
            }
            (parts, cookie)
        })
    }

    /// The request with the cookie of this mode, and whether the cookie counts as present.
    fn to(mode: &ModeInfo, (request, cookie): &(Parts, Option<&str>)) -> (Parts, bool) {
        let mut request = request.clone();
        let Some((name, value)) = mode.cookie.zip(*cookie) else { return (request, false) };
        request.headers.insert(header::COOKIE, format!("{name}={value}").parse().unwrap());
        (request, !value.is_empty())
    }

    fn ours() -> impl Strategy<Value = PublicOrigin> {
        option::of(Just("https://latchkey.test")).prop_map(|origin| PublicOrigin(origin.and_then(Origin::parse)))
    }

    /// The rule of this file, written a second time and in another way.
    fn may_have_been_caused_elsewhere(request: &Parts, ours: &PublicOrigin) -> bool {
        let bytes = |name| request.headers.get(name).map(HeaderValue::as_bytes);
        match (bytes("sec-fetch-site"), bytes("origin"), &ours.0, bytes("host")) {
            (Some(site), ..) => site != b"same-origin" && site != b"none",
            (None, None, ..) => false,
            (None, Some(origin), Some(ours), _) => origin != ours.as_str().as_bytes(),
            (None, Some(origin), None, Some(host)) if !host.is_empty() => {
                origin != [&b"https://"[..], host].concat() && origin != [&b"http://"[..], host].concat()
            }
            (None, Some(_), None, _) => true,
        }
    }

    #[tokio::test]
    async fn what_another_site_may_have_caused_neither_uses_nor_sets_a_cookie() {
        for mode in modes().await.into_iter().filter(|mode| mode.cookie.is_some()) {
            proptest!(ProptestConfig::with_cases(1000), |(request in request(), ours in ours())| {
                let (request, carried) = to(mode, &request);
                prop_assume!(may_have_been_caused_elsewhere(&request, &ours));
                prop_assert!(!is_from_our_page(&request, &ours));
                prop_assert!(check(&request, mode, Effect::BeginSignIn, &ours).is_err());
                if carried || mode.transport == Transport::Cookie {
                    prop_assert!(check(&request, mode, Effect::RenewOrEnd, &ours).is_err());
                }
                let reads_a_cookie = mode.transport == Transport::Cookie;
                prop_assert_eq!(check(&request, mode, Effect::Act, &ours).is_err(), reads_a_cookie);
            });
        }
    }

    #[tokio::test]
    async fn a_cookie_without_a_word_of_where_it_comes_from_is_refused() {
        for mode in modes().await {
            proptest!(|(request in request(), ours in ours())| {
                let (mut request, carried) = to(mode, &request);
                request.headers.remove("sec-fetch-site");
                request.headers.remove("origin");
                prop_assert_eq!(check(&request, mode, Effect::RenewOrEnd, &ours).is_err(), carried);
            });
        }
    }

    #[tokio::test]
    async fn a_page_of_ours_is_never_hindered_and_a_mode_without_a_cookie_by_nothing() {
        for mode in modes().await {
            proptest!(|(request in request(), ours in ours())| {
                let (mut request, _) = to(mode, &request);
                if mode.cookie.is_some() {
                    request.headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
                }
                for effect in [Effect::BeginSignIn, Effect::RenewOrEnd, Effect::Act] {
                    prop_assert!(check(&request, mode, effect, &ours).is_ok());
                }
            });
        }
    }

    #[tokio::test]
    async fn a_refusal_is_the_documented_one_and_names_a_header() {
        for mode in modes().await {
            proptest!(|(request in request(), ours in ours())| {
                let (request, _) = to(mode, &request);
                if let Err(problem) = check(&request, mode, Effect::BeginSignIn, &ours) {
                    prop_assert_eq!((problem.status, problem.body.code), (StatusCode::FORBIDDEN, ErrorCode::CsrfFailed));
                    let reason = problem.body.reason.unwrap_or_default();
                    prop_assert!(["sec-fetch-site", "origin"].contains(&reason.as_str()), "{}", reason);
                }
            });
        }
    }
}
