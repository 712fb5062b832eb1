//! The API in its own words: OpenAPI 3.1, collected from the handlers by the router that serves them.
//!
//! A handler says what is its own, above itself. What follows from how it is called (by a path with a `{mode}`, with a body,
//! with a credential) is said once for all in [`rules`], as it is done once for all by the extractors and layers.

mod answers;
pub(super) mod bodies;
mod rules;
mod shared;

use app::{ApiDocument, error::AppError};
use auth::Auth;
use utoipa::OpenApi;

pub use self::{
    answers::{CarriedAlong, Conflict, Ended, Form, Issued, NotPermitted, OwnAccount, Throttled, WrongPassword},
    bodies::{
        Account, Confirmation, Everywhere, Introspected, Introspection, NewAccount, OthersEnd, PasswordChange,
        Presented, Token,
    },
};

/// Stands in a handler's `security` for the credential of whichever mode the caller uses.
pub const CREDENTIAL: &str = "credential";
/// HTTP Basic, by which a service that is shown our tokens says who it is.
pub const CLIENT: &str = "client";

/// What no handler can say.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey",
        description = "One account, several modes of being recognised on the next request.\n\nEvery path answers with and \
            without its trailing slash. A body is JSON or either kind of form, and an empty one is `{}`; fields that a call \
            does not know are passed over. Every failure is an `AppError`; so are the 404 of an unknown path and the 405 of \
            another method. An unsafe call that shows a cookie also has to show that it comes from this site, by \
            `Sec-Fetch-Site` or `Origin`."
    ),
    tags(
        (name = "Modes", description = "What there is to choose from."),
        (name = "Account", description = "What concerns the account, and not one mode."),
        (name = "Sign-in", description = "The same calls for every mode."),
        (name = "Devices", description = "What the account is signed in by, and what happened to it."),
        (name = "Administration", description = "Everybody's accounts, for administrators."),
        (name = "Services", description = "For other services that are shown our tokens."),
        (name = "Operation", description = "For whoever runs this server, and for whoever calls it."),
    ),
    components(schemas(AppError))
)]
pub struct Outline;

/// The document as it is served, when the router has collected what its handlers say.
pub fn document(collected: utoipa::openapi::OpenApi, auth: &Auth) -> ApiDocument {
    let complete = rules::complete(collected, auth.modes());
    // It is made of texts and lists, which always have a form in JSON.
    ApiDocument(complete.to_json().unwrap_or_default().into())
}
