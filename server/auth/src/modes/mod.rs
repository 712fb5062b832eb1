//! The list of modes. To add a mode, add its file, its `mod` line and its line in [`all`]. To delete one, remove them.

use std::sync::Arc;

use crate::{base::Base, mode::AuthMode, settings::SettingsError};

mod cookie;
pub mod jwt;
mod opaque;
pub mod session;

/// Every mode, in the order of the pages.
///
/// # Errors
/// [`SettingsError`] if the settings of a mode are not usable.
pub fn all(base: &Base) -> Result<Vec<Arc<dyn AuthMode>>, SettingsError> {
    Ok(vec![
        Arc::new(session::ServerSession::new(base)?),
        Arc::new(cookie::SealedCookie::new(base)?),
        Arc::new(opaque::OpaqueToken::new(base)?),
        Arc::new(jwt::JwtPair::new(base)?),
    ])
}
