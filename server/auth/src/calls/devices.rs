//! "Your devices": the user's live sign-ins, and ending one of them.

use http::request::Parts;

use super::audited_transaction;
use crate::{
    Auth,
    audit::{Action, Event},
    error::{AuthError, Refusal},
    sign_in::{self, EndReason, SignIn, SignInId},
    users::{self, UserId},
};

/// One live sign-in of a user.
#[derive(Clone, Debug)]
pub struct ListedSignIn {
    /// The row: mode, dates, client.
    pub sign_in: SignIn,
    /// Whether the caller's own credential belongs to it.
    pub is_current: bool,
}

impl Auth {
    /// A page of the caller's live sign-ins in every mode that keeps rows, newest first, at most
    /// [`crate::SIGN_INS_PER_PAGE`]. `after` is the id of the last sign-in of the previous page.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn sign_ins(&self, mode: &str, after: Option<&str>, req: &Parts) -> Result<Vec<ListedSignIn>, AuthError> {
        let caller = self.caller(mode, req).await?;
        let listed = self.sign_ins_of(&caller.user_id, after).await?;
        let is_current = |sign_in: &SignIn| caller.sign_in.as_ref() == Some(&sign_in.id);
        Ok(listed.into_iter().map(|sign_in| ListedSignIn { is_current: is_current(&sign_in), sign_in }).collect())
    }

    /// A page of a user's live sign-ins, for an operator.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn sign_ins_of(&self, user: &UserId, after: Option<&str>) -> Result<Vec<SignIn>, AuthError> {
        let after = match after.map(SignInId::parse) {
            // A malformed cursor selects an empty page.
            Some(None) => return Ok(Vec::new()),
            Some(Some(id)) => Some(id),
            None => None,
        };
        match users::find_by_id(&self.base.db, user).await? {
            Some(user) => sign_in::page(&self.base.db, &user, after.as_ref(), self.now()).await,
            None => Ok(Vec::new()),
        }
    }

    /// Ends one sign-in of the caller, in any mode. Ending another one than the caller's own requires the password.
    ///
    /// # Errors
    /// [`AuthError::UnknownSignIn`] if the caller has no live sign-in with this id; [`AuthError::PasswordRequired`],
    /// [`AuthError::WrongPassword`], [`AuthError::Throttled`]; else as [`Auth::sign_ins`].
    pub async fn end_sign_in(
        &self,
        mode: &str,
        id: &str,
        password: Option<&str>,
        req: &Parts,
    ) -> Result<(), AuthError> {
        let mode = self.find_mode(mode)?;
        let caller = self.caller_with_account(mode.as_ref(), req).await?;
        let user = caller.user;
        let found = match SignInId::parse(id) {
            Some(id) => sign_in::find_of_user(&self.base.db, &user.id, &id).await,
            None => Ok(None),
        };
        let event = Event::new(Action::EndSignIn, req).mode(mode.info().id).user(Some(&user.id));
        let event = event.sign_in(found.as_ref().ok().and_then(Option::as_ref));
        let end = async {
            let account = users::find_by_id(&self.base.db, &user.id).await?.ok_or(Refusal::UserGone)?;
            let is_listed =
                |found: &SignIn| matches!(found.verdict(&account, self.now()), Ok(()) | Err(Refusal::NotYetValid));
            let id = found?.filter(is_listed).ok_or(AuthError::UnknownSignIn)?.id;
            if caller.sign_in.as_ref() != Some(&id) {
                let password = password.ok_or(AuthError::PasswordRequired)?;
                self.confirm_password(&account, password, req).await?;
            }
            self.end_listed(id, &event).await
        };
        let outcome = self.counted(&user.id, end).await;
        self.record_failure(&event, &outcome).await;
        outcome
    }

    async fn end_listed(&self, id: SignInId, event: &Event) -> Result<(), AuthError> {
        let (event, now) = (event.clone(), self.now());
        audited_transaction!(self, |auth, tx| {
            if !sign_in::end(tx, &id, EndReason::EndedByUser, now).await? {
                return Err(AuthError::UnknownSignIn);
            }
            Ok(((), Some(auth.entry(&event, Ok(&()))?)))
        })
    }
}
