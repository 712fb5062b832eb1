//! Answers for the `responses` of several handlers.
#![expect(dead_code, reason = "these types describe; `respond` has what is sent")]

use std::collections::BTreeMap;

use app::{error::AppError, types::IssuedBody};
use utoipa::{
    IntoResponses,
    openapi::{RefOr, Response},
};

use super::shared;

#[derive(IntoResponses)]
#[response(
    status = 200,
    description = "The dates of the credential, and the credential itself if the mode does not use a cookie.",
    headers(("X-Rotation" = String, description = "After a rotation: `rotated`, or `retry` if the same successor is issued \
        again."))
)]
pub struct Issued(IssuedBody);

#[derive(IntoResponses)]
#[response(
    status = 200,
    description = "Every other sign-in has ended. The body is that of a rotation: the caller's new credential.",
    headers(
        ("X-Rotation" = String, description = "`rotated`."),
        ("X-Revocation" = String, description = "When every copy of the other credentials is refused: `immediate`, or \
            `at-expiry; until=` and unix seconds.")
    )
)]
pub struct CarriedAlong(IssuedBody);

#[derive(IntoResponses)]
#[response(
    status = 204,
    description = "Logged out, now or before.",
    headers(("X-Revocation" = String, description = "When every copy is refused: `immediate`, or `at-expiry; until=` and unix \
        seconds. `unreadable`: the credential could not be read, so nothing has ended."))
)]
pub struct SignInsEnded;

/// For a browser without scripts.
#[derive(IntoResponses)]
#[response(
    status = 303,
    description = "For a form if `Accept` has `text/html`: a redirect to a page with the result.",
    headers(("Location" = String, description = "A path on this origin. After a success: the field `next`, if the form has it."))
)]
pub struct FormRedirect;

/// The same for an unknown user, a wrong password and a disabled account, so that the answer does not reveal which
/// names exist.
#[derive(IntoResponses)]
#[response(
    status = 401,
    description = "No active account has this name and password (`no_active_account`).",
    headers(("WWW-Authenticate" = String, description = "The credential that the mode accepts."))
)]
pub struct WrongPassword(AppError);

#[derive(IntoResponses)]
#[response(
    status = 403,
    description = "The caller is no administrator (`forbidden`), or another site may have caused the request (`csrf_failed`)."
)]
pub struct NotPermitted(AppError);

/// An administrator cannot disable their own account: no other administrator might be left to enable it.
#[derive(IntoResponses)]
#[response(status = 409, description = "The account is the caller's own (`own_account`).")]
pub struct OwnAccount(AppError);

#[derive(IntoResponses)]
#[response(status = 409, description = "Another request changed the account at the same time (`conflict`).")]
pub struct Conflict(AppError);

pub struct Throttled;

impl IntoResponses for Throttled {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        shared::set("429")
    }
}
