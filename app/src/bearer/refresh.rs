//! The refresh cookie as scripts know it: whether to expect one, and the `Idempotency-Key` that the next renewal shows.
//!
//! Scripts cannot read the cookie. One entry of the local storage says what is known of it: a key (expect a cookie), `none`
//! (the server found none), or no entry (unknown, as after `localStorage.clear()`: the next page load asks the server).
//!
//! The server answers a repeated renewal with the same successor only to a client that shows the same key. Therefore the key is
//! stored before the first attempt, every tab and every reload shows it, and a new one replaces it only after an answer is used.

use std::fmt::{self, Write as _};

use crate::{
    browser::{self, Area},
    types::ModeId,
};

/// Bytes. Twice as many characters.
const KEY_BYTES: usize = 16;
/// Characters that the server accepts.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 16..=128;
/// What the entry says if there is no cookie. Too short for a key.
const NONE: &str = "none";

/// The value of the `Idempotency-Key` header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    /// `None` for a text that the server would refuse, or that no header can carry.
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

    /// For the header and for the storage.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A log line or a panic message must not hold it: with a stolen refresh token it makes a retry.
impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(…)")
    }
}

/// What is known of the refresh cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshCookie {
    /// Nothing: the server has to be asked.
    Unknown,
    /// The server found none, or the user logged out.
    Absent,
    /// There should be one. Its renewal shows this key.
    Expected(IdempotencyKey),
}

impl RefreshCookie {
    /// Reads the entry. One that another version or another script wrote counts as none.
    fn parse(entry: Option<&str>) -> Self {
        match entry {
            Some(NONE) => Self::Absent,
            Some(text) => IdempotencyKey::parse(text).map_or(Self::Unknown, Self::Expected),
            None => Self::Unknown,
        }
    }

    /// Whether the refusal of a call that showed `key` says anything of this cookie. A later key belongs to a later sign-in,
    /// which another tab began: the refusal must not hide it.
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

/// The key to show now: the pending one, or a new one.
pub(crate) fn pending_key(mode: &ModeId) -> Option<IdempotencyKey> {
    match known(mode) {
        RefreshCookie::Expected(key) => Some(key),
        RefreshCookie::Unknown | RefreshCookie::Absent => next_key(mode),
    }
}

/// Replaces the key. `None` if the storage does not keep it: a key that a reload forgets is worse than none, because without one
/// the server compares address and agent.
pub(crate) fn next_key(mode: &ModeId) -> Option<IdempotencyKey> {
    let key = IdempotencyKey::from_bytes(browser::random()?);
    browser::store(Area::Local, &entry(mode), key.reveal());
    match known(mode) {
        RefreshCookie::Expected(stored) => Some(stored),
        RefreshCookie::Unknown | RefreshCookie::Absent => None,
    }
}

/// The server refused a call that showed `key`.
pub(crate) fn refused(mode: &ModeId, key: Option<&IdempotencyKey>) {
    if known(mode).is_refused_with(key) {
        forget(mode);
    }
}

/// There is no refresh cookie any more.
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
    fn a_refusal_ends_what_it_was_about() {
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
