//! The dependencies that every mode is built from.

use crate::{
    db::Db,
    keys::Keys,
    settings::{Settings, SettingsError},
};

/// The dependencies that every mode is built from.
#[derive(Clone)]
pub struct Base {
    /// The database of the modes' rows.
    pub db: Db,
    /// The keys that sign and seal stateless credentials.
    pub keys: Keys,
    /// The settings. Each mode reads its own by name.
    pub settings: Settings,
    /// The strength of the check of stateless credentials against the database.
    pub access_check: AccessCheck,
}

impl Base {
    /// Reads the shared settings.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn new(db: Db, keys: Keys, settings: Settings) -> Result<Self, SettingsError> {
        let access_check = AccessCheck::read(&settings)?;
        Ok(Self { db, keys, settings, access_check })
    }
}

/// Setting `ACCESS_CHECK`: how far a stateless credential is checked against the database.
///
/// | value | reads | remaining gap |
/// |---|---|---|
/// | `signature` | none | no revocation: the credential works until it expires |
/// | `account` (default) | one | after the logout of one sign-in, its access token works until it expires |
/// | `sign-in` | one, a join | none. Where a mode has no row, the logout of one sign-in ends no copy |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessCheck {
    /// Checks signature, type and dates.
    Signature,
    /// Checks the account, too: it is enabled, and its epoch equals that of the credential.
    Account,
    /// Checks the sign-in, too: it has not ended.
    SignIn,
}

impl AccessCheck {
    fn read(settings: &Settings) -> Result<Self, SettingsError> {
        const NAME: &str = "ACCESS_CHECK";
        match settings.text(NAME) {
            None | Some("account") => Ok(Self::Account),
            Some("signature") => Ok(Self::Signature),
            Some("sign-in") => Ok(Self::SignIn),
            Some(_) => Err(SettingsError { name: NAME, expected: "signature, account or sign-in".to_owned() }),
        }
    }
}

/// Setting `REPLACED_CREDENTIAL`: the effect of using a credential that a rotation has replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplacedCredential {
    /// `refuse`, the default: only refuses the credential. A request that is in flight during the rotation stays
    /// harmless.
    Refuse,
    /// `end`: also ends the sign-in, because two parties may hold a copy. A request that is in flight during the
    /// rotation ends it, too.
    End,
}

impl ReplacedCredential {
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        const NAME: &str = "REPLACED_CREDENTIAL";
        match settings.text(NAME) {
            None | Some("refuse") => Ok(Self::Refuse),
            Some("end") => Ok(Self::End),
            Some(_) => Err(SettingsError { name: NAME, expected: "refuse or end".to_owned() }),
        }
    }
}
