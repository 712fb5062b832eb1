//! Random bytes from the operating system, and the ids of rows.

use zeroize::Zeroizing;

use crate::{clock::Timestamp, error::AuthError};

/// Maximum length of an id or a hash in the database.
const ID_MAX_CHARS: usize = 64;

/// Sorts after every id: the cursor of the first page of a list that begins with the newest row.
pub(crate) const AFTER_EVERY_ID: &str = "g";

/// `N` bytes from the operating system's generator.
///
/// # Errors
/// [`AuthError::Randomness`] if the system returns none: never fall back to a guessable credential.
#[expect(clippy::disallowed_methods, reason = "the only user of the system's random generator")]
pub fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, AuthError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| AuthError::Randomness)?;
    Ok(bytes)
}

/// A new row id: UUIDv7, so ids sort by creation and an index grows at one end. It is not a secret: it contains its
/// time.
///
/// # Errors
/// [`AuthError::Randomness`]
pub fn new_id(now: Timestamp) -> Result<String, AuthError> {
    let random = random_bytes::<10>()?;
    Ok(uuid(now, &random))
}

/// A new row id that sorts after earlier ids of the same process. `sequence` orders the ids of one second, which is the
/// resolution of the clock (RFC 9562, 6.2, method 1: 12 bits).
///
/// # Errors
/// [`AuthError::Randomness`]
pub fn new_id_in_sequence(now: Timestamp, sequence: u16) -> Result<String, AuthError> {
    let mut random = random_bytes::<10>()?;
    random[..2].copy_from_slice(&(sequence & 0xfff).to_be_bytes());
    Ok(uuid(now, &random))
}

/// Can this text be a row id? PostgreSQL rejects a text with a NUL, so check an untrusted id before it reaches a
/// statement.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() <= ID_MAX_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn uuid(now: Timestamp, random: &[u8; 10]) -> String {
    let millis = u64::try_from(now.0).unwrap_or(0).saturating_mul(1000);
    uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid().to_string()
}
