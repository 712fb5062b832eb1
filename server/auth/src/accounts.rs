//! Accounts: who may sign in.

use crate::{
    Auth,
    audit::{self, Action},
    error::AuthError,
    password::Password,
    user::{self, Role, User, UserId, Username},
};

impl Auth {
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

    pub(crate) async fn check_password(&self, username: &str, password: &str) -> Result<User, AuthError> {
        let found = match Username::parse(username) {
            Ok(username) => user::find_by_name(&self.base.db, &username).await?,
            Err(_) => None,
        };
        let (user, hash) = found.map(|found| (found.user, found.password_hash)).unzip();
        let right = self.hasher.verify(Password::parse(password).ok(), hash).await?;
        user.filter(|user| right && user.is_active()).ok_or(AuthError::InvalidCredentials)
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
