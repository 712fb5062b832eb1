//! Whether an account still has a password that everybody knows. For the start of the server, and for nothing that a client
//! can reach: it is not throttled, and nothing is recorded.

use crate::{
    Auth,
    error::AuthError,
    users::{self, password::PasswordVerdict, username::Username},
};

impl Auth {
    /// Can somebody log in to this account by this password? `false` also where there is no such account, or a disabled one.
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
