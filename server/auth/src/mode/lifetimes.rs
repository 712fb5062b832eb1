//! The lifetimes of a sign-in.

use crate::{
    clock::Seconds,
    settings::{Settings, SettingsError},
};

/// The lifetimes of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Maximum time without use.
    pub idle: Seconds,
    /// Maximum time in total, however often it is used.
    pub absolute: Seconds,
}

impl Lifetimes {
    /// Reads both lifetimes from the settings.
    ///
    /// # Errors
    /// [`SettingsError`], also where the idle lifetime exceeds the absolute one: silently shortening it would hide a
    /// mistake.
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
