//! Whether a page of this browser has logged in before. The server knows it from a cookie without a secret, because
//! page requests must not read a refresh cookie.

use leptos::prelude::*;

/// The server provides it in the context of each page that it renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasLoggedIn(pub bool);

impl HasLoggedIn {
    /// The server's value. The hydrated page gets it from the HTML. `true` if unknown: a needless renewal does less
    /// harm than a lost sign-in.
    pub(crate) fn known() -> bool {
        SharedValue::new(|| use_context::<Self>().is_none_or(|Self(known)| known)).into_inner()
    }
}
