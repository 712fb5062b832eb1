//! Administration of accounts: over HTTP by an administrator, or from the server's command line.

use http::request::Parts;

use super::{action_of, audited_transaction};
use crate::{
    Auth,
    audit::{Action, Event},
    error::AuthError,
    mode::issued::Revocation,
    sign_in::EndReason,
    users::{self, Role, User, UserId, UserSummary, change::Change, username::Username},
};

/// Maximum page size of [`Auth::users`].
pub const USERS_PER_PAGE: u32 = 100;

/// An administrator's operation on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Administration {
    /// [`Auth::disable`]
    Disable,
    /// [`Auth::enable`]
    Enable,
    /// [`Auth::expire`]
    Expire,
}

impl From<Administration> for Change {
    fn from(what: Administration) -> Self {
        match what {
            Administration::Disable => Self::Disable,
            Administration::Enable => Self::Enable,
            Administration::Expire => Self::EndEverything(EndReason::EndedByAdministrator),
        }
    }
}

impl Auth {
    /// Finds an account by user name, in any spelling of it.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, AuthError> {
        let Ok(username) = Username::parse(username) else { return Ok(None) };
        Ok(users::find_by_name(&self.base.db, &username).await?.map(|found| found.user))
    }

    /// A page of accounts ordered by user name, at most [`USERS_PER_PAGE`]: the first page, or the page after a given
    /// name.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn users(&self, after: Option<&Username>, limit: u32) -> Result<Vec<UserSummary>, AuthError> {
        users::page(&self.base.db, after, limit.min(USERS_PER_PAGE)).await
    }

    /// Identifies the caller and requires the administrator role. This is the only check of that role: it reads the
    /// account whatever the access check, because the role in a credential may be out of date.
    ///
    /// # Errors
    /// [`AuthError::Forbidden`] without the role; [`AuthError::Missing`], [`AuthError::Refused`],
    /// [`AuthError::Database`]
    pub async fn administrator(&self, mode: &str, req: &Parts) -> Result<UserId, AuthError> {
        let mode = self.find_mode(mode)?;
        let user = self.caller_with_account(mode.as_ref(), req).await?.user;
        if user.role == Role::Admin {
            return Ok(user.id);
        }
        let event = Event::new(Action::Deny, req).mode(mode.info().id).user(Some(&user.id));
        self.record::<()>(&event, Err(&AuthError::Forbidden)).await;
        Err(AuthError::Forbidden)
    }

    /// Performs an operation as the caller, who must be an administrator. `user` is an untrusted id.
    ///
    /// # Errors
    /// [`AuthError::OwnAccount`] if administrators disable their own account; [`AuthError::UnknownUser`];
    /// [`AuthError::Throttled`]; else as [`Auth::administrator`].
    pub async fn administer(
        &self,
        what: Administration,
        user: &str,
        mode: &str,
        req: &Parts,
    ) -> Result<Revocation, AuthError> {
        let actor = self.administrator(mode, req).await?;
        let mode = self.find_mode(mode)?.info().id;
        let (user, change) = (UserId::parse(user), Change::from(what));
        let event = Event::new(action_of(&change), req).mode(mode).user(user.as_ref());
        let event = Event { actor: Some(actor.clone()), ..event };
        let operation = async {
            let user = user.ok_or(AuthError::UnknownUser)?;
            if what == Administration::Disable && user == actor {
                return Err(AuthError::OwnAccount);
            }
            self.apply(change, user, &event).await
        };
        let outcome = self.counted(&actor, operation).await;
        self.record_failure(&event, &outcome).await;
        outcome
    }

    /// Disables an account. From the commit on, logins fail. Credentials stop working at the returned instant, in every
    /// mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn disable(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Change::Disable, user).await
    }

    /// Enables an account again. Credentials from before stay invalid: its user has to log in.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn enable(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Change::Enable, user).await
    }

    /// Ends every credential of the user in every mode.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`], [`AuthError::Database`]
    pub async fn expire(&self, user: &UserId) -> Result<Revocation, AuthError> {
        self.operate(Change::EndEverything(EndReason::EndedByAdministrator), user).await
    }

    /// Sets a new password and ends every sign-in of the account.
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`] if the password breaks the rules; [`AuthError::UnknownUser`],
    /// [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn set_password(&self, user: &UserId, password: &str) -> Result<(), AuthError> {
        let hashed = async {
            let found = users::find_by_id(&self.base.db, user).await?.ok_or(AuthError::UnknownUser)?;
            self.hash_new(password, found.username).await
        };
        match hashed.await {
            Ok(hash) => self.operate(Change::SetPassword { hash }, user).await.map(drop),
            Err(error) => {
                let event = Event::by_operator(Action::SetPassword).user(Some(user));
                self.record::<()>(&event, Err(&error)).await;
                Err(error)
            }
        }
    }

    async fn operate(&self, change: Change, user: &UserId) -> Result<Revocation, AuthError> {
        let event = Event::by_operator(action_of(&change)).user(Some(user));
        let outcome = self.apply(change, user.clone(), &event).await;
        self.record_failure(&event, &outcome).await;
        outcome
    }

    /// Changes an account and records the change, in one transaction.
    async fn apply(&self, change: Change, user: UserId, event: &Event) -> Result<Revocation, AuthError> {
        let (event, now) = (event.clone(), self.now());
        let revocation = match change {
            Change::Enable => Revocation::Immediate,
            _ => self.revocation_of_everything(now),
        };
        audited_transaction!(self, |auth, tx| {
            change.apply(tx, &user, now).await?.ok_or(AuthError::UnknownUser)?;
            Ok((revocation, Some(auth.entry(&event, Ok(&revocation))?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        AuthError, Db, Seconds,
        clock::Timestamp,
        db::db_fetch_optional,
        on_both_databases,
        testing::{START, World},
    };

    const CHANGED_AT: &str = "select password_changed_at from users where username = 'alice'";

    async fn changed_at(db: &Db) -> Result<Option<Timestamp>, AuthError> {
        let row: Option<(Option<Timestamp>,)> = db_fetch_optional!(db, CHANGED_AT);
        Ok(row.and_then(|(changed_at,)| changed_at))
    }

    on_both_databases! {
        async fn setting_a_password_records_its_date(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            world.clock.advance(Seconds(60));
            world.auth.set_password(&alice, "marble lantern quietly").await.unwrap();
            assert_eq!(changed_at(world.auth.db()).await.unwrap(), Some(START.plus(Seconds(60))));
        }
    }
}
