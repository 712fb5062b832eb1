//! The data of the account pages and the administrator pages. The page guard has already authorised the request; this
//! code checks again, so that neither relies on the other.

use auth::{Auth, AuthError, Transport, UserSummary, Username};
use http::request::Parts;
use leptos::prelude::*;

use crate::types::{AUDIT_PAGE, AuditEntry, CredentialEntry, ModeId, USERS_PAGE, UserEntry};

use super::{auth, failed, request, role};

pub(crate) async fn credentials(
    mode: &ModeId,
    after: Option<&str>,
) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if !is_rendered_for_its_user(&auth, mode) {
        return Ok(None);
    }
    let listed = known(auth.sign_ins(&mode.0, after, &request).await)?;
    Ok(listed.map(|listed| listed.iter().map(credential_entry).collect()))
}

pub(crate) async fn activity(mode: &ModeId, before: Option<&str>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if !is_rendered_for_its_user(&auth, mode) {
        return Ok(None);
    }
    let Some(reader) = known(auth.caller(&mode.0, &request).await)? else { return Ok(None) };
    let events = auth.audit_log_of(&reader.user_id, before, AUDIT_PAGE.into()).await;
    Ok(Some(events.map_err(|error| failed(&error))?.into_iter().map(audit_entry).collect()))
}

pub(crate) async fn users(mode: &ModeId, after: Option<&str>) -> Result<Option<Vec<UserEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if !is_administrator(&auth, mode, &request).await? {
        return Ok(None);
    }
    user_entries(&auth, after).await.map(Some).map_err(|error| failed(&error))
}

pub(crate) async fn all_activity(
    mode: &ModeId,
    before: Option<&str>,
) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if !is_administrator(&auth, mode, &request).await? {
        return Ok(None);
    }
    let events = auth.audit_log(before, AUDIT_PAGE.into()).await;
    Ok(Some(events.map_err(|error| failed(&error))?.into_iter().map(audit_entry).collect()))
}

/// Only the pages of cookie modes are rendered for a user. The page of a bearer mode is not, even if a program sends a
/// bearer credential with the page request.
fn is_rendered_for_its_user(auth: &Auth, mode: &ModeId) -> bool {
    auth.mode(&mode.0).is_ok_and(|info| info.transport == Transport::Cookie)
}

/// Reads the role from the account. The role in the credential may be out of date.
async fn is_administrator(auth: &Auth, mode: &ModeId, request: &Parts) -> Result<bool, ServerFnError> {
    Ok(is_rendered_for_its_user(auth, mode) && known(auth.administrator(&mode.0, request).await)?.is_some())
}

/// An absent or refused credential, or a missing permission, is no failure here. The page guard and the API report the
/// reason.
fn known<T>(outcome: Result<T, AuthError>) -> Result<Option<T>, ServerFnError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(AuthError::Missing | AuthError::Refused(_) | AuthError::Forbidden) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// One entry of `GET /api/{mode}/credentials`.
#[must_use]
pub fn credential_entry(listed: &auth::ListedSignIn) -> CredentialEntry {
    let sign_in = &listed.sign_in;
    CredentialEntry {
        id: sign_in.id.as_str().to_owned(),
        mode: ModeId(sign_in.mode.clone()),
        created_at: sign_in.created_at.0,
        last_seen_at: sign_in.last_seen_at.0,
        expires_at: sign_in.idle_expires_at.0,
        absolute_expires_at: sign_in.absolute_expires_at.0,
        user_agent: sign_in.user_agent.clone(),
        address: sign_in.address.clone(),
        current: listed.is_current,
    }
}

/// One entry of `GET /api/{mode}/audit`.
#[must_use]
pub fn audit_entry(event: auth::AuditEvent) -> AuditEntry {
    AuditEntry {
        id: event.id,
        at: event.at.0,
        action: event.action,
        mode: event.mode.map(ModeId),
        user_id: event.user_id,
        username: event.username,
        actor: event.actor,
        outcome: event.outcome,
        credential_hash: event.credential_hash,
        address: event.address,
        user_agent: event.user_agent,
        request_id: event.request_id,
    }
}

/// The body of `GET /api/admin/users`: a page of accounts, ordered by name.
///
/// # Errors
/// [`AuthError::Database`]
pub async fn user_entries(auth: &Auth, after: Option<&str>) -> Result<Vec<UserEntry>, AuthError> {
    let after = after.and_then(|text| Username::parse(text).ok());
    let users = auth.users(after.as_ref(), USERS_PAGE.into()).await?;
    Ok(users.iter().map(user_entry).collect())
}

fn user_entry(user: &UserSummary) -> UserEntry {
    UserEntry {
        id: user.id.as_str().to_owned(),
        username: user.username.as_str().to_owned(),
        role: role(user.role),
        created_at: user.created_at.0,
        last_login_at: user.last_login_at.map(|at| at.0),
        disabled_at: user.disabled_at.map(|at| at.0),
    }
}
