//! Rate limits: against guessing of passwords, and against locking other users out by guessing (OWASP ASVS 5.0, 6.1.1
//! and 6.3.1).
//!
//! | setting | default | counts |
//! |---|---|---|
//! | `THROTTLE_ANON` | 20/min | logins and registrations from one address, including successful ones |
//! | `THROTTLE_REGISTER` | 5/hour | registrations from one address |
//! | `THROTTLE_ACCOUNT` | 10/min | failed checks of the password of one account from one address |
//! | `THROTTLE_ACCOUNT_TOTAL` | 100/hour | the same from all addresses unknown to the account |
//! | `THROTTLE_USER` | 1000/hour | changes by one user, including those that fail by a wrong password |
//!
//! An attempt that this process refuses from its cache is not counted again, for any limit.
//!
//! "One address" of IPv6 is a /64. The surrounding /56 and /48 have separate counters, with 4 and 16 times the rate.
//! The cost: customers whose provider assigns each a single /64 out of one /48 share that counter, like customers
//! behind one IPv4 address.
//!
//! An account *knows* an address after a login from it, for 30 days and within the current epoch. At a known address,
//! guesses from elsewhere, including the surrounding networks, do not stop the account's owner. A change of the
//! password raises the epoch, so the address of an attacker who knew the old password becomes unknown. Where the
//! transport layer does not know the client's address, only accounts are counted, as if all callers shared one unknown
//! address.
//!
//! A window begins with its first hit and ends as a whole: around its end, twice the rate can pass. That is the cost of
//! one row and one statement per count. It does not increase the rate of guesses in the long run.

mod attempt;
mod counts;
mod known;
mod networks;
mod pruning;
#[cfg(test)]
mod tests;

use http::request::Parts;

pub(crate) use self::attempt::Attempt;
use self::{
    counts::{Counter, Counts},
    networks::{counters, networks},
};
use crate::{
    base::Base,
    clock::Timestamp,
    db::transaction,
    error::AuthError,
    keys::Keys,
    settings::{Rate, SettingsError},
    users::UserId,
};

const ANONYMOUS: Rate = Rate::per_minute(20);
/// One registration per person is normal. Each costs a hash and a permanent row, and a later login reveals whether the
/// name was taken: at 20 per minute, one address could test 28,800 names per day.
const REGISTER: Rate = Rate::per_hour(5);
const ACCOUNT: Rate = Rate::per_minute(10);
const ACCOUNT_TOTAL: Rate = Rate::per_hour(100);
const USER: Rate = Rate::per_hour(1000);

/// The rate limits, and what counts towards each.
#[derive(Clone)]
pub(crate) struct Throttle {
    keys: Keys,
    counts: Counts,
    anonymous: Option<Rate>,
    register: Option<Rate>,
    account: Option<Rate>,
    account_total: Option<Rate>,
    user: Option<Rate>,
}

impl Throttle {
    /// Reads the rates. A rate that is off is logged as a warning at every start.
    pub(crate) fn new(base: &Base) -> Result<Self, SettingsError> {
        let rate = |name, default| {
            let rate = base.settings.rate(name, default)?;
            if rate.is_none() {
                tracing::warn!("{name}=off: the number of attempts is not limited");
            }
            Ok(rate)
        };
        Ok(Self {
            keys: base.keys.clone(),
            counts: Counts::new(base.db.clone()),
            anonymous: rate("THROTTLE_ANON", ANONYMOUS)?,
            register: rate("THROTTLE_REGISTER", REGISTER)?,
            account: rate("THROTTLE_ACCOUNT", ACCOUNT)?,
            account_total: rate("THROTTLE_ACCOUNT_TOTAL", ACCOUNT_TOTAL)?,
            user: rate("THROTTLE_USER", USER)?,
        })
    }

    /// Counts a registration, which has an additional, lower rate.
    pub(crate) async fn admit_registration(&self, req: &Parts, now: Timestamp) -> Result<(), AuthError> {
        let mut counters = self.anonymous_counters(req)?;
        let key = |network: &[u8]| self.keys.blind("throttle register", network);
        counters.extend(networks::counters(&networks(req), self.register, key)?);
        self.admit(&counters, now).await
    }

    async fn admit(&self, counters: &[Counter], now: Timestamp) -> Result<(), AuthError> {
        if counters.is_empty() {
            return Ok(());
        }
        self.counts.refuse_if_any_blocked(counters, now)?;
        transaction!(&self.counts.db, |tx| committed(self.counts.admit(tx, counters, now).await))?
    }

    /// The counters of a request of a client that is not signed in, whatever its outcome.
    fn anonymous_counters(&self, req: &Parts) -> Result<Vec<Counter>, AuthError> {
        let key = |network: &[u8]| self.keys.blind("throttle anonymous", network);
        counters(&networks(req), self.anonymous, key)
    }

    /// Counts a change by this user.
    pub(crate) async fn admit_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(counter) = self.user_counter(user)? else { return Ok(()) };
        self.counts.admit_one(&counter, now).await
    }

    /// Gives back the count of a change that was refused.
    pub(crate) async fn give_back_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(counter) = self.user_counter(user)? else { return Ok(()) };
        self.counts.give_back_one(&counter, now).await?;
        // A concurrent change may have been refused because of the count that is given back here.
        self.counts.unblock(&counter.key);
        Ok(())
    }

    fn user_counter(&self, user: &UserId) -> Result<Option<Counter>, AuthError> {
        let counter = |rate| Ok(Counter { key: self.keys.blind("throttle user", user.as_str().as_bytes())?, rate });
        self.user.map(counter).transpose()
    }
}

/// A refusal commits what it has counted. Any other error rolls back.
fn committed<T>(outcome: Result<T, AuthError>) -> Result<Result<T, AuthError>, AuthError> {
    match outcome {
        Err(refusal @ AuthError::Throttled { .. }) => Ok(Err(refusal)),
        outcome => outcome.map(Ok),
    }
}
