//! Cross-site request forgery: another site makes a browser send a request, and the browser adds its cookies.
//!
//! Enforced exactly where a browser adds something by itself, or would keep something: where a cookie is the credential, and
//! where one is about to be set (a forged login signs the victim in as the attacker). A bearer token is added by nobody.

use app::error::ErrorCode;
use auth::{ModeInfo, Transport};
use http::{HeaderMap, StatusCode, header, request::Parts};

use super::problem::Problem;
use crate::state::PublicOrigin;

/// What an unsafe request is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Set a credential cookie, for a mode that has one.
    SignIn,
    /// Act by the credential that it carries.
    UseCredential,
}

/// Refuses a request that another site may have caused.
///
/// Fetch Metadata first (every current browser sends it; no script can set or remove a `Sec-` header), else `Origin`. A
/// request with neither is no current browser's: it passes unless it carries a cookie that it could be abused with.
///
/// # Errors
/// 403 `csrf_failed`, with the header that gave it away as `reason`.
pub fn check(request: &Parts, mode: &ModeInfo, effect: Effect, ours: &PublicOrigin) -> Result<(), Problem> {
    let Some(cookie) = mode.cookie else { return Ok(()) };
    let carried = !matches!(auth::cookie_value(&request.headers, cookie), Ok(None));
    let exposed = effect == Effect::SignIn || mode.transport == Transport::Cookie || carried;
    if !exposed {
        return Ok(());
    }
    match cause(request, ours) {
        Cause::Elsewhere(header) => Err(refused(header)),
        Cause::Unknown if carried => Err(refused("origin")),
        Cause::OurPage | Cause::User | Cause::Unknown => Ok(()),
    }
}

/// Did a page of ours cause this request, in a browser?
pub fn is_from_our_page(request: &Parts, ours: &PublicOrigin) -> bool {
    matches!(cause(request, ours), Cause::OurPage)
}

/// What caused a request, by what the browser says of it.
enum Cause {
    OurPage,
    /// By bookmark or address bar.
    User,
    /// Another site or origin; the header that says so.
    Elsewhere(&'static str),
    /// No browser of today speaks.
    Unknown,
}

fn cause(request: &Parts, ours: &PublicOrigin) -> Cause {
    match text(&request.headers, "sec-fetch-site") {
        Some("same-origin") => return Cause::OurPage,
        Some("none") => return Cause::User,
        Some(_) => return Cause::Elsewhere("sec-fetch-site"),
        None => {}
    }
    match text(&request.headers, header::ORIGIN.as_str()) {
        Some(origin) if is_ours(origin, &request.headers, ours) => Cause::OurPage,
        Some(_) => Cause::Elsewhere("origin"),
        None => Cause::Unknown,
    }
}

fn is_ours(origin: &str, headers: &HeaderMap, ours: &PublicOrigin) -> bool {
    if let Some(ours) = &ours.0 {
        return origin == ours;
    }
    // The scheme is unknown behind a proxy that ends TLS; the host is what another site cannot have.
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == text(headers, header::HOST.as_str())
}

/// A header that is there but unreadable counts as there, with a value that fits nothing.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

fn refused(reason: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, ErrorCode::CsrfFailed).because(reason)
}
