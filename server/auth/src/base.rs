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
    /// How far a stateless credential is checked against the database.
    pub access_check: AccessCheck,
}

impl Base {
    /// Reads what all modes share from the settings.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn new(db: Db, keys: Keys, settings: Settings) -> Result<Self, SettingsError> {
        let access_check = AccessCheck::read(&settings)?;
        Ok(Self { db, keys, settings, access_check })
    }
}

/// Setting `ACCESS_CHECK`: how far a stateless credential (a sealed cookie, an access token) is checked against the database.
///
/// | value | reads | what stays open |
/// |---|---|---|
/// | `signature` | none | whatever happens, the credential works until it expires |
/// | `account` (default) | one | after the logout of one sign-in, its access token works until it expires |
/// | `sign-in` | one, a join | nothing, except that a sealed cookie has no row: its logout ends no copy |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessCheck {
    /// Signature, type and dates.
    Signature,
    /// Also the account: it is open, and has the epoch of the credential.
    Account,
    /// Also the sign-in: it has not ended.
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

/// Setting `REPLACED_CREDENTIAL`: what the use of a credential does that a rotation has replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplacedCredential {
    /// `refuse`, the default. A request that was under way during the rotation does no harm.
    Refuse,
    /// `end`. Two parties may hold a copy, so the sign-in ends. A request that was under way during the rotation ends it, too.
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
