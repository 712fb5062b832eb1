//! The addresses that an account knows: its owner logged in from there.

use crate::{
    clock::{Seconds, Timestamp},
    db::{Tx, tx_execute},
    error::AuthError,
    secret::SecretHash,
    users::username::Username,
};

/// How long an address stays known to an account after a login.
pub(super) const KNOWN_FOR: Seconds = Seconds::days(30);
/// Minimum interval between writes of a known address.
const TOUCH_EVERY: Seconds = Seconds::days(1);

const REMEMBER: &str = "insert into known_addresses (key_hash, epoch, expires_at) values ($1, $4, $2)
    on conflict (key_hash) do update set epoch = excluded.epoch, expires_at = excluded.expires_at
        where known_addresses.expires_at <= $3 or known_addresses.epoch < excluded.epoch";

/// An account at an address.
#[derive(Clone, Debug)]
pub(super) struct KnownAddress {
    pub key: SecretHash,
    pub account: Username,
}

impl KnownAddress {
    /// Stores the address as known to the account, for [`KNOWN_FOR`] and for as long as the account has this epoch.
    pub(super) async fn remember(&self, tx: &mut Tx, epoch: i64, now: Timestamp) -> Result<(), AuthError> {
        let until = now.plus(KNOWN_FOR);
        let stale = Timestamp(until.0.saturating_sub(TOUCH_EVERY.0));
        tx_execute!(tx, REMEMBER, self.key.as_str(), until, stale, epoch);
        Ok(())
    }
}
