//! Accounts: how they come to be, and who may sign in to one.

use http::request::Parts;

use crate::{
    Auth,
    audit::{Action, Event},
    calls::devices::Afresh,
    error::{AuthError, Refusal},
    mode::principal::Principal,
    users::password::{DjangoHash, Password, PasswordProblem, PasswordVerdict},
    users::username::{Username, UsernameProblem},
    users::{self, NewUser, Role, User, UserId},
};

/// In place of the hash of an account that has no password. No hash, so no password matches it.
const NO_PASSWORD: &str = "!";

impl Auth {
    /// Creates an account. A name that is taken gets the answer of one that was free, with the id of nobody, after the same
    /// work: who has an account here is nobody's business (ASVS 5.0, 6.3.8).
    ///
    /// # Errors
    /// [`AuthError::InvalidRegistration`], [`AuthError::Throttled`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub async fn register(&self, username: &str, password: &str, req: &Parts) -> Result<(UserId, Username), AuthError> {
        let outcome = match self.throttle.admit_registration(req, self.now()).await {
            Ok(()) => self.try_register(Username::parse_new(username), password, Role::User).await,
            Err(refused) => Err(refused),
        };
        let user = outcome.as_ref().ok().and_then(|(id, _)| id.as_ref());
        let event = Event { user, ..Event::new(Action::Register, req) };
        self.record(event, outcome.as_ref().map(|_| &())).await;
        let (id, username) = outcome?;
        Ok((id.map_or_else(|| users::id_of_nobody(self.now()), Ok)?, username))
    }

    /// Creates an account with a role, for set-up: not throttled. No id: the name is taken, and the account is left as it is.
    ///
    /// # Errors
    /// As [`Auth::register`].
    pub async fn register_as(
        &self,
        username: &str,
        password: &str,
        role: Role,
    ) -> Result<(Option<UserId>, Username), AuthError> {
        let outcome = self.try_register(Username::parse(username), password, role).await;
        let user = outcome.as_ref().ok().and_then(|(id, _)| id.as_ref());
        self.record(Event { user, ..Event::by_operator(Action::Register) }, outcome.as_ref().map(|_| &())).await;
        outcome
    }

    async fn try_register(
        &self,
        username: Result<Username, UsernameProblem>,
        password: &str,
        role: Role,
    ) -> Result<(Option<UserId>, Username), AuthError> {
        // A bad name is no reason to hold back what is wrong with the password: both are told at once.
        let name = username.as_ref().map_or("", Username::as_str).to_owned();
        match (username, self.hash_new(password, name).await?) {
            (Ok(username), Ok(password_hash)) => {
                let user = NewUser { username: &username, password_hash: &password_hash, role, disabled_at: None };
                let id = users::insert(&self.base.db, user, self.now()).await?;
                Ok((id, username))
            }
            (username, hash) => Err(AuthError::InvalidRegistration { username: username.err(), password: hash.err() }),
        }
    }

    /// Takes over an account of a Django site; without a password, nobody signs in to it until it is given one. No id: the
    /// name is taken, and the account is left as it is.
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
        let now = self.now();
        let password_hash = password.map_or(NO_PASSWORD, DjangoHash::as_str);
        let user = NewUser { username, password_hash, role, disabled_at: (!active).then_some(now) };
        let outcome = users::insert(&self.base.db, user, now).await;
        let made = outcome.as_ref().ok().and_then(Option::as_ref);
        self.record(Event { user: made, ..Event::by_operator(Action::Import) }, outcome.as_ref().map(|_| &())).await;
        outcome
    }

    pub(crate) async fn hash_new(
        &self,
        password: &str,
        username: String,
    ) -> Result<Result<String, PasswordProblem>, AuthError> {
        match Password::parse(password) {
            Ok(password) => self.hasher.hash_new(password, username).await,
            Err(problem) => Ok(Err(problem)),
        }
    }

    /// Whose account was meant, and that account as it was before the password was checked, if it may be signed in to.
    pub(crate) async fn check_password(
        &self,
        username: &str,
        password: &str,
    ) -> (Option<UserId>, Result<User, AuthError>) {
        let found = match Username::parse(username) {
            Ok(username) => users::find_by_name(&self.base.db, &username).await,
            Err(_) => Ok(None),
        };
        let found = match found {
            Ok(found) => found,
            Err(error) => return (None, Err(error)),
        };
        let (user, hash) = found.map(|found| (found.user, found.password_hash)).unzip();
        let meant = user.as_ref().map(|user| user.id.clone());
        let right = self.is_password_of(password, user.as_ref(), hash).await;
        let checked =
            right.and_then(|right| user.filter(|user| right && user.is_active()).ok_or(AuthError::InvalidCredentials));
        (meant, checked)
    }

    /// Is it the password of this account? One whose hash is of another make is hashed anew.
    async fn is_password_of(
        &self,
        password: &str,
        user: Option<&User>,
        hash: Option<String>,
    ) -> Result<bool, AuthError> {
        let PasswordVerdict::Right { renewed } = self.hasher.verify(password, hash.clone()).await? else {
            return Ok(false);
        };
        if let (Some(user), Some(old), Some(new)) = (user, hash, renewed)
            && user.is_active()
        {
            users::renew_hash(&self.base.db, &user.id, &old, &new).await?;
        }
        Ok(true)
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
    ) -> Result<Afresh, AuthError> {
        let caller = self.caller(mode, req).await?;
        let replace = self.replace_password(mode, &caller, current, new, req);
        let outcome = self.counted(Some(&caller.user_id), replace).await;
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
    ) -> Result<Afresh, AuthError> {
        let now = self.now();
        // The name may be as of the credential's issue: the account is what counts.
        let found = users::find_with_hash(&self.base.db, &caller.user_id).await?.ok_or(Refusal::UserGone)?;
        // Whoever has stolen a credential guesses here as at the login, so it counts as at the login.
        let attempt = self.throttle.admit_attempt(&found.user.username, req, now).await?;
        let verdict = self.hasher.verify(current, Some(found.password_hash.clone())).await;
        let checked = match verdict {
            Ok(PasswordVerdict::Right { .. }) => Ok(()),
            Ok(_) => Err(AuthError::InvalidCredentials),
            Err(error) => Err(error),
        };
        self.throttle.settle(&attempt, checked.as_ref(), now).await?;
        checked.map_err(|error| match error {
            AuthError::InvalidCredentials => AuthError::WrongPassword,
            error => error,
        })?;
        let hash = self.hash_new(new, found.user.username.clone()).await?;
        let hash =
            hash.map_err(|problem| AuthError::InvalidRegistration { username: None, password: Some(problem) })?;
        // None: somebody else has changed it meanwhile, so `current` is not the present one any more.
        let epoch = users::replace_password(&self.base.db, &caller.user_id, &found.password_hash, &hash, now).await?;
        let user = User { epoch: epoch.ok_or(AuthError::WrongPassword)?, ..found.user };
        let afresh = self.start_afresh(mode, user, req).await?;
        if let Some(user) = users::find_by_id(&self.base.db, &caller.user_id).await? {
            self.throttle.know(&attempt, user.epoch, now).await?;
        }
        Ok(afresh)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        AuthError, DjangoHash, Role, Username,
        calls::login::Grant,
        on_both_databases,
        testing::{PASSWORD, World, request},
        users,
    };

    on_both_databases! {
        async fn a_login_that_was_overtaken_by_an_expiry_leaves_no_credential(driver: Driver) {
            for settings in [&[] as &[_], &[("UPDATE_LAST_LOGIN", "false")]] {
                let world = World::with_settings(driver, settings).await.unwrap();
                let alice = world.sign_up("alice").await.unwrap();
                for mode in world.auth.modes.iter() {
                    let checked = world.auth.check_password("alice", PASSWORD).await.1.unwrap();
                    world.auth.expire(&alice).await.unwrap();
                    let refused = world.auth.issue_unless_revoked(mode.as_ref(), Grant::Credential, &checked, &request(&[])).await;
                    let id = mode.info().id;
                    assert!(matches!(refused, Err(AuthError::InvalidCredentials)), "{id}");
                    assert!(mode.list(&alice, world.auth.now()).await.unwrap().is_empty(), "{id}");
                }
            }
        }

        async fn a_login_that_was_overtaken_by_the_closing_of_the_account_leaves_no_credential(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            let checked = world.auth.check_password("alice", PASSWORD).await.1.unwrap();
            world.auth.disable(&alice).await.unwrap();
            for mode in world.auth.modes.iter() {
                let refused = world.auth.issue_unless_revoked(mode.as_ref(), Grant::Credential, &checked, &request(&[])).await;
                let id = mode.info().id;
                assert!(matches!(refused, Err(AuthError::InvalidCredentials)), "{id}");
                assert!(mode.list(&alice, world.auth.now()).await.unwrap().is_empty(), "{id}");
            }
        }

        async fn the_first_login_of_an_imported_user_replaces_the_hash_by_ours(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = Username::parse("alice").unwrap();
            let django = "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=";
            let password = DjangoHash::parse(django).unwrap();
            world.auth.import(&alice, password.as_ref(), Role::User, true).await.unwrap();
            assert!(world.auth.check_password("alice", "not her password").await.1.is_err());
            let stored = async || users::find_by_name(world.auth.db(), &alice).await.unwrap().unwrap().password_hash;
            assert_eq!(stored().await, django);
            world.auth.check_password("alice", PASSWORD).await.1.unwrap();
            assert!(stored().await.starts_with("$argon2id$"));
        }

        async fn a_hash_that_was_replaced_meanwhile_is_not_renewed(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let alice = world.sign_up("alice").await.unwrap();
            users::renew_hash(world.auth.db(), &alice, "the hash of before", "the same, renewed").await.unwrap();
            assert!(world.auth.check_password("alice", PASSWORD).await.1.is_ok());
        }
    }
}
