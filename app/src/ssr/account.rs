//! What the server sends along with a page of somebody's account. The page guard has let the reader in; here the same
//! question is asked again, so that neither relies on the other.

use auth::{Auth, AuthError, Principal, Transport, UserSummary, Username};
use http::request::Parts;
use leptos::prelude::*;

use super::{auth, failed, request, role};
use crate::types::{AUDIT_PAGE, AuditEntry, CredentialEntry, ModeId, USERS_PAGE, UserEntry};

pub(crate) async fn credentials(
    mode: &ModeId,
    _after: Option<&str>,
) -> Result<Option<Vec<CredentialEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if reader(&auth, mode, &request).await?.is_none() {
        return Ok(None);
    }
    let listed = known(auth.credentials(&mode.0, &request).await)?;
    Ok(listed.map(|listed| listed.iter().map(credential_entry).collect()))
}

pub(crate) async fn activity(mode: &ModeId, before: Option<&str>) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    let Some(reader) = reader(&auth, mode, &request).await? else { return Ok(None) };
    let trail = auth.audit_trail(Some(&reader.user_id), before, AUDIT_PAGE.into()).await;
    Ok(Some(trail.map_err(|error| failed(&error))?.into_iter().map(audit_entry).collect()))
}

pub(crate) async fn users(mode: &ModeId, after: Option<&str>) -> Result<Option<Vec<UserEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if admin(&auth, mode, &request).await?.is_none() {
        return Ok(None);
    }
    user_entries(&auth, after).await.map(Some).map_err(|error| failed(&error))
}

pub(crate) async fn all_activity(
    mode: &ModeId,
    before: Option<&str>,
) -> Result<Option<Vec<AuditEntry>>, ServerFnError> {
    let (auth, request) = (auth()?, request()?);
    if admin(&auth, mode, &request).await?.is_none() {
        return Ok(None);
    }
    let trail = auth.audit_trail(None, before, AUDIT_PAGE.into()).await;
    Ok(Some(trail.map_err(|error| failed(&error))?.into_iter().map(audit_entry).collect()))
}

/// Who reads a page, by a cookie. A bearer credential that a program sends along when it opens one counts for nothing: such a
/// page is rendered for nobody.
async fn reader(auth: &Auth, mode: &ModeId, request: &Parts) -> Result<Option<Principal>, ServerFnError> {
    if !auth.mode(&mode.0).is_ok_and(|info| info.transport == Transport::Cookie) {
        return Ok(None);
    }
    let found = known(auth.identify(&mode.0, request).await)?;
    Ok(found.flatten().map(|found| found.principal))
}

async fn admin(auth: &Auth, mode: &ModeId, request: &Parts) -> Result<Option<Principal>, ServerFnError> {
    Ok(reader(auth, mode, request).await?.filter(|reader| reader.role == auth::Role::Admin))
}

/// A credential that is absent or refused is no failure: the page guard and the API say why.
fn known<T>(outcome: Result<T, AuthError>) -> Result<Option<T>, ServerFnError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(AuthError::Missing | AuthError::Refused(_)) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

/// As `GET /api/{mode}/credentials` answers.
#[must_use]
pub fn credential_entry(listed: &auth::ListedCredential) -> CredentialEntry {
    let credential = &listed.credential;
    CredentialEntry {
        id: credential.id.as_str().to_owned(),
        mode: ModeId(listed.mode.0.to_owned()),
        created_at: credential.created_at.0,
        last_seen_at: credential.last_seen_at.0,
        expires_at: credential.expires_at.0,
        user_agent: credential.user_agent.clone(),
        address: credential.address.clone(),
        current: listed.current,
    }
}

/// As `GET /api/{mode}/audit` answers.
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

/// As `GET /api/admin/users` answers: a page of accounts, in the order of their names.
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
