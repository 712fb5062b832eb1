//! Requests of a page to the server while it is rendered. They only read: changes go through the JSON API, which has
//! the only CSRF check.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whatever it does"))]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::types::{AuditEntry, CookieSignIn, CredentialEntry, ModeId, ModeInfo, UserEntry};

/// The descriptions of all modes, in the order in which the pages show them and in the language of the page.
#[server(prefix = "/api/fn", endpoint = "modes", input = GetUrl)]
pub async fn modes() -> Result<Vec<ModeInfo>, ServerFnError> {
    Ok(crate::ssr::auth()?.modes().map(crate::ssr::mode_info_of_page).collect())
}

/// The users of this request's cookies, and the lengths of the cookies, for each cookie mode. Bearer modes are missing:
/// the browser does not send their credential with a page request.
#[server(prefix = "/api/fn", endpoint = "cookie-sign-ins", input = GetUrl)]
pub async fn cookie_sign_ins() -> Result<Vec<CookieSignIn>, ServerFnError> {
    crate::ssr::cookie_sign_ins().await
}

/// The sign-ins of the cookie's user, from `after` on. `None` without a valid cookie.
#[server(prefix = "/api/fn", endpoint = "credentials", input = GetUrl)]
pub async fn credentials(mode: ModeId, after: Option<String>) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    crate::ssr::credentials(&mode, after.as_deref()).await
}

/// The audit log of the cookie's user, from `before` on. `None` without a valid cookie.
#[server(prefix = "/api/fn", endpoint = "activity", input = GetUrl)]
pub async fn activity(mode: ModeId, before: Option<String>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    crate::ssr::activity(&mode, before.as_deref()).await
}

/// All accounts from `after` on, if the cookie is an administrator's. `None` otherwise.
#[server(prefix = "/api/fn", endpoint = "users", input = GetUrl)]
pub async fn users(mode: ModeId, after: Option<String>) -> Result<Option<Vec<UserEntry>>, ServerFnError> {
    crate::ssr::users(&mode, after.as_deref()).await
}

/// The audit log of all accounts, from `before` on, if the cookie is an administrator's. `None` otherwise.
#[server(prefix = "/api/fn", endpoint = "all-activity", input = GetUrl)]
pub async fn all_activity(mode: ModeId, before: Option<String>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    crate::ssr::all_activity(&mode, before.as_deref()).await
}

/// The description of the JSON API, as HTML.
#[server(prefix = "/api/fn", endpoint = "api-docs", input = GetUrl)]
pub async fn api_docs() -> Result<String, ServerFnError> {
    crate::ssr::api_docs()
}
