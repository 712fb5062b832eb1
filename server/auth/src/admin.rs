//! What an administrator does to accounts. Who may do it is the caller's to check.

use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    user::{self, User, UserId, UserSummary},
    username::Username,
};

/// The longest page of [`Auth::users`].
pub const USERS_PER_PAGE: u32 = 100;

impl Auth {
    /// The account of that name.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, AuthError> {
        let Ok(username) = Username::parse(username) else { return Ok(None) };
        Ok(user::find_by_name(&self.base.db, &username).await?.map(|found| found.user))
    }

    /// A page of accounts in the order of their names, at most [`USERS_PER_PAGE`]: the first, or the one that follows a name.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn users(&self, after: Option<&Username>, limit: u32) -> Result<Vec<UserSummary>, AuthError> {
        user::page(&self.base.db, after, limit.min(USERS_PER_PAGE)).await
    }

    /// Closes an account: nobody signs in to it, and no credential of it works.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn disable(&self, user: &UserId) -> Result<(), AuthError> {
        let outcome = async {
            self.known(user).await?;
            let now = self.now();
            user::disable(&self.base.db, user, now).await?;
            self.revoke_everywhere(user, now).await.map(drop)
        }
        .await;
        self.record(Event { user: Some(user), ..Event::by_operator(Action::Disable) }, outcome.as_ref()).await;
        outcome
    }

    /// Opens an account again. Nothing of before comes back: its users sign in anew.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn enable(&self, user: &UserId) -> Result<(), AuthError> {
        let outcome = async {
            // A closing that was cut short may have left a credential, which only the closed account keeps from working.
            if !self.known(user).await?.is_active() {
                self.revoke_everywhere(user, self.now()).await?;
            }
            user::enable(&self.base.db, user).await
        }
        .await;
        self.record(Event { user: Some(user), ..Event::by_operator(Action::Enable) }, outcome.as_ref()).await;
        outcome
    }

    /// Ends every credential of the user in every mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn expire(&self, user: &UserId) -> Result<(), AuthError> {
        let outcome = async {
            self.known(user).await?;
            self.revoke_everywhere(user, self.now()).await.map(drop)
        }
        .await;
        self.record(Event { user: Some(user), ..Event::by_operator(Action::Expire) }, outcome.as_ref()).await;
        outcome
    }

    /// Gives an account a new password, and ends every credential that was had by the old one.
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`] if it is none for a new password; [`AuthError::UnknownUser`],
    /// [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn set_password(&self, user: &UserId, password: &str) -> Result<(), AuthError> {
        let outcome = async {
            let username = self.known(user).await?.username;
            let hash = self.hash_new(password, username).await?;
            let hash =
                hash.map_err(|problem| AuthError::InvalidRegistration { username: None, password: Some(problem) })?;
            let now = self.now();
            user::set_password(&self.base.db, user, &hash, now).await?;
            self.revoke_everywhere(user, now).await.map(drop)
        }
        .await;
        self.record(Event { user: Some(user), ..Event::by_operator(Action::SetPassword) }, outcome.as_ref()).await;
        outcome
    }

    async fn known(&self, user: &UserId) -> Result<User, AuthError> {
        user::find_by_id(&self.base.db, user).await?.ok_or(AuthError::UnknownUser)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Seconds,
        clock::Timestamp,
        db::read,
        on_both_databases,
        testing::{START, World},
    };

    const CHANGED_AT: &str = "select password_changed_at from users where username = 'alice'";

    on_both_databases! {
        async fn a_new_password_is_dated(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            world.clock.advance(Seconds(60));
            world.auth.set_password(&alice, "marble lantern quietly").await.unwrap();
            let changed_at: Option<Timestamp> =
                read!(world.auth.db(), |db| sqlx::query_scalar(CHANGED_AT).fetch_one(db).await.unwrap());
            assert_eq!(changed_at, Some(START.plus(Seconds(60))));
        }
    }
}
