//! What start-up asks of the ring, before a request can fail by it.

use crate::{Auth, error::AuthError};

impl Auth {
    /// Checks that every accepted key of the ring can sign and verify here. A file that is missing or damaged is found at
    /// start, and not by the first login.
    ///
    /// # Errors
    /// [`AuthError::Settings`] names the file. `keys retire` takes a key off the ring whose file is lost.
    pub async fn check_keys(&self) -> Result<(), AuthError> {
        // Only a mode that signs tokens has keys from files.
        let Ok(service) = self.token_service() else { return Ok(()) };
        let now = self.now();
        for key in self.base.keys.ring(now).await?.accepted(now) {
            service.check_key(&key.kid, key.algorithm)?;
        }
        Ok(())
    }
}
