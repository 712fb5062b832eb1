//! Four ways to recognise a signed-in caller, over one user table.
//!
//! [`Auth`] is the whole public surface. It knows no web framework: a request is an [`http::request::Parts`], an answer is
//! a value. Start reading at [`mode`], then at one of the modes.

#![warn(missing_docs)]

mod audit;
mod base;
mod cache;
mod calls;
mod clock;
mod db;
mod error;
mod keys;
mod mode;
mod modes;
mod secret;
mod settings;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
mod throttle;
mod token_service;
mod users;

use std::sync::{Arc, atomic::AtomicU16};

pub use self::{
    audit::{Action, AuditEvent},
    base::{Base, EpochCheck},
    calls::{
        admin::{Administration, USERS_PER_PAGE},
        devices::{Afresh, ListedCredential},
        login::{Identified, RotationTrial},
        logout::LoggedOut,
        tokens::TokenGrant,
    },
    clock::{Clock, Seconds, Timestamp},
    db::{DatabaseTls, Db},
    error::{AuthError, Refusal, Replay},
    keys::{
        APP_SECRET_MIN_BYTES, KEY_SET_MAX_AGE, Key, Keys, Kid, LEAD, NewKey, OVERLAP, RING_REFRESH, Ring,
        SecretProblem, SigningAlgorithm,
    },
    mode::{
        AuthMode, BodyCredential, ModeId, ModeInfo, Owner, Transport,
        carrier::{Client, ClientAddress, cookie_value},
        issued::{Delivery, Issued, IssuedBy, Revocation, SetCookie},
        principal::{Credential, CredentialId, Lifetime, Principal},
    },
    secret::{SecretHash, SecretString, random_bytes},
    settings::{Rate, Settings, SettingsError},
    token_service::{Introspection, TokenService},
    users::{
        Role, User, UserId, UserSummary,
        password::{DjangoHash, HashProblem, Hasher, Password, PasswordProblem, PasswordVerdict},
        username::{Username, UsernameProblem},
    },
};
use self::{cache::Cache, throttle::Throttle};

/// Everything there is to ask about who calls. Cheap to clone; holds no global, so one process can serve several worlds.
#[derive(Clone)]
pub struct Auth {
    base: Base,
    clock: Clock,
    hasher: Hasher,
    /// Setting `UPDATE_LAST_LOGIN`: each login is dated in the account, at the price of one more write.
    update_last_login: bool,
    throttle: Throttle,
    modes: Arc<[Arc<dyn AuthMode>]>,
    oauth_clients: Arc<calls::oauth_clients::OauthClients>,
    /// Counts the events of the audit trail, so that those of one second are in order.
    events: Arc<AtomicU16>,
    /// Events that are not written again before then.
    repeated: Arc<Cache>,
}

impl Auth {
    /// Builds every mode.
    ///
    /// # Errors
    /// [`AuthError::Settings`], [`AuthError::Randomness`]
    pub fn new(base: Base, clock: Clock, hasher: Hasher) -> Result<Self, AuthError> {
        let modes = modes::all(&base)?.into();
        let oauth_clients = Arc::new(calls::oauth_clients::OauthClients::new(&base.settings)?);
        let throttle = Throttle::new(&base)?;
        let update_last_login = base.settings.switch("UPDATE_LAST_LOGIN", true)?;
        Ok(Self {
            base,
            clock,
            hasher,
            update_last_login,
            throttle,
            modes,
            oauth_clients,
            events: Arc::default(),
            repeated: Arc::default(),
        })
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

    /// Deletes what has expired, at most `limit` rows of each kind, and says how many went. Small batches: nobody waits.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn prune(&self, limit: i64) -> Result<u64, AuthError> {
        let now = self.now();
        let mut deleted = audit::prune(&self.base.db, now, limit).await? + self.throttle.prune(now, limit).await?;
        for mode in self.modes.iter() {
            deleted += mode.prune(now, limit).await?;
        }
        Ok(deleted)
    }
}
