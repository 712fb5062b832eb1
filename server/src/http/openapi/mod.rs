//! The OpenAPI 3.1 document, collected from the handlers by the router that serves them.
//!
//! Each handler documents what is its own. [`rules`] adds what every handler of a kind has in common (a path with
//! `{mode}`, a body, a credential), because extractors and layers implement it in one place too.

mod answers;
pub(super) mod bodies;
mod examples;
mod rules;
mod shared;

use app::{ApiDocument, error::AppError};
use auth::Auth;
use utoipa::{OpenApi, openapi::Server};

use crate::state::PublicOrigin;

pub use self::{
    answers::{
        CarriedAlong, Conflict, FormRedirect, Issued, NotPermitted, OwnAccount, SignInsEnded, Throttled, WrongPassword,
    },
    bodies::{
        Account, Confirmation, Everywhere, Introspected, Introspection, NewAccount, OthersEnd, PasswordChange,
        RefreshTokenBody, Token,
    },
};

/// Placeholder in the `security` of a handler. [`rules`] replaces it by one scheme for each mode.
pub const CREDENTIAL: &str = "credential";
/// The HTTP Basic scheme of a service that introspects tokens.
pub const CLIENT: &str = "client";

/// The parts of the document that belong to no handler.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey",
        description = "One account, several ways (modes) to recognise the user on the next request.\n\nEvery path works with and \
            without a trailing slash. A body is JSON, an urlencoded form or a multipart form; an empty body is `{}`; unknown \
            fields are ignored. Every failure is an `AppError`, also the 404 of an unknown path and the 405 of a wrong method. \
            An unsafe request with a cookie needs a `Sec-Fetch-Site` or `Origin` header of this site."
    ),
    tags(
        (name = "Modes", description = "The modes of this server."),
        (name = "Account", description = "Calls for the account as a whole."),
        (name = "Sign-in", description = "The same calls for every mode."),
        (name = "Devices", description = "The sign-ins and the audit log of the account."),
        (name = "Administration", description = "All accounts, for administrators."),
        (name = "Services", description = "For other services that receive our tokens."),
        (name = "Operation", description = "Health checks, and this document."),
    ),
    components(schemas(AppError))
)]
pub struct Outline;

/// The complete document, from what the router has collected.
pub fn document(collected: utoipa::openapi::OpenApi, auth: &Auth, origin: &PublicOrigin) -> ApiDocument {
    let mut complete = rules::complete(collected, auth.modes());
    complete.servers = origin.0.as_ref().map(|origin| vec![Server::new(origin.as_str())]);
    // Serialization cannot fail: the document consists of strings and lists.
    ApiDocument(complete.to_json().unwrap_or_default().into())
}
