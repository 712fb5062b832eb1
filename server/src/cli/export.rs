//! mode: jwt
//! `server keys export …`

use auth::{Auth, AuthError, jwt::published};
use clap::Args;

/// Print a key as a JWK, its secret half included, for a service that shares it
#[derive(Debug, Args)]
pub struct Export {
    /// Which
    kid: String,
}

impl Export {
    /// The line to print.
    ///
    /// # Errors
    /// [`AuthError::UnknownKey`], [`AuthError::Database`]
    pub async fn run(self, auth: &Auth) -> Result<String, AuthError> {
        Ok(published::export_key(auth, &self.kid).await?.to_string())
    }
}
