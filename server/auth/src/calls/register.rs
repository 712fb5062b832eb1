//! Accounts: registration and import.

use http::request::Parts;

use super::audited_transaction;
use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    users::{
        self, NewUser, Role, UserId,
        password::{DjangoHash, Password, PasswordProblem},
        username::{Username, UsernameProblem},
    },
};

/// Stands in the column of the hash for an account without a password. It is not a hash, so no password matches.
const NO_PASSWORD: &str = "!";

impl Auth {
    /// Creates an account. A taken name gets the same response as a free one, with a random id, after the same work and
    /// the same commit. One leak remains without a confirmation by e-mail: a login with the chosen password fails if
    /// the name was taken (ASVS 5.0, 6.3.8). The rate `THROTTLE_REGISTER` makes that slow.
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`], [`AuthError::Throttled`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn register(&self, username: &str, password: &str, req: &Parts) -> Result<(UserId, Username), AuthError> {
        let event = Event::new(Action::Register, req);
        let outcome = match self.admit_registration(req).await {
            Ok(()) => self.try_register(Username::parse_new(username), password, Role::User, &event).await,
            Err(refused) => Err(refused),
        };
        self.record_failure(&event, &outcome).await;
        let (id, username) = outcome?;
        Ok((id.map_or_else(|| users::decoy_id(self.now()), Ok)?, username))
    }

    async fn admit_registration(&self, req: &Parts) -> Result<(), AuthError> {
        let (auth, req, now) = (self.clone(), req.clone(), self.now());
        self.run_to_completion(async move { auth.throttle.admit_registration(&req, now).await }).await
    }

    /// Creates an account with a role, for set-up. Not throttled. `None`: the name is taken, and the existing account
    /// stays unchanged.
    ///
    /// # Errors
    /// As [`Auth::register`].
    pub async fn register_as(
        &self,
        username: &str,
        password: &str,
        role: Role,
    ) -> Result<(Option<UserId>, Username), AuthError> {
        let event = Event::by_operator(Action::Register);
        let outcome = self.try_register(Username::parse(username), password, role, &event).await;
        self.record_failure(&event, &outcome).await;
        outcome
    }

    async fn try_register(
        &self,
        username: Result<Username, UsernameProblem>,
        password: &str,
        role: Role,
        event: &Event,
    ) -> Result<(Option<UserId>, Username), AuthError> {
        // Check the password even if the name is invalid: both problems are reported at once.
        let name = username.as_ref().map_or("", Username::as_str).to_owned();
        match (username, self.try_hash(password, name).await?) {
            (Ok(username), Ok(password_hash)) => {
                let user = NewUser { username, password_hash, role, disabled_at: None };
                let username = user.username.clone();
                let id = self.create(user, event).await?;
                Ok((id, username))
            }
            (username, hash) => Err(AuthError::InvalidRegistration { username: username.err(), password: hash.err() }),
        }
    }

    /// Imports an account of a Django site. Without a password, no login succeeds until an operator sets one. `None`:
    /// the name is taken, and the existing account stays unchanged.
    ///
    /// # Errors
    /// [`AuthError::Database`], [`AuthError::Randomness`]
    pub async fn import(
        &self,
        username: &Username,
        password: Option<&DjangoHash>,
        role: Role,
        active: bool,
    ) -> Result<Option<UserId>, AuthError> {
        let password_hash = password.map_or(NO_PASSWORD, DjangoHash::as_str).to_owned();
        let disabled_at = (!active).then_some(self.now());
        let user = NewUser { username: username.clone(), password_hash, role, disabled_at };
        let event = Event::by_operator(Action::Import);
        let outcome = self.create(user, &event).await;
        self.record_failure(&event, &outcome).await;
        outcome
    }

    /// Inserts an account and records it in one transaction, also where the name is taken.
    async fn create(&self, new: NewUser, event: &Event) -> Result<Option<UserId>, AuthError> {
        let (event, now) = (event.clone(), self.now());
        audited_transaction!(self, |auth, tx| {
            let id = users::insert(tx, &new, now).await?;
            let entry = auth.entry(&event.clone().user(id.as_ref()), Ok(&()))?;
            Ok((id, Some(entry)))
        })
    }

    /// Checks a new password against the rules and hashes it.
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`] if the password breaks the rules; [`AuthError::Overloaded`]
    pub(crate) async fn hash_new(&self, password: &str, username: String) -> Result<String, AuthError> {
        let hash = self.try_hash(password, username).await?;
        hash.map_err(|problem| AuthError::InvalidRegistration { username: None, password: Some(problem) })
    }

    async fn try_hash(&self, password: &str, username: String) -> Result<Result<String, PasswordProblem>, AuthError> {
        match Password::parse(password) {
            Ok(password) => self.hasher.hash_new(password, username).await,
            Err(problem) => Ok(Err(problem)),
        }
    }
}
