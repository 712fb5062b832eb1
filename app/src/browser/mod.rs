//! What only a browser can do, behind one seam: `web` does it; `absent` stands in where the app is compiled to render on
//! the server, which never calls it, because effects and event handlers run in browsers only.

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(feature = "hydrate")]
mod locks;
#[cfg(feature = "hydrate")]
mod web;

#[cfg(not(feature = "hydrate"))]
pub(crate) use absent::*;
#[cfg(feature = "hydrate")]
pub(crate) use {
    locks::{Turn, turn},
    web::*,
};

/// What came back from a call of our own API.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The `X-Revocation` header.
    pub(crate) revocation: Option<String>,
    pub(crate) body: String,
}

/// The two kinds of web storage. Both can be read by every script of this origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// Of this tab alone. It survives a reload.
    Session,
    /// Of all tabs. It survives the browser.
    Local,
}
