//! Accounts: who may sign in.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    error::{AuthError, Refusal},
    mode::Issued,
    password::Password,
    principal::Principal,
    user::{self, Role, User, UserId, Username},
};

impl Auth {
    /// Creates an account. A name that is taken gets the answer of one that was free, with the id of nobody, after the same
    /// work: who has an account here is nobody's business (ASVS 5.0, 6.3.8).
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn register(&self, username: &str, password: &str, req: &Parts) -> Result<(UserId, Username), AuthError> {
        let outcome = self.register_as(username, password, Role::User).await;
        let user = outcome.as_ref().ok().and_then(|(id, _)| id.as_ref());
        let event = Event { user, ..Event::new(Action::Register, req) };
        self.record(event, outcome.as_ref().map(|_| &())).await;
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

    /// Whose account was meant, and whether it may be signed in to with this password.
    pub(crate) async fn check_password(
        &self,
        username: &str,
        password: &str,
    ) -> Result<(Option<UserId>, Result<User, AuthError>), AuthError> {
        let found = match Username::parse(username) {
            Ok(username) => user::find_by_name(&self.base.db, &username).await?,
            Err(_) => None,
        };
        let (user, hash) = found.map(|found| (found.user, found.password_hash)).unzip();
        let right = self.hasher.verify(Password::parse(password).ok(), hash).await?;
        let id = user.as_ref().map(|user| user.id.clone());
        Ok((id, user.filter(|user| right && user.is_active()).ok_or(AuthError::InvalidCredentials)))
    }

    /// Changes the password of the caller, who has to know the present one. Every credential of the account ends, in every mode;
    /// the caller gets a new one, by the mode that the request is signed in by.
    ///
    /// # Errors
    /// [`AuthError::Missing`], [`AuthError::Refused`]; [`AuthError::WrongPassword`] if `current` is not the present password,
    /// [`AuthError::InvalidRegistration`] if `new` cannot become one; [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn change_password(
        &self,
        mode: &str,
        current: &str,
        new: &str,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        let caller = self.caller(mode, req).await?;
        let outcome = self.replace_password(mode, &caller, current, new, req).await;
        let event = Event {
            mode: Some(caller.mode),
            user: Some(&caller.user_id),
            credential: caller.credential.as_ref(),
            ..Event::new(Action::ChangePassword, req)
        };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    async fn replace_password(
        &self,
        mode: &str,
        caller: &Principal,
        current: &str,
        new: &str,
        req: &Parts,
    ) -> Result<Issued, AuthError> {
        // The name may be as of the credential's issue: the account is what counts.
        let found = user::find_with_hash(&self.base.db, &caller.user_id).await?.ok_or(Refusal::UserGone)?;
        let right = self.hasher.verify(Password::parse(current).ok(), Some(found.password_hash.clone())).await?;
        if !right {
            return Err(AuthError::WrongPassword);
        }
        let refused = |problem| AuthError::InvalidRegistration { username: None, password: Some(problem) };
        let new = Password::parse(new).map_err(refused)?;
        let hash = self.hasher.hash_new(new, found.user.username.clone()).await?.map_err(refused)?;
        if !user::replace_password(&self.base.db, &caller.user_id, &found.password_hash, &hash).await? {
            // Somebody else has changed it meanwhile, so `current` is not the present one any more.
            return Err(AuthError::WrongPassword);
        }
        self.start_afresh(mode, &caller.user_id, req).await
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
}
