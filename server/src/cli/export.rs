//! mode: jwt
//! `server keys export …`

use auth::{Auth, AuthError, jwt::published};
use clap::Args;

/// Print a key as a JWK with its secret part, for a service that verifies tokens with the same secret
#[derive(Debug, Args)]
pub struct Export {
    /// The name of the key
    kid: String,
}

impl Export {
    /// Returns the line to print.
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::Database`]
    pub async fn run(self, auth: &Auth) -> Result<String, AuthError> {
        Ok(published::export_key(auth, &self.kid).await?.to_string())
    }
}
