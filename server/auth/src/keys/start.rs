//! Checks of the key ring at start, so that a wrong secret or a missing file does not fail in a request.

use super::{Key, Keys, Kid, LEAD, NewKey, SigningAlgorithm};
use crate::{Auth, clock::Timestamp, error::AuthError, settings::SettingsError};

/// Hex digits of the fingerprint in the name of a key that a new secret adds.
const KID_DIGITS: usize = 8;

impl Auth {
    /// Compares the application secret with the database, once at start. Processes with different secrets would refuse
    /// each other's credentials and keep separate throttle counters. After a change of the secret, this adds a key that
    /// derives from the new one.
    ///
    /// # Errors
    /// [`AuthError::Settings`] if an accepted key derives from a secret that is neither the current nor the previous
    /// one; else as [`Auth::rotate_keys`].
    pub async fn adopt_secret(&self) -> Result<(), AuthError> {
        let (keys, now) = (&self.base.keys, self.now());
        keys.claim().await?;
        let listed = keys.list().await?;
        let accepted: Vec<_> = listed.iter().filter(|key| key.is_accepted(now)).collect();
        if let Some(foreign) = accepted.iter().find(|key| !keys.can_derive(key)) {
            return Err(another_secret(&foreign.kid).into());
        }
        // The list begins with the key that takes over last.
        let last = accepted.first();
        if last.is_some_and(|key| keys.is_of_current_secret(key)) {
            return Ok(());
        }
        let new = keys.successor_by_secret(&listed, now);
        tracing::warn!(
            kid = new.kid.as_ref().map(Kid::as_str),
            "APP_SECRET has changed: adding a key that derives from it"
        );
        match self.rotate_keys(new).await {
            // Another instance that started at the same time has added it.
            Err(AuthError::KeyExists) => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    /// Checks that every accepted key of the ring can sign and verify in this process. A missing or damaged file fails
    /// at start instead of at the first login.
    ///
    /// # Errors
    /// [`AuthError::Settings`] with the name of the file. If the file is lost, retire its key by `keys retire`.
    pub async fn check_keys(&self) -> Result<(), AuthError> {
        let now = self.now();
        for key in self.base.keys.ring(now).await?.accepted(now) {
            for stateless in self.modes.iter().filter_map(|mode| mode.stateless()) {
                stateless.check_key(&key.kid, key.algorithm)?;
            }
        }
        Ok(())
    }
}

impl Keys {
    fn can_derive(&self, key: &Key) -> bool {
        self.secrets.find(key.secret_fingerprint.as_ref()).is_some()
    }

    fn is_of_current_secret(&self, key: &Key) -> bool {
        key.secret_fingerprint.as_ref() == Some(self.secrets.fingerprint())
    }

    /// The key that a new secret adds. Its name is deterministic, so that instances that start concurrently add one
    /// key.
    fn successor_by_secret(&self, listed: &[Key], now: Timestamp) -> NewKey {
        let digits: String = self.secrets.fingerprint().as_str().chars().take(KID_DIGITS).collect();
        let kid = Some(Kid::new(format!("{digits}-{}", listed.len() + 1)));
        match Key::that_signs(listed, now) {
            Some(old) => NewKey { kid, algorithm: old.algorithm, active_from: now.plus(LEAD) },
            // An operator who lost the secret has deleted every key. Activate the new one now: until a key signs, no
            // login succeeds.
            None => NewKey { kid, algorithm: SigningAlgorithm::Hs256, active_from: now },
        }
    }
}

fn another_secret(kid: &Kid) -> SettingsError {
    let expected = format!(
        "the secret that the key {} of this database derives from. If the secret was changed on purpose, set \
        APP_SECRET_PREVIOUS to the previous secret until that key is retired",
        kid.as_str()
    );
    SettingsError { name: "APP_SECRET", expected }
}
