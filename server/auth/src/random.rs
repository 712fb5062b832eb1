//! Randomness from the operating system, and the ids of rows.

use zeroize::Zeroizing;

use crate::{clock::Timestamp, error::AuthError};

/// No id and no hash of ours is longer.
const ID_MAX_CHARS: usize = 64;

/// `N` bytes from the operating system's generator.
///
/// # Errors
/// [`AuthError::Randomness`] where the system has none: better no credential than one that can be guessed.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for randomness")]
pub fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, AuthError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| AuthError::Randomness)?;
    Ok(bytes)
}

/// A new row id: UUIDv7, so ids sort by creation and an index grows at one end. Not a secret: its time can be read from it.
///
/// # Errors
/// [`AuthError::Randomness`]
pub fn new_id(now: Timestamp) -> Result<String, AuthError> {
    let random = random_bytes::<10>()?;
    Ok(uuid(now, &random))
}

/// A new row id that sorts after those that the same process has made before: `sequence` counts them. Clocks tell seconds, and
/// more than one thing happens in a second (RFC 9562, 6.2, method 1: 12 bits).
///
/// # Errors
/// [`AuthError::Randomness`]
pub fn new_id_in_sequence(now: Timestamp, sequence: u16) -> Result<String, AuthError> {
    let mut random = random_bytes::<10>()?;
    random[..2].copy_from_slice(&(sequence & 0xfff).to_be_bytes());
    Ok(uuid(now, &random))
}

/// Can it be an id of ours? PostgreSQL fails on a text with a NUL in it, so an id from outside is checked before it is used.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() <= ID_MAX_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn uuid(now: Timestamp, random: &[u8; 10]) -> String {
    let millis = u64::try_from(now.0).unwrap_or(0).saturating_mul(1000);
    uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid().to_string()
}
