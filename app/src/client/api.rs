//! The typed client of our own JSON API: one function per call, and one mapping of errors.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    error::{AppError, ErrorCode},
    paths::query_value,
    types::{AuditEntry, CredentialEntry, IssuedBody, Me, ModeId, Registered, Revocation, UserEntry},
};

use super::{
    Scope,
    answer::{CarriedAlong, carried_along, ended, read, read_error},
    browser::{self, Answer},
    refresh::IdempotencyKey,
    tokens::Token,
};

/// Milliseconds. A call that hangs needs a time limit: it may hold the lock that all tabs wait for.
pub(crate) const TIMEOUT: u32 = 15_000;

pub(crate) async fn register(username: &str, password: &str) -> Result<Registered, AppError> {
    read(&post("/api/register", None, Some(account(username, password))).await?)
}

/// `replaced` is the credential of the sign-in that this login replaces: the server ends that sign-in.
pub(crate) async fn login(
    mode: &ModeId,
    replaced: Option<Token>,
    username: &str,
    password: &str,
) -> Result<IssuedBody, AppError> {
    read(&post(&format!("/api/{mode}/login"), replaced, Some(account(username, password))).await?)
}

pub(crate) async fn me(mode: &ModeId, token: Option<Token>) -> Result<Me, AppError> {
    get(&format!("/api/{mode}/me"), token).await
}

/// `timeout` is the time limit in milliseconds.
pub(crate) async fn rotate(
    mode: &ModeId,
    token: Option<Token>,
    key: Option<IdempotencyKey>,
    timeout: u32,
) -> Result<IssuedBody, AppError> {
    read(&send("POST", &format!("/api/{mode}/rotate"), headers(token, key), None, timeout).await?)
}

pub(crate) async fn logout(mode: &ModeId, scope: Scope, token: Option<Token>) -> Result<Revocation, AppError> {
    ended(&post(&scope.path(mode), token, None).await?)
}

/// The user's sign-ins. `after` is the id of the last entry of the previous page.
pub(crate) async fn credentials(
    mode: &ModeId,
    token: Option<Token>,
    after: Option<&str>,
) -> Result<Vec<CredentialEntry>, AppError> {
    get(&format!("/api/{mode}/credentials?{}", cursor("after", after)), token).await
}

/// Ends one sign-in of any mode. `mode` is the mode of the caller's own credential.
pub(crate) async fn end_credential(
    mode: &ModeId,
    token: Option<Token>,
    id: &str,
    password: &str,
) -> Result<(), AppError> {
    let body = json!({ "password": password });
    post(&format!("/api/{mode}/credentials/{id}/end"), token, Some(body)).await.map(drop)
}

/// Ends every other sign-in of the user.
pub(crate) async fn end_others(
    mode: &ModeId,
    token: Option<Token>,
    key: Option<IdempotencyKey>,
    password: &str,
) -> Result<CarriedAlong, AppError> {
    let body = json!({ "password": password });
    carried_along(&post_with_key(&format!("/api/{mode}/credentials/end-others"), token, key, Some(body)).await?)
}

/// Changes the password, and ends every other sign-in of the user.
pub(crate) async fn change_password(
    mode: &ModeId,
    token: Option<Token>,
    key: Option<IdempotencyKey>,
    current: &str,
    new: &str,
) -> Result<CarriedAlong, AppError> {
    let body = json!({ "mode": mode, "current": current, "new": new });
    carried_along(&post_with_key("/api/account/password", token, key, Some(body)).await?)
}

/// The audit log of the caller's account. `before` is the id of the last entry of the previous page.
pub(crate) async fn activity(
    mode: &ModeId,
    token: Option<Token>,
    before: Option<&str>,
) -> Result<Vec<AuditEntry>, AppError> {
    get(&format!("/api/{mode}/audit?{}", cursor("before", before)), token).await
}

/// All accounts, for an administrator. `after` is the last name of the previous page.
pub(crate) async fn users(
    mode: &ModeId,
    token: Option<Token>,
    after: Option<&str>,
) -> Result<Vec<UserEntry>, AppError> {
    get(&format!("/api/admin/users?mode={mode}&{}", cursor("after", after)), token).await
}

/// The audit log of all accounts, for an administrator.
pub(crate) async fn all_activity(
    mode: &ModeId,
    token: Option<Token>,
    before: Option<&str>,
) -> Result<Vec<AuditEntry>, AppError> {
    get(&format!("/api/admin/audit?mode={mode}&{}", cursor("before", before)), token).await
}

/// An administrator's change to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserChange {
    /// Refuses logins and ends all sign-ins.
    Disable,
    /// Allows logins again.
    Enable,
    /// Ends all sign-ins.
    Expire,
}

impl UserChange {
    /// The path that a form or a script posts to.
    pub(crate) fn path(self, user: &str) -> String {
        let verb = match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Expire => "expire",
        };
        format!("/api/admin/users/{user}/{verb}")
    }
}

pub(crate) async fn change_user(
    mode: &ModeId,
    token: Option<Token>,
    user: &str,
    change: UserChange,
) -> Result<Revocation, AppError> {
    ended(&post(&change.path(user), token, Some(json!({ "mode": mode }))).await?)
}

/// Whether the credential was absent or refused. A wrong password has a different code and does not count.
pub(crate) fn is_refusal(error: &AppError) -> bool {
    matches!(error.code, ErrorCode::NotAuthenticated | ErrorCode::TokenNotValid)
}

fn account(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

fn cursor(name: &str, value: Option<&str>) -> String {
    value.map(|value| format!("{name}={}", query_value(value))).unwrap_or_default()
}

async fn get<T: DeserializeOwned>(path: &str, token: Option<Token>) -> Result<T, AppError> {
    read(&send("GET", path, headers(token, None), None, TIMEOUT).await?)
}

pub(super) async fn post(path: &str, token: Option<Token>, body: Option<Value>) -> Result<Answer, AppError> {
    post_with_key(path, token, None, body).await
}

/// Sends the key by which the server recognises a repeated call.
pub(super) async fn post_with_key(
    path: &str,
    token: Option<Token>,
    key: Option<IdempotencyKey>,
    body: Option<Value>,
) -> Result<Answer, AppError> {
    send("POST", path, headers(token, key), body.map(|body| body.to_string()), TIMEOUT).await
}

fn headers(token: Option<Token>, key: Option<IdempotencyKey>) -> Vec<(&'static str, String)> {
    let authorization = token.map(|token| ("Authorization", token.authorization()));
    let key = key.map(|key| ("Idempotency-Key", key.reveal().to_owned()));
    authorization.into_iter().chain(key).collect()
}

async fn send(
    method: &str,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
    timeout: u32,
) -> Result<Answer, AppError> {
    let answer = browser::fetch(method, path, headers, body, timeout).await?;
    if (200..300).contains(&answer.status) { Ok(answer) } else { Err(read_error(&answer)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_cannot_add_parameters() {
        assert_eq!(cursor("after", Some("bob&mode=x")), "after=bob%26mode%3Dx");
        assert_eq!(cursor("after", None), "");
    }

    #[test]
    fn only_an_absent_or_refused_credential_counts_as_a_refusal() {
        assert!(is_refusal(&AppError::new(ErrorCode::NotAuthenticated)));
        assert!(is_refusal(&AppError::new(ErrorCode::TokenNotValid)));
        assert!(!is_refusal(&AppError::new(ErrorCode::NoActiveAccount)));
        assert!(!is_refusal(&AppError::new(ErrorCode::Conflict)));
        assert!(!is_refusal(&AppError::new(ErrorCode::Unreachable)));
    }
}
