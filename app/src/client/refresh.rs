//! What scripts know about the refresh cookie: whether one exists, and the `Idempotency-Key` of the next renewal.
//!
//! Scripts cannot read the cookie. One entry in the local storage records what is known: a key (a cookie exists),
//! `none` (the server found none), or no entry (unknown, as after `localStorage.clear()`: the next page load asks the
//! server).
//!
//! The server answers a repeated renewal with the same successor only if the request has the same key. Therefore the
//! key is stored before the first attempt, every tab and every reload sends it, and a new key replaces it only after an
//! answer is used.

use std::fmt::{self, Write as _};

use crate::types::ModeId;

use super::browser::{self, Area};

/// Bytes. The text has twice as many characters.
const KEY_BYTES: usize = 16;
/// Length in characters that the server accepts.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 16..=128;
/// The entry if there is no cookie. Too short to be a key.
const NONE: &str = "none";

/// The value of the `Idempotency-Key` header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    /// `None` for a text that the server would refuse or that is not valid in a header.
    fn parse(text: &str) -> Option<Self> {
        let is_valid = KEY_LENGTH.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_valid.then(|| Self(text.to_owned()))
    }

    fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes.iter().fold(String::new(), |mut text, byte| {
            _ = write!(text, "{byte:02x}");
            text
        }))
    }

    /// Only for the header and the storage.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A log line or a panic message must not contain the key: a thief with the refresh token and the key could pass as a
/// retry.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// What is known about the refresh cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshCookie {
    /// Nothing: only the server can tell.
    Unknown,
    /// The server found none, or the user logged out.
    Absent,
    /// There should be one. Its renewal sends this key.
    Expected(IdempotencyKey),
}

impl RefreshCookie {
    /// Parses the entry. An invalid one, from another version or another script, counts as no entry.
    fn parse(entry: Option<&str>) -> Self {
        match entry {
            Some(NONE) => Self::Absent,
            Some(text) => IdempotencyKey::parse(text).map_or(Self::Unknown, Self::Expected),
            None => Self::Unknown,
        }
    }

    /// Whether the refusal of a call with `key` is about this cookie. Another key belongs to a later sign-in that
    /// another tab began: the refusal must not hide it.
    fn is_refused_with(&self, key: Option<&IdempotencyKey>) -> bool {
        match self {
            Self::Unknown => true,
            Self::Absent => false,
            Self::Expected(stored) => key == Some(stored),
        }
    }
}

pub(crate) fn known(mode: &ModeId) -> RefreshCookie {
    RefreshCookie::parse(browser::stored(Area::Local, &entry(mode)).as_deref())
}

/// The key to send now: the pending one, or a new one.
pub(crate) fn pending_key(mode: &ModeId) -> Option<IdempotencyKey> {
    match known(mode) {
        RefreshCookie::Expected(key) => Some(key),
        RefreshCookie::Unknown | RefreshCookie::Absent => next_key(mode),
    }
}

/// Replaces the key. `None` if the browser does not store it: a key that is lost on reload is worse than none, because
/// without a key the server compares address and user agent.
pub(crate) fn next_key(mode: &ModeId) -> Option<IdempotencyKey> {
    let key = IdempotencyKey::from_bytes(browser::random()?);
    browser::store(Area::Local, &entry(mode), key.reveal());
    match known(mode) {
        RefreshCookie::Expected(stored) => Some(stored),
        RefreshCookie::Unknown | RefreshCookie::Absent => None,
    }
}

/// Records that a call with `key` has set no cookie: the entry is again what it was `before`.
pub(crate) fn undo(mode: &ModeId, key: Option<&IdempotencyKey>, before: &RefreshCookie) {
    if known(mode).is_refused_with(key) {
        match before {
            RefreshCookie::Unknown => browser::remove(Area::Local, &entry(mode)),
            RefreshCookie::Absent => forget(mode),
            RefreshCookie::Expected(_) => {}
        }
    }
}

/// Records that the server refused a call with `key`.
pub(crate) fn refused(mode: &ModeId, key: Option<&IdempotencyKey>) {
    if known(mode).is_refused_with(key) {
        forget(mode);
    }
}

/// Records that there is no refresh cookie.
pub(crate) fn forget(mode: &ModeId) {
    browser::store(Area::Local, &entry(mode), NONE);
}

fn entry(mode: &ModeId) -> String {
    format!("latchkey.{mode}.renewal")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> IdempotencyKey {
        IdempotencyKey::from_bytes([byte; KEY_BYTES])
    }

    #[test]
    fn a_key_survives_the_storage_and_never_shows_in_debug_output() {
        let key = key(0x0f);
        assert_eq!(key.reveal(), "0f".repeat(KEY_BYTES));
        assert_eq!(RefreshCookie::parse(Some(key.reveal())), RefreshCookie::Expected(key.clone()));
        assert!(!format!("{key:?}").contains("0f"));
    }

    #[test]
    fn an_entry_that_is_no_key_counts_as_unknown() {
        let too_long = "k".repeat(129);
        for entry in ["", "1", "fifteen-letters", "sixteen letters!", "sixteen-lettérs", "sixteen\nletters!", &too_long]
        {
            assert_eq!(RefreshCookie::parse(Some(entry)), RefreshCookie::Unknown, "{entry:?}");
        }
        assert_eq!(RefreshCookie::parse(None), RefreshCookie::Unknown);
    }

    #[test]
    fn a_refusal_counts_for_the_cookie_it_is_about() {
        let expected = RefreshCookie::Expected(key(1));
        assert!(expected.is_refused_with(Some(&key(1))));
        assert!(RefreshCookie::Unknown.is_refused_with(None));
    }

    #[test]
    fn a_late_refusal_does_not_hide_a_sign_in_of_another_tab() {
        let of_another_tab = RefreshCookie::Expected(key(2));
        assert!(!of_another_tab.is_refused_with(Some(&key(1))));
        assert!(!of_another_tab.is_refused_with(None));
    }
}
