//! What every mode is built from.

use crate::{
    db::Db,
    keys::Keys,
    settings::{Settings, SettingsError},
};

/// What every mode is built from.
#[derive(Clone)]
pub struct Base {
    /// Where the modes that remember keep their rows.
    pub db: Db,
    /// What the modes that do not remember sign or seal with.
    pub keys: Keys,
    /// Each mode's own settings, by name.
    pub settings: Settings,
    /// When `users.epoch` is compared.
    pub epoch_check: EpochCheck,
}

impl Base {
    /// Reads what all modes share from the settings.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn new(db: Db, keys: Keys, settings: Settings) -> Result<Self, SettingsError> {
        let epoch_check =
            if settings.switch("CHECK_EPOCH", true)? { EpochCheck::EveryRequest } else { EpochCheck::OnRenewal };
        Ok(Self { db, keys, settings, epoch_check })
    }
}

/// Setting `CHECK_EPOCH`: when a stateless credential's epoch is compared with the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochCheck {
    /// `true`, the default. One read for each request; a revocation takes hold at once.
    EveryRequest,
    /// `false`. No read; a revocation takes hold when the credential is renewed or expires.
    OnRenewal,
}
