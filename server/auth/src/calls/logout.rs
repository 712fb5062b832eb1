//! Logout: of one sign-in, of all sign-ins of a mode, of all sign-ins of the account.

use std::sync::Arc;

use http::request::Parts;

use super::audited_transaction;
use crate::{
    Auth,
    audit::{Action, Event},
    clock::Timestamp,
    error::AuthError,
    mode::{
        AuthMode, ModeId, Transport,
        carrier::has_cookie,
        issued::{Ending, Revocation, SetCookie},
        shown::{Owner, Purpose, Shown},
    },
    sign_in::{self, EndReason},
    users::{UserId, change::Change},
};

/// The result of a logout.
#[derive(Debug)]
pub struct LoggedOut {
    /// When the last copy of the credential stops working.
    pub revocation: Revocation,
    /// The cookies that clear the credential in the browser.
    pub set_cookies: Vec<SetCookie>,
}

impl Auth {
    /// Ends the sign-in of the credential in the request. The credential may be dead: a replaced credential still ends
    /// its sign-in. A request without a credential is no error: there is nothing to end.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
        let set_cookies = cookies_to_clear(mode.as_ref(), shown.owner(), req, now);
        let revocation = match &shown {
            Shown::Absent => Revocation::Immediate,
            Shown::Unreadable(_) => Revocation::Unreadable,
            Shown::Genuine(owner) => Self::revocation(mode.as_ref(), Ending::One(owner), now),
        };
        let owner = shown.owner();
        let has_ended = match owner {
            Some(owner) => self.end_by_owner(mode.info().id, owner, EndReason::Logout, req).await?,
            None => false,
        };
        if !has_ended {
            self.record(&Event::new(Action::Logout, req).mode(mode.info().id).owner(owner), Ok(&revocation)).await;
        }
        Ok(LoggedOut { revocation, set_cookies })
    }

    /// Ends the sign-in of a credential and records it in the same transaction. `false`: it has no row, or it had ended
    /// before.
    pub(crate) async fn end_by_owner(
        &self,
        mode: ModeId,
        owner: &Owner,
        reason: EndReason,
        req: &Parts,
    ) -> Result<bool, AuthError> {
        let Some(id) = owner.sign_in.clone() else { return Ok(false) };
        let action = if reason == EndReason::Reused { Action::Present } else { Action::Logout };
        let (event, now) = (Event::new(action, req).mode(mode).owner(Some(owner)), self.now());
        audited_transaction!(self, |auth, tx| {
            if !sign_in::end(tx, &id, reason, now).await? {
                return Ok((false, None));
            }
            let outcome = if reason == EndReason::Reused { Err(&AuthError::Reused) } else { Ok(&()) };
            Ok((true, Some(auth.entry(&event, outcome)?)))
        })
    }

    /// Ends every sign-in of the caller in one mode. A login in progress may still succeed afterwards.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_all(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = self.caller_with_account(mode.as_ref(), req).await?;
        let set_cookies = cookies_of(mode.as_ref(), &caller.user.id, req, now).await?;
        let revocation = Self::revocation(mode.as_ref(), Ending::Mode, now);
        let shown = mode.shown(req, Purpose::Recognise, now).await?;
        let event = Event::new(Action::LogoutAll, req).mode(mode.info().id).owner(shown.owner());
        let has_ended = {
            let (mode, event) = (Arc::clone(mode), event.clone());
            audited_transaction!(self, |auth, tx| {
                let rows = sign_in::end_all_of_mode(tx, &caller.user.id, mode.info().id, now).await?;
                let others = match mode.stateless() {
                    Some(stateless) => stateless.end_all(tx, &caller.user.id, now).await?,
                    None => false,
                };
                if rows == 0 && !others {
                    return Ok((false, None));
                }
                Ok((true, Some(auth.entry(&event, Ok(&revocation))?)))
            })?
        };
        if !has_ended {
            self.record(&event, Ok(&revocation)).await;
        }
        Ok(LoggedOut { revocation, set_cookies })
    }

    /// Ends every sign-in of the caller in every mode. The sign-in of a login in progress never lives.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_everywhere(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = self.caller_with_account(mode.as_ref(), req).await?;
        let mut set_cookies = Vec::new();
        for mode in &self.modes {
            set_cookies.extend(cookies_of(mode.as_ref(), &caller.user.id, req, now).await?);
        }
        let revocation = self.revocation_of_everything(now);
        let shown = mode.shown(req, Purpose::Recognise, now).await?;
        let event = Event::new(Action::LogoutEverywhere, req).mode(mode.info().id).owner(shown.owner());
        audited_transaction!(self, |auth, tx| {
            Change::EndEverything(EndReason::LogoutEverywhere).apply(tx, &caller.user.id, now).await?;
            Ok(((), Some(auth.entry(&event, Ok(&revocation))?)))
        })?;
        Ok(LoggedOut { revocation, set_cookies })
    }
}

/// Clears the cookies of this mode that hold a sign-in of this user. A cookie of another user in the same browser
/// stays: clearing it would lose the credential, and its sign-in would stay alive.
async fn cookies_of(
    mode: &dyn AuthMode,
    user: &UserId,
    req: &Parts,
    now: Timestamp,
) -> Result<Vec<SetCookie>, AuthError> {
    let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
    let own = shown.owner().filter(|owner| owner.user_id == *user);
    Ok(own.map_or_else(Vec::new, |owner| cookies_to_clear(mode, Some(owner), req, now)))
}

/// Clears the cookies of a mode. A bearer mode's cookie must be in the request: a cross-site form comes without
/// SameSite=Lax cookies and so passes the CSRF check of a bearer mode. It must not delete a cookie whose sign-in stays
/// alive.
fn cookies_to_clear(mode: &dyn AuthMode, owner: Option<&Owner>, req: &Parts, now: Timestamp) -> Vec<SetCookie> {
    let info = mode.info();
    let came_along = info.cookie.is_some_and(|name| has_cookie(&req.headers, name));
    if info.transport == Transport::Cookie || came_along { mode.clear(owner, now) } else { Vec::new() }
}
