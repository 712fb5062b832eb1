//! Ending sign-ins: one, all of a mode, everything.

use std::sync::Arc;

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    base::AccessCheck,
    db::transaction,
    error::AuthError,
    mode::{
        AuthMode, ModeId, Transport,
        carrier::has_cookie,
        issued::{Ending, Revocation, SetCookie},
        shown::{Owner, Shown},
    },
    sign_in::{self, EndReason},
    users,
};

/// A sign-in that has ended.
#[derive(Debug)]
pub struct LoggedOut {
    /// When the end takes hold.
    pub revocation: Revocation,
    /// What the browser is told to forget.
    pub set_cookies: Vec<SetCookie>,
}

impl Auth {
    /// Ends the sign-in whose credential the request shows, alive or dead: also a replaced one ends its sign-in. Without a
    /// credential there is nothing to end, and that is no error.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let shown = mode.shown(req, now).await?;
        // Only a cookie that came along is cleared: a form of another site comes without the cookies of SameSite=Lax, passes the CSRF
        // check of a bearer mode for that reason, and must not make the browser forget one whose sign-in goes on.
        let came_along = mode.info().transport == Transport::Cookie
            || mode.info().cookie.is_some_and(|name| has_cookie(&req.headers, name));
        let set_cookies = if came_along { mode.clear(shown.owner(), now) } else { Vec::new() };
        let revocation = match &shown {
            Shown::Absent => Revocation::Immediate,
            Shown::Unreadable(_) => Revocation::Unreadable,
            Shown::Genuine(owner) => Self::revocation(mode.as_ref(), Ending::One(owner), now),
        };
        let owner = shown.owner();
        let has_ended = match owner {
            Some(owner) => self.end_shown(mode, owner, EndReason::Logout, req).await?,
            None => false,
        };
        if !has_ended {
            self.record(Self::event_of(mode.as_ref(), Action::Logout, owner, req), Ok(&revocation)).await;
        }
        Ok(LoggedOut { revocation, set_cookies })
    }

    /// Ends the sign-in of a credential, and records that with it. `false`: it has no row, or had ended before.
    async fn end_shown(
        &self,
        mode: &Arc<dyn AuthMode>,
        owner: &Owner,
        reason: EndReason,
        req: &Parts,
    ) -> Result<bool, AuthError> {
        let Some(id) = owner.sign_in.clone() else { return Ok(false) };
        let (auth, mode, owner, req, now) = (self.clone(), Arc::clone(mode), owner.clone(), req.clone(), self.now());
        self.whole(async move {
            let entry = transaction!(&auth.base.db, |tx| {
                if !sign_in::end(tx, &id, reason, now).await? {
                    return Ok(None);
                }
                let (action, outcome) = match reason {
                    EndReason::Reused => (Action::Present, Err(&AuthError::Reused)),
                    _ => (Action::Logout, Ok(&())),
                };
                let entry = auth.entry(Self::event_of(mode.as_ref(), action, Some(&owner), &req), outcome)?;
                entry.insert(tx).await?;
                Ok(Some(entry))
            })?;
            if let Some(entry) = &entry {
                auth.recorded(entry);
            }
            Ok(entry.is_some())
        })
        .await
    }

    /// Ends the sign-in that a token belongs to.
    pub(crate) async fn end_by_token(
        &self,
        mode: ModeId,
        owner: &Owner,
        reason: EndReason,
        req: &Parts,
    ) -> Result<(), AuthError> {
        self.end_shown(self.find_mode(mode.0)?, owner, reason, req).await.map(drop)
    }

    /// Ends every sign-in of the caller in one mode. A login that is under way may come after it.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_all(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = self.recognised(mode.as_ref(), req, AccessCheck::Account).await?;
        let shown = mode.shown(req, now).await?;
        let set_cookies = mode.clear(shown.owner(), now);
        let revocation = Self::revocation(mode.as_ref(), Ending::Mode, now);
        let event = Event {
            mode: Some(mode.info().id),
            user: Some(&caller.user.id),
            credential: shown.owner().and_then(Owner::credential),
            ..Event::new(Action::LogoutAll, req)
        };
        let entry = self.entry(event, Ok(&revocation))?;
        let (auth, work_mode, user) = (self.clone(), Arc::clone(mode), caller.user.id.clone());
        let has_ended = self
            .whole(async move {
                let has_ended = transaction!(&auth.base.db, |tx| {
                    let rows = sign_in::end_all_of_mode(tx, &user, work_mode.info().id, now).await?;
                    let others = match work_mode.stateless() {
                        Some(stateless) => stateless.end_all(tx, &user, now).await?,
                        None => false,
                    };
                    if rows > 0 || others {
                        entry.insert(tx).await?;
                    }
                    Ok(rows > 0 || others)
                })?;
                if has_ended {
                    auth.recorded(&entry);
                }
                Ok(has_ended)
            })
            .await?;
        if !has_ended {
            self.record(event, Ok(&revocation)).await;
        }
        Ok(LoggedOut { revocation, set_cookies })
    }

    /// Ends everything that the caller is signed in by, in every mode, and whatever is under way.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_everywhere(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = self.recognised(mode.as_ref(), req, AccessCheck::Account).await?;
        // Somebody else may be signed in by another mode of this browser, whose cookie would be lost and not ended.
        let mut set_cookies = Vec::new();
        for mode in self.modes.iter() {
            let shown = mode.shown(req, now).await?;
            if shown.owner().is_some_and(|owner| owner.user_id == caller.user.id) {
                set_cookies.extend(mode.clear(shown.owner(), now));
            }
        }
        let revocation = self.revocation_of_everything(now);
        let (auth, mode, req) = (self.clone(), Arc::clone(mode), req.clone());
        self.whole(async move {
            let entry = transaction!(&auth.base.db, |tx| {
                users::end(tx, &caller.user.id, &users::Ending::Everything, now).await?;
                let event = Event {
                    mode: Some(mode.info().id),
                    user: Some(&caller.user.id),
                    credential: caller.sign_in.as_ref().map(sign_in::SignInId::as_str),
                    ..Event::new(Action::LogoutEverywhere, &req)
                };
                let entry = auth.entry(event, Ok(&revocation))?;
                entry.insert(tx).await?;
                Ok(entry)
            })?;
            entry.log();
            Ok(())
        })
        .await?;
        Ok(LoggedOut { revocation, set_cookies })
    }
}
