//! Settings by name, from the environment. A mode reads its own, so that deleting the mode deletes them too.

use std::collections::BTreeMap;

use crate::clock::Seconds;

/// Names and values, as the environment has them.
#[derive(Clone, Default)]
pub struct Settings(BTreeMap<String, String>);

/// A setting that cannot be used. The value is not printed: it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("{name}: expected {expected}")]
pub struct SettingsError {
    /// The setting's name.
    pub name: &'static str,
    /// What it has to look like.
    pub expected: String,
}

impl Settings {
    /// Takes names and values, as `std::env::vars()` gives them.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// The value, unless it is absent or blank.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A length of time: a whole number of seconds, at least one.
    ///
    /// # Errors
    /// [`SettingsError`] if it is anything else.
    pub fn seconds(&self, name: &'static str, default: Seconds) -> Result<Seconds, SettingsError> {
        self.seconds_from(name, 1, default)
    }

    /// A length of time of at least `least` seconds.
    ///
    /// # Errors
    /// [`SettingsError`] if it is anything else.
    pub fn seconds_from(&self, name: &'static str, least: i64, default: Seconds) -> Result<Seconds, SettingsError> {
        // Ten years: a longer lifetime is a slip of the unit.
        let longest = Seconds::days(3653).0;
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|n| (least..=longest).contains(n)).map(Seconds).ok_or_else(|| {
                SettingsError { name, expected: format!("a whole number of seconds from {least} to {longest}") }
            }),
        }
    }

    /// A switch: `true` or `false`.
    ///
    /// # Errors
    /// [`SettingsError`] if it is anything else.
    pub fn switch(&self, name: &'static str, default: bool) -> Result<bool, SettingsError> {
        match self.text(name) {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(SettingsError { name, expected: "true or false".to_owned() }),
        }
    }

    /// Words, separated by commas or spaces.
    #[must_use]
    pub fn list(&self, name: &str, default: &[&str]) -> Vec<String> {
        match self.text(name) {
            None => default.iter().map(|word| (*word).to_owned()).collect(),
            Some(text) => text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        }
    }
}
