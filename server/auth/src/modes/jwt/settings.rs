//! Settings from Django: the names of djangorestframework-jwt, and unsafe values that are refused.

use crate::settings::{Settings, SettingsError};

/// The names of the same settings in djangorestframework-jwt. SimpleJWT's names take precedence.
pub(super) const ALIASES: [(&str, &str); 7] = [
    ("ACCESS_TOKEN_LIFETIME", "JWT_EXPIRATION_DELTA"),
    ("ALGORITHM", "JWT_ALGORITHM"),
    ("AUDIENCE", "JWT_AUDIENCE"),
    ("AUTH_HEADER_TYPES", "JWT_AUTH_HEADER_PREFIX"),
    ("ISSUER", "JWT_ISSUER"),
    ("LEEWAY", "JWT_LEEWAY"),
    ("REFRESH_TOKEN_LIFETIME", "JWT_REFRESH_EXPIRATION_DELTA"),
];

/// Refuses unsafe values that tutorials recommend. A rotated token that keeps working defeats rotation, and a token
/// without verification can be forged by any client.
pub(super) fn refuse_unsafe(settings: &Settings) -> Result<(), SettingsError> {
    for name in ["BLACKLIST_AFTER_ROTATION", "JWT_VERIFY", "JWT_VERIFY_EXPIRATION"] {
        if !settings.switch(name, true)? {
            return Err(SettingsError { name, expected: "true".to_owned() });
        }
    }
    Ok(())
}
