//! "Your devices": what a user is signed in by, and ending any of it.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event, Outcome},
    error::{AuthError, Refusal},
    issued::{Issued, Revocation},
    mode::ModeId,
    principal::{Credential, CredentialId, Principal},
    secret::is_id,
    user::{self, User, UserId},
};

/// One live credential of a user.
#[derive(Clone, Debug)]
pub struct ListedCredential {
    /// The mode that it belongs to.
    pub mode: ModeId,
    /// Its dates, and what is known of its holder.
    pub credential: Credential,
    /// It is the one that the caller shows.
    pub current: bool,
}

/// A caller that was signed in anew, after everything of the account has ended.
#[derive(Debug)]
pub struct Afresh {
    /// The one credential that works.
    pub issued: Issued,
    /// When the end of all others takes hold.
    pub revocation: Revocation,
}

impl Outcome for Afresh {
    fn word(&self) -> &'static str {
        self.issued.word()
    }

    fn credential(&self) -> Option<&CredentialId> {
        self.issued.credential()
    }
}

impl Auth {
    /// The caller's live credentials in every mode that keeps a list, newest first within each mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn credentials(&self, mode: &str, req: &Parts) -> Result<Vec<ListedCredential>, AuthError> {
        let caller = self.caller(mode, req).await?;
        let mut listed = self.credentials_of(&caller.user_id).await?;
        for entry in &mut listed {
            entry.current = caller.mode == entry.mode && caller.credential.as_ref() == Some(&entry.credential.id);
        }
        Ok(listed)
    }

    /// The user's live credentials in every mode that keeps a list, newest first within each mode. Nobody asks, so none is the
    /// caller's.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn credentials_of(&self, user: &UserId) -> Result<Vec<ListedCredential>, AuthError> {
        let now = self.now();
        let mut listed = Vec::new();
        for mode in self.modes.iter() {
            let id = mode.info().id;
            let credentials = mode.list(user, now).await?;
            listed.extend(credentials.into_iter().map(|credential| ListedCredential {
                mode: id,
                credential,
                current: false,
            }));
        }
        Ok(listed)
    }

    /// Ends one credential of the caller, of whatever mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownCredential`] if the caller has none of that name; [`AuthError::Throttled`]; else as
    /// [`Auth::credentials`].
    pub async fn end_credential(&self, mode: &str, id: &CredentialId, req: &Parts) -> Result<(), AuthError> {
        let caller = self.caller(mode, req).await?;
        let now = self.now();
        let end = async {
            if !is_id(id.as_str()) {
                return Err(AuthError::UnknownCredential);
            }
            for mode in self.modes.iter() {
                if mode.end(&caller.user_id, id, now).await? {
                    return Ok(());
                }
            }
            Err(AuthError::UnknownCredential)
        };
        let outcome = self.counted(Some(&caller.user_id), end).await;
        let event =
            Event { user: Some(&caller.user_id), credential: Some(id), ..Event::new(Action::EndCredential, req) };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Ends every credential of the caller, in every mode, and gives it a new one by the mode that it is signed in by. Also those
    /// that no list knows: a copied cookie cannot be ended alone, only with all that carry the same epoch.
    ///
    /// # Errors
    /// [`AuthError::Throttled`]; else as [`Auth::credentials`].
    pub async fn end_other_credentials(&self, mode: &str, req: &Parts) -> Result<Afresh, AuthError> {
        let caller = self.caller(mode, req).await?;
        let outcome = self.counted(Some(&caller.user_id), self.start_afresh(mode, &caller.user_id, req)).await;
        let event =
            Event { mode: Some(caller.mode), user: Some(&caller.user_id), ..Event::new(Action::EndOthers, req) };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Ends everything that the user is signed in by, and signs in anew whoever asks for it.
    pub(crate) async fn start_afresh(&self, mode: &str, user: &UserId, req: &Parts) -> Result<Afresh, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let revocation = self.revoke_everywhere(user, now).await?;
        let user = user::find_by_id(&self.base.db, user).await?.filter(User::is_active);
        let issued = mode.issue(&user.ok_or(Refusal::UserInactive)?, req, now).await?;
        Ok(Afresh { issued, revocation })
    }

    pub(crate) async fn caller(&self, mode: &str, req: &Parts) -> Result<Principal, AuthError> {
        self.identify(mode, req).await?.map(|found| found.principal).ok_or(AuthError::Missing)
    }
}
