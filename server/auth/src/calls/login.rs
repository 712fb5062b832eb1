//! Signing in, being recognised, and going on with a new credential.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    error::{AuthError, Refusal},
    mode::AuthMode,
    mode::issued::{Issued, SetCookie},
    mode::principal::{Lifetime, Principal},
    users::{self, User},
};

/// A caller, and what to set on the answer so that it stays signed in.
#[derive(Debug)]
pub struct Identified {
    /// Who.
    pub principal: Principal,
    /// Sliding credentials of modes that keep their dates in the browser.
    pub set_cookies: Vec<SetCookie>,
}

/// A rotation, after which the predecessor was presented again.
#[derive(Debug)]
pub struct RotationTrial {
    /// The successor.
    pub issued: Issued,
    /// The predecessor, before it was replaced.
    pub previous: Lifetime,
    /// The predecessor, shown once more to be recognised by.
    pub to_sign_in: Result<Lifetime, Refusal>,
    /// The predecessor, shown once more to be rotated.
    pub to_rotate: Result<Lifetime, Refusal>,
}

/// What a checked password is exchanged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    /// The mode's own credential, as its clients expect it.
    Credential,
    /// Access and refresh token, both in the body.
    Pair,
    /// One sliding token.
    Sliding,
}

impl Auth {
    /// Checks a password and signs the user in by one mode. The credential of that mode that the request carries, if any, is
    /// replaced.
    ///
    /// # Errors
    /// [`AuthError::InvalidCredentials`] for an unknown user, a wrong password and a disabled account alike, after the same
    /// work; [`AuthError::Throttled`], [`AuthError::UnknownMode`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn login(&self, mode: &str, username: &str, password: &str, req: &Parts) -> Result<Issued, AuthError> {
        self.sign_in(self.find_mode(mode)?.as_ref(), Grant::Credential, username, password, req).await
    }

    pub(crate) async fn sign_in(
        &self,
        mode: &dyn AuthMode,
        grant: Grant,
        username: &str,
        password: &str,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        let (account, checked) = self.check_login(username, password, req).await;
        let outcome = match checked {
            Ok(user) => self.issue_unless_revoked(mode, grant, &user, req).await,
            Err(error) => Err(error),
        };
        let event = Event { mode: Some(mode.info().id), user: account.as_ref(), ..Event::new(Action::Login, req) };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Signs in a user whose password was right, and dates the login.
    pub(crate) async fn issue_unless_revoked(
        &self,
        mode: &dyn AuthMode,
        grant: Grant,
        user: &User,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        let now = self.now();
        let issued = match (grant, mode.token_service()) {
            (Grant::Credential, _) => mode.issue(user, req, now).await?,
            (Grant::Pair, Some(tokens)) => tokens.obtain_pair(user, req, now).await?,
            (Grant::Sliding, Some(tokens)) => tokens.obtain_sliding(user, now).await?,
            (Grant::Pair | Grant::Sliding, None) => return Err(AuthError::UnknownMode),
        };
        // Hashing takes long enough for the password to be changed, the user signed out everywhere or the account closed
        // meanwhile. Whoever does that raises the epoch first and revokes afterwards; here the credential is made first and
        // the epoch compared afterwards. Whichever order the four steps fall in, either they revoke it or we do.
        let db = &self.base.db;
        let unchanged = if self.update_last_login {
            users::record_login(db, user, now).await?
        } else {
            users::is_current(db, user).await?
        };
        if unchanged {
            return Ok(issued);
        }
        mode.revoke_all(&user.id, now).await?;
        Err(AuthError::InvalidCredentials)
    }

    /// Recognises the caller by one mode. `Ok(None)`: it shows no credential of that mode.
    ///
    /// # Errors
    /// [`AuthError::Refused`] if it shows one that does not work; [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn identify(&self, mode: &str, req: &Parts) -> Result<Option<Identified>, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        match mode.authenticate(req, now).await {
            Ok(None) => Ok(None),
            Ok(Some(principal)) => {
                let set_cookies = mode.slide(&principal, req, now).await?;
                Ok(Some(Identified { principal, set_cookies }))
            }
            Err(error) => {
                self.record_refusal(mode.as_ref(), req, &error).await;
                Err(error)
            }
        }
    }

    /// Replaces the caller's credential by its successor. What becomes of the old one is the mode's.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::Throttled`], [`AuthError::UnknownMode`],
    /// [`AuthError::Database`]
    pub async fn rotate(&self, mode: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        // Whose it is has to be asked before: afterwards there is nothing left to tell it from.
        let owner = mode.owner(req, self.now()).await?;
        let outcome = self.counted(owner.as_ref().map(|owner| &owner.user_id), mode.rotate(req, self.now())).await;
        self.record(Event::new(Action::Rotate, req).about(mode.info().id, owner.as_ref()), outcome.as_ref()).await;
        outcome
    }

    /// Rotates, then presents the old request again, for real: once to be recognised, once to be rotated.
    ///
    /// # Errors
    /// As [`Auth::rotate`]. That the predecessor is refused afterwards is not an error but the result.
    pub async fn rotate_and_try_again(&self, mode: &str, req: &Parts) -> Result<RotationTrial, AuthError> {
        let previous = self.identify(mode, req).await?.ok_or(AuthError::Missing)?.principal.lifetime;
        let issued = self.rotate(mode, req).await?;
        let recognised = self.identify(mode, req).await;
        let to_sign_in = verdict(
            recognised.and_then(|found| found.map(|found| found.principal.lifetime).ok_or(AuthError::Missing)),
        )?;
        // Not counted: refusing half of a trial would lose the successor, which the caller does not have yet.
        let rotated = self.find_mode(mode)?.rotate(req, self.now()).await;
        let to_rotate = verdict(rotated.map(|issued| issued.lifetime))?;
        Ok(RotationTrial { issued, previous, to_sign_in, to_rotate })
    }
}

/// A refusal is a verdict; anything else that went wrong is not.
fn verdict(outcome: Result<Lifetime, AuthError>) -> Result<Result<Lifetime, Refusal>, AuthError> {
    match outcome {
        Ok(lifetime) => Ok(Ok(lifetime)),
        Err(AuthError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}
