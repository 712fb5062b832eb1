//! Names and values of settings that come from Django: djangorestframework-jwt's names, and values that are refused.

use crate::settings::{Settings, SettingsError};

/// What djangorestframework-jwt calls the same settings. Ours, which are SimpleJWT's, come first.
pub(super) const ALIASES: [(&str, &str); 7] = [
    ("ACCESS_TOKEN_LIFETIME", "JWT_EXPIRATION_DELTA"),
    ("ALGORITHM", "JWT_ALGORITHM"),
    ("AUDIENCE", "JWT_AUDIENCE"),
    ("AUTH_HEADER_TYPES", "JWT_AUTH_HEADER_PREFIX"),
    ("ISSUER", "JWT_ISSUER"),
    ("LEEWAY", "JWT_LEEWAY"),
    ("REFRESH_TOKEN_LIFETIME", "JWT_REFRESH_EXPIRATION_DELTA"),
];

/// Refuses settings that tutorials name and that nobody should set. A rotated token that goes on working is what rotation
/// prevents, and a token that is not verified is anybody's.
pub(super) fn refuse_unsafe(settings: &Settings) -> Result<(), SettingsError> {
    for name in ["BLACKLIST_AFTER_ROTATION", "JWT_VERIFY", "JWT_VERIFY_EXPIRATION"] {
        if !settings.switch(name, true)? {
            return Err(SettingsError { name, expected: "true".to_owned() });
        }
    }
    Ok(())
}
