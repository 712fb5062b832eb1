//! Modes of recognising a signed-in user, over one table of users.
//!
//! [`Auth`] is the whole public surface. It depends on no web framework: its input is an [`http::request::Parts`], its
//! output is a value. Start with [`mode`], then read one of the modes.

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
mod oauth_clients;
mod random;
mod secret;
mod settings;
mod sign_in;
mod state;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
mod throttle;
mod users;
mod work;

use std::any::Any; // mode: jwt
use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
};

use tokio_util::task::TaskTracker;

pub use self::modes::jwt; // mode: jwt
pub use self::modes::session; // mode: session
use self::{audit::Repeated, base::ReplacedCredential, oauth_clients::OauthClients, state::State, throttle::Throttle};
pub use self::{
    audit::{Action, AuditEvent, REQUEST_ID, REQUEST_ID_MAX_BYTES},
    base::{AccessCheck, Base},
    calls::{
        admin::{Administration, USERS_PER_PAGE},
        devices::ListedSignIn,
        logout::LoggedOut,
        password::CarriedAlong,
        replay::ReplayedPrevious,
        rotate::RotationTrial,
        tokens::ExpectedToken,
    },
    clock::{CLOCK_TOLERANCE, Clock, Seconds, Stopwatch, Timestamp},
    db::{DatabaseTls, Db, Table},
    error::{AuthError, Denied, Refusal, Replay},
    keys::{
        APP_SECRET_MIN_BYTES, KEY_SET_MAX_AGE, Key, Keys, Kid, LEAD, NewKey, OVERLAP, RING_REFRESH, Ring,
        SigningAlgorithm,
    },
    mode::{
        AuthMode, BearerToken, ModeId, ModeInfo, ModeTexts, Stateless, Transport,
        carrier::{cookie_attributes, cookie_length, has_cookie},
        client::{Client, ClientAddress},
        issued::{Delivery, Ending, Issued, IssuedBy, LaterCopies, Resealed, Revocation, Rotation, SetCookie, Trigger},
        lifetimes::Lifetimes,
        principal::{Lifetime, Principal, Recognised},
        replay::{Previous, Replayable, ReuseOutcome},
        shown::{BodyCredential, Introspected, Introspection, Owner, Purpose, Shown},
    },
    random::random_bytes,
    secret::{SecretHash, SecretString},
    settings::{Rate, Settings, SettingsError},
    sign_in::{EndReason, SIGN_INS_PER_PAGE, SignIn, SignInId, touch_interval},
    users::{
        Role, User, UserId, UserSummary,
        password::{DjangoHash, HashProblem, Hasher, Password, PasswordProblem, PasswordVerdict},
        username::{Username, UsernameProblem},
    },
    work::{Crypto, Recording, Step, StepKind},
};

/// Setting `SIGN_IN_LIMIT`: maximum number of live sign-ins of a user. A further login ends the one that was seen least
/// recently.
const SIGN_IN_LIMIT: i64 = 100;

/// The entry point of this crate. A clone is a pointer to the same state. There is no global state, so one process can
/// run several isolated instances.
#[derive(Clone)]
pub struct Auth(Arc<State>);

impl Deref for Auth {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl Auth {
    /// Builds every mode from its settings.
    ///
    /// # Errors
    /// [`AuthError::Settings`], [`AuthError::Randomness`]
    pub fn new(base: Base, clock: Clock, hasher: Hasher) -> Result<Self, AuthError> {
        Ok(Self(Arc::new(State {
            modes: modes::all(&base)?,
            oauth_clients: OauthClients::new(&base.settings)?,
            throttle: Throttle::new(&base)?,
            update_last_login: base.settings.switch("UPDATE_LAST_LOGIN", true)?,
            sign_in_limit: base.settings.count("SIGN_IN_LIMIT", SIGN_IN_LIMIT)?,
            replaced_credential: ReplacedCredential::read(&base.settings)?,
            base,
            clock,
            hasher,
            sequence: AtomicU16::default(),
            repeated: Repeated::default(),
            tasks: TaskTracker::new(),
        })))
    }

    /// The description of each mode, in the order of the pages.
    pub fn modes(&self) -> impl Iterator<Item = &'static ModeInfo> + '_ {
        self.modes.iter().map(|mode| mode.info())
    }

    /// The description of the mode with this id.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`]
    pub fn mode(&self, id: &str) -> Result<&'static ModeInfo, AuthError> {
        self.modes().find(|info| info.id.0 == id).ok_or(AuthError::UnknownMode)
    }

    // mode: jwt, begin
    /// The implementation of a mode, for operations outside of [`AuthMode`].
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`]
    pub fn mode_of_type<T: AuthMode>(&self, id: ModeId) -> Result<&T, AuthError> {
        let mode: &dyn Any = self.find_mode(id.0)?.as_ref();
        mode.downcast_ref().ok_or(AuthError::UnknownMode)
    }
    // mode: jwt, end

    /// The current time on the clock of this instance.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn next_in_sequence(&self) -> u16 {
        self.sequence.fetch_add(1, Ordering::Relaxed)
    }

    /// The database, for a health check.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.base.db
    }

    /// Waits for running transactions, including those whose client has disconnected. Call it before the database is
    /// closed.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
