//! Answers that several handlers give, to be named in their `responses`.
#![expect(dead_code, reason = "they only describe: see `answer` for what is sent")]

use std::collections::BTreeMap;

use app::{error::AppError, types::IssuedBody};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response},
};

use super::shared;

/// A credential.
#[derive(IntoResponses)]
#[response(
    status = 200,
    description = "The dates of the credential, and the credential itself where no cookie carries it.",
    headers(("X-Rotation" = String, description = "What a rotation did: `rotated`, or `retry` where the same successor is \
        handed over again."))
)]
pub struct Issued(IssuedBody);

/// The caller's sign-in goes on alone, with a new credential.
#[derive(IntoResponses)]
#[response(
    status = 200,
    description = "Every other sign-in has ended. The caller's new credential, as a rotation answers it.",
    headers(
        ("X-Rotation" = String, description = "`rotated`."),
        ("X-Revocation" = String, description = "When every copy of the others is dead: `immediate`, or `at-expiry; until=` and \
            unix seconds.")
    )
)]
pub struct CarriedAlong(IssuedBody);

/// Sign-ins have ended.
#[derive(IntoResponses)]
#[response(
    status = 204,
    description = "Logged out, now or before.",
    headers(("X-Revocation" = String, description = "When every copy is dead: `immediate`, or `at-expiry; until=` and unix \
        seconds. `unreadable`: the credential could not be read, so nothing has ended."))
)]
pub struct Ended;

/// What a browser without scripts gets for its form.
#[derive(IntoResponses)]
#[response(
    status = 303,
    description = "For a form whose sender accepts `text/html`: what came of it, as a page.",
    headers(("Location" = String, description = "A path on this origin: after a success `next`, where the form has it."))
)]
pub struct Form;

/// Unknown user, wrong password and disabled account, which nobody can tell apart.
#[derive(IntoResponses)]
#[response(
    status = 401,
    description = "No active account has this name and password (`no_active_account`).",
    headers(("WWW-Authenticate" = String, description = "How the mode wants to be addressed."))
)]
pub struct WrongPassword(AppError);

/// The caller is no administrator; or another site may have caused the call.
#[derive(IntoResponses)]
#[response(
    status = 403,
    description = "The caller is no administrator (`forbidden`), or another site caused this (`csrf_failed`)."
)]
pub struct NotPermitted(AppError);

/// Administrators do not shut themselves out.
#[derive(IntoResponses)]
#[response(status = 409, description = "The account is the caller's own (`own_account`).")]
pub struct OwnAccount(AppError);

/// Another request came first.
#[derive(IntoResponses)]
#[response(status = 409, description = "Another request has changed the account at the same time (`conflict`).")]
pub struct Conflict(AppError);

/// It was tried too often.
pub struct Throttled;

impl IntoResponses for Throttled {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        shared::set("429")
    }
}
