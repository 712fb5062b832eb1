//! Checks at server start whether an account still has its published demo password. Keep it out of reach of clients: it
//! is not throttled and records no event.

use crate::{
    Auth,
    error::AuthError,
    users::{self, password::PasswordVerdict, username::Username},
};

impl Auth {
    /// Does this password open this account? `false` also for an unknown or disabled account.
    ///
    /// # Errors
    /// [`AuthError::Database`], [`AuthError::Overloaded`]
    pub async fn has_password(&self, username: &str, password: &str) -> Result<bool, AuthError> {
        let Ok(username) = Username::parse(username) else { return Ok(false) };
        let Some(account) = users::find_by_name(&self.base.db, &username).await? else { return Ok(false) };
        if !account.user.is_active() {
            return Ok(false);
        }
        let verdict = self.hasher.verify(password, Some(account.password_hash)).await?;
        Ok(matches!(verdict, PasswordVerdict::Right { .. }))
    }
}
