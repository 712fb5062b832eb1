//! The marker of a logout: a second cookie, with the id of the sign-in that this browser has ended, or replaced by a
//! login.
//!
//! A response that was in flight may set the sealed cookie again. Beside this marker, that copy is refused. The marker
//! does not affect a copy elsewhere.

use http::request::Parts;

use crate::{
    clock::Timestamp,
    mode::{
        carrier::{cookie_values, set_cookie},
        issued::SetCookie,
    },
    sign_in::SignInId,
};

const LOGGED_OUT: &str = "__Host-auth-out";

/// Marks a sign-in as ended until its absolute end.
pub(super) fn mark(id: &SignInId, until: Timestamp, now: Timestamp) -> SetCookie {
    set_cookie(LOGGED_OUT, id.as_str().to_owned(), until.since(now))
}

/// A sibling host cannot plant a `__Host-` cookie, so a request with more markers than the bound comes from a client
/// that manipulates its own cookies.
pub(super) fn is_marked(id: &SignInId, req: &Parts) -> bool {
    cookie_values(&req.headers, LOGGED_OUT).is_ok_and(|ids| ids.contains(&id.as_str()))
}
