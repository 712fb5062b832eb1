//! What administrators do to accounts: over HTTP as themselves, or from the command line of the machine.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    mode::issued::Revocation,
    mode::principal::Principal,
    users::username::Username,
    users::{self, Role, User, UserId, UserSummary},
};

/// The longest page of [`Auth::users`].
pub const USERS_PER_PAGE: u32 = 100;

/// What an administrator does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Administration {
    /// See [`Auth::disable`].
    Disable,
    /// See [`Auth::enable`].
    Enable,
    /// See [`Auth::expire`].
    Expire,
}

impl Administration {
    const fn action(self) -> Action {
        match self {
            Self::Disable => Action::Disable,
            Self::Enable => Action::Enable,
            Self::Expire => Action::Expire,
        }
    }
}

impl Auth {
    /// The account of that name.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, AuthError> {
        let Ok(username) = Username::parse(username) else { return Ok(None) };
        Ok(users::find_by_name(&self.base.db, &username).await?.map(|found| found.user))
    }

    /// A page of accounts in the order of their names, at most [`USERS_PER_PAGE`]: the first, or the one that follows a name.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn users(&self, after: Option<&Username>, limit: u32) -> Result<Vec<UserSummary>, AuthError> {
        users::page(&self.base.db, after, limit.min(USERS_PER_PAGE)).await
    }

    /// The caller, if an administrator. Looked up anew: a role that a credential carries may have been taken away since.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`] for anybody else; [`AuthError::Missing`], [`AuthError::Refused`], [`AuthError::Database`]
    pub async fn administrator(&self, mode: &str, req: &Parts) -> Result<Principal, AuthError> {
        let caller = self.caller(mode, req).await?;
        let user = users::find_by_id(&self.base.db, &caller.user_id).await?;
        let is_administrator = user.is_some_and(|user| user.is_active() && user.role == Role::Admin);
        if is_administrator { Ok(caller) } else { Err(AuthError::Forbidden) }
    }

    /// Does it as the caller, who has to be an administrator.
    ///
    /// # Errors
    /// [`AuthError::OwnAccount`] if administrators would shut themselves out; [`AuthError::UnknownUser`];
    /// [`AuthError::Throttled`]; else as [`Auth::administrator`].
    pub async fn administer(
        &self,
        what: Administration,
        user: &UserId,
        mode: &str,
        req: &Parts,
    ) -> Result<Revocation, AuthError> {
        let administrator = self.administrator(mode, req).await?;
        let act = async {
            if what == Administration::Disable && *user == administrator.user_id {
                return Err(AuthError::OwnAccount);
            }
            self.apply(what, user).await
        };
        let outcome = self.counted(Some(&administrator.user_id), act).await;
        let event = Event {
            mode: Some(administrator.mode),
            user: Some(user),
            actor: Some(&administrator.user_id),
            ..Event::new(what.action(), req)
        };
        self.record(event, outcome.as_ref()).await;
        outcome
    }

    /// Closes an account: nobody signs in to it, and no credential of it works, from the instant that is told.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn disable(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Administration::Disable, user).await
    }

    /// Opens an account again. Nothing of before comes back: its users sign in anew.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn enable(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Administration::Enable, user).await
    }

    /// Ends every credential of the user in every mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn expire(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Administration::Expire, user).await
    }

    async fn operate(&self, what: Administration, user: &UserId) -> Result<Revocation, AuthError> {
        let outcome = self.apply(what, user).await;
        self.record(Event { user: Some(user), ..Event::by_operator(what.action()) }, outcome.as_ref()).await;
        outcome
    }

    async fn apply(&self, what: Administration, user: &UserId) -> Result<Revocation, AuthError> {
        let (db, now) = (&self.base.db, self.now());
        let account = self.known(user).await?;
        match what {
            Administration::Disable => {
                users::disable(db, user, now).await?;
                self.revoke_everywhere(user, now).await
            }
            Administration::Enable => {
                // A closing that was cut short may have left a credential, which only the closed account keeps from working.
                if !account.is_active() {
                    self.revoke_everywhere(user, now).await?;
                }
                users::enable(db, user).await?;
                Ok(Revocation::Immediate)
            }
            Administration::Expire => self.revoke_everywhere(user, now).await,
        }
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
            users::set_password(&self.base.db, user, &hash, now).await?;
            self.revoke_everywhere(user, now).await.map(drop)
        }
        .await;
        self.record(Event { user: Some(user), ..Event::by_operator(Action::SetPassword) }, outcome.as_ref()).await;
        outcome
    }

    async fn known(&self, user: &UserId) -> Result<User, AuthError> {
        users::find_by_id(&self.base.db, user).await?.ok_or(AuthError::UnknownUser)
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
