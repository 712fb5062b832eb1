//! The list of modes. To add one: a file, its `mod` line and its line in [`all`]. To delete one: the same in reverse.

use std::sync::Arc;

use crate::{base::Base, mode::AuthMode, settings::SettingsError};

mod cookie;
pub mod jwt;
mod opaque;
pub mod session;

/// Every mode, in the order in which the pages show them.
///
/// # Errors
/// [`SettingsError`] if a mode cannot use its settings.
pub fn all(base: &Base) -> Result<Vec<Arc<dyn AuthMode>>, SettingsError> {
    Ok(vec![
        Arc::new(session::ServerSession::new(base)?),
        Arc::new(cookie::SealedCookie::new(base)?),
        Arc::new(opaque::OpaqueToken::new(base)?),
        Arc::new(jwt::JwtPair::new(base)?),
    ])
}
