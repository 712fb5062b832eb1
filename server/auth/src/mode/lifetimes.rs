//! How long a sign-in lives.

use crate::{
    clock::Seconds,
    settings::{Settings, SettingsError},
};

/// How long a sign-in lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without use.
    pub idle: Seconds,
    /// In all, however busy.
    pub absolute: Seconds,
}

impl Lifetimes {
    /// Reads both from the settings.
    ///
    /// # Errors
    /// [`SettingsError`], also where the idle lifetime is longer than the absolute one: it would be cut without a word.
    pub fn read(
        settings: &Settings,
        (idle_name, idle): (&'static str, Seconds),
        (absolute_name, absolute): (&'static str, Seconds),
    ) -> Result<Self, SettingsError> {
        let lifetimes =
            Self { idle: settings.seconds(idle_name, idle)?, absolute: settings.seconds(absolute_name, absolute)? };
        if lifetimes.idle > lifetimes.absolute {
            let longest = lifetimes.absolute.0;
            let expected = format!("at most the {longest} seconds of {absolute_name}");
            return Err(SettingsError { name: idle_name, expected });
        }
        Ok(lifetimes)
    }
}
