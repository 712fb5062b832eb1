//! Browser APIs behind one interface: `web` implements it; `absent` has stubs for the server build. The server never
//! calls them, because effects and event handlers run in browsers only.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")] // mode: jwt
mod json; // mode: jwt
#[cfg(feature = "hydrate")]
mod locks;
#[cfg(feature = "hydrate")]
mod web;

#[cfg(not(feature = "hydrate"))]
pub(crate) use absent::*;
#[cfg(feature = "hydrate")] // mode: jwt
pub(crate) use json::json_members; // mode: jwt
#[cfg(feature = "hydrate")]
pub(crate) use {
    locks::{Lock, lock},
    web::*,
};

/// The response to a call of our own API.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The `X-Revocation` header.
    pub(crate) revocation: Option<String>,
    pub(crate) body: String,
}

/// Milliseconds to wait for the lock. A tab that hangs holds it for as long as that tab is open.
pub(crate) const LOCK_TIMEOUT: u32 = 4_000;

/// The two kinds of web storage. Every script of this origin can read both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// For this tab only. It survives a reload.
    Session,
    /// For all tabs. It survives a restart of the browser.
    Local,
}

// mode: jwt, begin
/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// A string without its quotation marks; any other value as JSON.
    pub(crate) text: String,
    /// The value, if it is a whole number.
    pub(crate) number: Option<i64>,
}
// mode: jwt, end
