//! Four ways to recognise a signed-in caller, over one user table.
//!
//! [`Auth`] is the whole public surface. It knows no web framework: a request is an [`http::request::Parts`], an answer is
//! a value. Start reading at [`mode`], then at one of the modes.

#![warn(missing_docs)]

mod audit;
mod carrier;
mod clock;
mod db;
mod error;
mod keys;
mod mode;
mod modes;
mod password;
mod principal;
mod secret;
mod settings;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
mod user;

use std::sync::Arc;

use http::request::Parts;

use self::audit::Action;
pub use self::{
    carrier::cookie_value,
    clock::{Clock, Seconds, Timestamp},
    db::Db,
    error::{AuthError, Refusal},
    keys::{APP_SECRET_MIN_BYTES, Keys},
    mode::{
        AuthMode, Base, BodyCredential, Delivery, EpochCheck, Issued, ModeId, ModeInfo, Revocation, SetCookie,
        Transport,
    },
    password::{Hasher, Password, PasswordProblem},
    principal::{Credential, Lifetime, Principal},
    secret::{SecretHash, SecretString, random_bytes},
    settings::{Settings, SettingsError},
    user::{Role, User, UserId, Username, UsernameProblem},
};

/// Everything there is to ask about who calls. Cheap to clone; holds no global, so one process can serve several worlds.
#[derive(Clone)]
pub struct Auth {
    base: Base,
    clock: Clock,
    hasher: Hasher,
    modes: Arc<[Arc<dyn AuthMode>]>,
}

/// A caller, and what to set on the answer so that it stays signed in.
#[derive(Debug)]
pub struct Identified {
    /// Who.
    pub principal: Principal,
    /// Sliding credentials of modes that keep their dates in the browser.
    pub set_cookies: Vec<SetCookie>,
}

/// A sign-in that has ended.
#[derive(Debug)]
pub struct LoggedOut {
    /// When the end takes hold.
    pub revocation: Revocation,
    /// What the browser is told to forget.
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

impl Auth {
    /// Builds every mode.
    ///
    /// # Errors
    /// [`AuthError::Settings`], [`AuthError::Randomness`]
    pub fn new(base: Base, clock: Clock, hasher: Hasher) -> Result<Self, AuthError> {
        let modes = modes::all(&base)?.into();
        Ok(Self { base, clock, hasher, modes })
    }

    /// What the modes say of themselves, in the order in which the pages show them.
    pub fn modes(&self) -> impl Iterator<Item = &'static ModeInfo> + '_ {
        self.modes.iter().map(|mode| mode.info())
    }

    /// The mode of that name.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`]
    pub fn mode(&self, id: &str) -> Result<&'static ModeInfo, AuthError> {
        self.modes().find(|info| info.id.0 == id).ok_or(AuthError::UnknownMode)
    }

    /// What time it is, by the clock that every date comes from.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The database, to ask whether it answers.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.base.db
    }

    /// Creates an account. A name that is taken gets the answer of one that was free, with the id of nobody, after the same
    /// work: who has an account here is nobody's business (ASVS 5.0, 6.3.8).
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn register(&self, username: &str, password: &str) -> Result<(UserId, Username), AuthError> {
        let outcome = self.register_as(username, password, Role::User).await;
        audit::record(Action::Register, None, outcome.as_ref().ok().and_then(|(id, _)| id.as_ref()), &outcome);
        let (id, username) = outcome?;
        Ok((id.map_or_else(|| user::id_of_nobody(self.now()), Ok)?, username))
    }

    /// Creates an account with a role, for set-up. No id: the name is taken, and the account is left as it is.
    ///
    /// # Errors
    /// As [`Auth::register`].
    pub async fn register_as(
        &self,
        username: &str,
        password: &str,
        role: Role,
    ) -> Result<(Option<UserId>, Username), AuthError> {
        let username = Username::parse(username);
        // A bad name is no reason to hold back what is wrong with the password: both are told at once.
        let name = username.as_ref().map_or("", Username::as_str).to_owned();
        let hash = match Password::parse(password) {
            Ok(password) => self.hasher.hash_new(password, name).await?,
            Err(problem) => Err(problem),
        };
        match (username, hash) {
            (Ok(username), Ok(hash)) => {
                let id = user::insert(&self.base.db, &username, &hash, role, self.now()).await?;
                Ok((id, username))
            }
            (username, hash) => Err(AuthError::InvalidRegistration { username: username.err(), password: hash.err() }),
        }
    }

    /// Checks a password and signs the user in by one mode. The credential of that mode that the request carries, if any, is
    /// replaced.
    ///
    /// # Errors
    /// [`AuthError::InvalidCredentials`] for an unknown user, a wrong password and a disabled account alike, after the same
    /// work; [`AuthError::UnknownMode`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn login(&self, mode: &str, username: &str, password: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        let checked = self.check_password(username, password).await;
        let user_id = checked.as_ref().ok().map(|user| user.id.clone());
        let outcome = match checked {
            Ok(user) => mode.issue(&user, req, self.now()).await,
            Err(error) => Err(error),
        };
        audit::record(Action::Login, Some(mode.info().id), user_id.as_ref(), &outcome);
        outcome
    }

    async fn check_password(&self, username: &str, password: &str) -> Result<User, AuthError> {
        let found = match Username::parse(username) {
            Ok(username) => user::find_by_name(&self.base.db, &username).await?,
            Err(_) => None,
        };
        let (user, hash) = found.map(|found| (found.user, found.password_hash)).unzip();
        let right = self.hasher.verify(Password::parse(password).ok(), hash).await?;
        user.filter(|user| right && user.is_active()).ok_or(AuthError::InvalidCredentials)
    }

    /// Recognises the caller by one mode. `Ok(None)`: it shows no credential of that mode.
    ///
    /// # Errors
    /// [`AuthError::Refused`] if it shows one that does not work; [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn identify(&self, mode: &str, req: &Parts) -> Result<Option<Identified>, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let Some(principal) = mode.authenticate(req, now).await? else { return Ok(None) };
        let set_cookies = mode.slide(&principal, req, now).await?;
        Ok(Some(Identified { principal, set_cookies }))
    }

    /// Replaces the caller's credential by its successor. What becomes of the old one is the mode's.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn rotate(&self, mode: &str, req: &Parts) -> Result<Issued, AuthError> {
        let mode = self.find_mode(mode)?;
        let outcome = mode.rotate(req, self.now()).await;
        audit::record(Action::Rotate, Some(mode.info().id), None, &outcome);
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
        let to_rotate = verdict(self.rotate(mode, req).await.map(|issued| issued.lifetime))?;
        Ok(RotationTrial { issued, previous, to_sign_in, to_rotate })
    }

    /// Ends the caller's credential. Without one, or with a dead one, there is nothing to end, and that is no error.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let outcome = mode.revoke(req, self.now()).await;
        audit::record(Action::Logout, Some(mode.info().id), None, &outcome);
        Ok(LoggedOut { revocation: outcome?, set_cookies: mode.clear() })
    }

    /// Ends every credential of the caller in one mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_all(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let caller = mode.authenticate(req, now).await?.ok_or(AuthError::Missing)?;
        let outcome = mode.revoke_all(&caller.user_id, now).await;
        audit::record(Action::LogoutAll, Some(mode.info().id), Some(&caller.user_id), &outcome);
        Ok(LoggedOut { revocation: outcome?, set_cookies: mode.clear() })
    }

    /// Ends every credential of the caller in every mode.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn logout_everywhere(&self, mode: &str, req: &Parts) -> Result<LoggedOut, AuthError> {
        let now = self.now();
        let caller = self.find_mode(mode)?.authenticate(req, now).await?.ok_or(AuthError::Missing)?;
        let outcome = self.revoke_everywhere(&caller.user_id, now).await;
        audit::record(Action::LogoutEverywhere, None, Some(&caller.user_id), &outcome);
        let set_cookies = self.modes.iter().flat_map(|mode| mode.clear()).collect();
        Ok(LoggedOut { revocation: outcome?, set_cookies })
    }

    async fn revoke_everywhere(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        user::bump_epoch(&self.base.db, user).await?;
        let mut slowest = Revocation::Immediate;
        for mode in self.modes.iter() {
            slowest = slowest.or_later(mode.revoke_all(user, now).await?);
        }
        Ok(match self.base.epoch_check {
            // Whatever a mode alone could not reach, the epoch has just ended.
            EpochCheck::EveryRequest => Revocation::Immediate,
            EpochCheck::OnRenewal => slowest,
        })
    }

    /// Closes an account: nobody signs in to it, and no credential of it works.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn disable(&self, user: &UserId) -> Result<(), AuthError> {
        let now = self.now();
        user::disable(&self.base.db, user, now).await?;
        self.revoke_everywhere(user, now).await?;
        Ok(())
    }

    /// The user's live credentials in one mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], [`AuthError::Database`]
    pub async fn credentials(&self, mode: &str, user: &UserId) -> Result<Vec<Credential>, AuthError> {
        self.find_mode(mode)?.list(user, self.now()).await
    }

    fn find_mode(&self, id: &str) -> Result<&Arc<dyn AuthMode>, AuthError> {
        self.modes.iter().find(|mode| mode.info().id.0 == id).ok_or(AuthError::UnknownMode)
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
