//! The check of a password: of a user name at login, and of a caller who confirms an operation.

use http::request::Parts;

use crate::{
    Auth,
    error::{AuthError, Refusal},
    throttle::Attempt,
    users::{self, User, UserId, UserWithHash, password::PasswordVerdict, username::Username},
};

impl Auth {
    /// Checks a password. Returns the id of the named account, and the account as read with its hash if the password is
    /// right and the account is enabled.
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
        let named = user.as_ref().map(|user| user.id.clone());
        let right = self.is_password_of(password, user.as_ref(), hash).await;
        let checked =
            right.and_then(|right| user.filter(|user| right && user.is_active()).ok_or(AuthError::InvalidCredentials));
        (named, checked)
    }

    /// Compares a password with an account's hash. A right password replaces a hash of another algorithm or a lower
    /// cost.
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

    /// Checks the current password of this user. Wrong passwords count as at login, because the thief of a credential
    /// can guess here as well.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`], [`AuthError::Throttled`], [`AuthError::Overloaded`], [`AuthError::Database`]
    pub(crate) async fn confirm_password(&self, user: &User, typed: &str, req: &Parts) -> Result<Attempt, AuthError> {
        // The user name in a credential may be out of date, so read it from the account.
        let found: UserWithHash = users::find_with_hash(&self.base.db, &user.id).await?.ok_or(Refusal::UserGone)?;
        let attempt = self.admit_attempt(found.user.username, req).await?;
        let verdict = self.hasher.verify(typed, Some(found.password_hash)).await;
        if matches!(verdict, Ok(PasswordVerdict::Wrong)) {
            return Err(AuthError::WrongPassword);
        }
        self.give_back(attempt.clone()).await;
        verdict.map(|_| attempt)
    }

    async fn admit_attempt(&self, username: String, req: &Parts) -> Result<Attempt, AuthError> {
        let (auth, req, now) = (self.clone(), req.clone(), self.now());
        self.run_to_completion(async move { auth.throttle.admit_attempt(&username, &req, now).await }).await
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        DjangoHash, Role, Username, on_both_databases,
        testing::{PASSWORD, World},
        users,
    };

    on_both_databases! {
        async fn the_first_login_of_an_imported_user_replaces_the_django_hash(driver: Driver) {
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
            users::renew_hash(world.auth.db(), &alice, "the previous hash", "the same, renewed").await.unwrap();
            assert!(world.auth.check_password("alice", PASSWORD).await.1.is_ok());
        }
    }
}
