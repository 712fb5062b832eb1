//! Four ways to recognise a signed-in caller, over one user table.
//!
//! [`Auth`] is the whole public surface. It knows no web framework: a request is an [`http::request::Parts`], an answer is
//! a value. Start reading at [`mode`], then at one of the modes.

#![warn(missing_docs)]

mod accounts;
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
mod sign_in;
mod sign_out;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
mod user;

use std::sync::Arc;

pub use self::{
    carrier::{ClientAddress, client_address, cookie_value},
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
    sign_in::{Identified, RotationTrial},
    sign_out::LoggedOut,
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

    fn find_mode(&self, id: &str) -> Result<&Arc<dyn AuthMode>, AuthError> {
        self.modes.iter().find(|mode| mode.info().id.0 == id).ok_or(AuthError::UnknownMode)
    }
}
