//! Settings by name, from the environment. Each mode reads its own, so that deleting a mode deletes its settings.

use std::{collections::BTreeMap, sync::Arc};

use crate::clock::Seconds;

/// Maximum limit of a rate. Far above the rate of a client, far below the maximum of a counter.
const RATE_LIMIT_MAX: i64 = 1_000_000_000;

/// Maximum value of a setting that counts items.
const COUNT_MAX: i64 = 100_000;

/// Names and values of the environment. Clones share them.
#[derive(Clone, Default)]
pub struct Settings {
    values: Arc<BTreeMap<String, String>>,
    aliases: &'static [(&'static str, &'static str)],
}

/// A setting that is not usable. Its value is not printed, because it may be a secret.
#[derive(Debug, thiserror::Error)]
#[error("{name}: expected {expected}")]
pub struct SettingsError {
    /// The name of the setting.
    pub name: &'static str,
    /// A description of the valid values.
    pub expected: String,
}

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Maximum number of events per window, at least 1.
    pub limit: i64,
    /// The length of the window.
    pub window: Seconds,
}

impl Rate {
    /// `limit` per minute.
    #[must_use]
    pub const fn per_minute(limit: i64) -> Self {
        Self { limit, window: Seconds::minutes(1) }
    }

    /// `limit` per hour.
    #[must_use]
    pub const fn per_hour(limit: i64) -> Self {
        Self { limit, window: Seconds::hours(1) }
    }

    /// Parses `20/min`. Django REST framework reads only the first letter of the unit, so that `3/month` means 3 per
    /// minute. This parser accepts only its full words.
    fn parse(text: &str) -> Option<Self> {
        let (limit, period) = text.split_once('/')?;
        let limit = limit.trim().parse().ok().filter(|limit| (1..=RATE_LIMIT_MAX).contains(limit))?;
        let window = match period.trim() {
            "s" | "sec" | "second" => Seconds(1),
            "m" | "min" | "minute" => Seconds::minutes(1),
            "h" | "hour" => Seconds::hours(1),
            "d" | "day" => Seconds::days(1),
            _ => return None,
        };
        Some(Self { limit, window })
    }
}

impl Settings {
    /// Takes pairs of names and values, such as `std::env::vars()`.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { values: Arc::new(pairs.into_iter().collect()), aliases: &[] }
    }

    /// The same settings, where each first name has the second one as an alias. The first name takes precedence.
    #[must_use]
    pub fn with_aliases(&self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self { values: Arc::clone(&self.values), aliases }
    }

    /// The value, unless it is absent or blank.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let own = |name| self.values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        own(name).or_else(|| self.aliases.iter().find(|(ours, _)| *ours == name).and_then(|(_, alias)| own(alias)))
    }

    /// A duration: an integer number of seconds, at least 1.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn seconds(&self, name: &'static str, default: Seconds) -> Result<Seconds, SettingsError> {
        self.seconds_from(name, 1, default)
    }

    /// A duration of at least `least` seconds.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn seconds_from(&self, name: &'static str, least: i64, default: Seconds) -> Result<Seconds, SettingsError> {
        // Ten years: a longer lifetime is a mistake of the unit.
        let longest = Seconds::days(3653).0;
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|n| (least..=longest).contains(n)).map(Seconds).ok_or_else(|| {
                SettingsError { name, expected: format!("a whole number of seconds from {least} to {longest}") }
            }),
        }
    }

    /// A number of items: an integer, at least 1.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn count(&self, name: &'static str, default: i64) -> Result<i64, SettingsError> {
        match self.text(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|n| (1..=COUNT_MAX).contains(n))
                .ok_or_else(|| SettingsError { name, expected: format!("a whole number from 1 to {COUNT_MAX}") }),
        }
    }

    /// A boolean: `true` or `false`.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn switch(&self, name: &'static str, default: bool) -> Result<bool, SettingsError> {
        match self.text(name) {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(SettingsError { name, expected: "true or false".to_owned() }),
        }
    }

    /// A list of words, separated by commas or spaces.
    #[must_use]
    pub fn list(&self, name: &str, default: &[&str]) -> Vec<String> {
        match self.text(name) {
            None => default.iter().map(|word| (*word).to_owned()).collect(),
            Some(text) => text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// A rate in the notation of Django REST framework: `20/min`, `1000/hour`. `None`: the value is `off`.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn rate(&self, name: &'static str, default: Rate) -> Result<Option<Rate>, SettingsError> {
        match self.text(name) {
            None => Ok(Some(default)),
            Some("off") => Ok(None),
            Some(text) => Rate::parse(text).map(Some).ok_or_else(|| SettingsError {
                name,
                expected: "a number and one of sec, min, hour, day, such as 20/min; or off".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Result<Option<Rate>, SettingsError> {
        Settings::new([("RATE".to_owned(), text.to_owned())]).rate("RATE", Rate::per_minute(20))
    }

    #[test]
    fn an_alias_applies_where_the_name_itself_is_absent() {
        let settings = |pairs: &[(&str, &str)]| {
            Settings::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
                .with_aliases(&[("NAME", "OTHER_NAME")])
        };
        assert_eq!(settings(&[("OTHER_NAME", "7")]).text("NAME"), Some("7"));
        assert_eq!(settings(&[("OTHER_NAME", "7"), ("NAME", "8")]).text("NAME"), Some("8"));
    }

    #[test]
    fn a_rate_is_written_as_in_django_rest_framework() {
        for (text, limit, seconds) in [
            ("5/s", 5, 1),
            ("5/sec", 5, 1),
            ("20/min", 20, 60),
            ("20/minute", 20, 60),
            ("1000/hour", 1000, 3600),
            ("1/day", 1, 86_400),
        ] {
            assert_eq!(rate(text).unwrap(), Some(Rate { limit, window: Seconds(seconds) }), "{text}");
        }
    }

    #[test]
    fn a_rate_is_off_only_with_the_value_off() {
        assert_eq!(rate("off").unwrap(), None);
        assert_eq!(rate(" ").unwrap(), Some(Rate::per_minute(20)));
        for text in
            ["0/min", "-1/min", "none", "false", "OFF", "20", "20/", "/min", "3/month", "1.5/min", "2000000000/s"]
        {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
