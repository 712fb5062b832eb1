//! Rate limits: against guessing of passwords, and against locking other users out by guessing (OWASP ASVS 5.0, 6.1.1
//! and 6.3.1).
//!
//! | setting | default | counts |
//! |---|---|---|
//! | `THROTTLE_ANON` | 20/min | logins and registrations from one address, including successful ones |
//! | `THROTTLE_REGISTER` | 5/hour | registrations from one address |
//! | `THROTTLE_ACCOUNT` | 10/min | failed logins to one account from one address |
//! | `THROTTLE_ACCOUNT_TOTAL` | 100/hour | failed logins to one account from all addresses unknown to it |
//! | `THROTTLE_USER` | 1000/hour | changes by one user |
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

mod counts;
mod networks;
#[cfg(test)]
mod tests;

use http::request::Parts;

use self::{
    counts::{Count, Counter, Counts, KnownAddress},
    networks::{counters, networks},
};
use crate::{
    base::Base,
    clock::Timestamp,
    db::{Tx, transaction},
    error::AuthError,
    keys::Keys,
    secret::SecretHash,
    settings::{Rate, SettingsError},
    users::UserId,
    users::username::Username,
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

/// A password check that was admitted. It counts as a failure until [`Throttle::give_back`]. Counting after the check
/// would let any number of guesses run concurrently.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The key of this account from this address.
    from_here: SecretHash,
    /// The counters that were raised.
    counted: Vec<Counter>,
    /// The key under which the account may know this address.
    known: Option<KnownAddress>,
}

/// The counters of a password check.
struct AccountCounters {
    /// The key of this account from this address.
    from_here: SecretHash,
    /// This account from this address. Empty if that is not limited.
    own: Vec<Counter>,
    /// Other clients fill these, too: neighbours of an IPv6 address, and guesses from all addresses. A known address is
    /// exempt.
    shared: Vec<Counter>,
    known: Option<KnownAddress>,
}

impl AccountCounters {
    fn attempt(&self, counted: Vec<Counter>) -> Attempt {
        Attempt { from_here: self.from_here.clone(), counted, known: self.known.clone() }
    }
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

    /// Counts a password check on this account. An account that does not exist is counted alike, so the result does not
    /// reveal whether it exists.
    pub(crate) async fn admit_attempt(
        &self,
        username: &str,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Attempt, AuthError> {
        self.admit_check(&[], &self.account_counters(username, req)?, now).await
    }

    /// Counts a login by its address and by its account.
    pub(crate) async fn admit_login(&self, username: &str, req: &Parts, now: Timestamp) -> Result<Attempt, AuthError> {
        self.admit_check(&self.anonymous_counters(req)?, &self.account_counters(username, req)?, now).await
    }

    /// Counts a password check in one transaction: one commit, and not one for each counter.
    async fn admit_check(
        &self,
        anonymous: &[Counter],
        account: &AccountCounters,
        now: Timestamp,
    ) -> Result<Attempt, AuthError> {
        self.counts.refuse_if_any_blocked(anonymous, now)?;
        self.counts.refuse_if_blocked(&account.from_here, now)?;
        if anonymous.is_empty() && account.own.is_empty() && account.shared.is_empty() {
            return Ok(account.attempt(Vec::new()));
        }
        transaction!(&self.counts.db, |tx| committed(self.count_check(tx, anonymous, account, now).await))?
    }

    async fn count_check(
        &self,
        tx: &mut Tx,
        anonymous: &[Counter],
        account: &AccountCounters,
        now: Timestamp,
    ) -> Result<Attempt, AuthError> {
        self.counts.admit(tx, anonymous, now).await?;
        self.counts.admit(tx, &account.own, now).await?;
        let mut counted = account.own.clone();
        for counter in &account.shared {
            match Counts::count(tx, counter, account.known.as_ref(), now).await? {
                Count::Exempt => {}
                Count::WithinLimit => counted.push(counter.clone()),
                // Block this address, not the account: a known address must still get in.
                Count::OverLimit(until) => return Err(self.counts.refuse(account.from_here.clone(), until, now)),
            }
        }
        Ok(account.attempt(counted))
    }

    fn account_counters(&self, username: &str, req: &Parts) -> Result<AccountCounters, AuthError> {
        // `Alice` and `alice` are one account. A text that is not a user name is counted as typed.
        let name = Username::parse(username).ok();
        let account = name.as_ref().map_or(username, Username::as_str).to_owned();
        let networks = networks(req);
        let here = account_at_network(networks.first().map(|network| network.bytes.as_slice()), &account);
        let known = match name {
            Some(account) if !networks.is_empty() => {
                Some(KnownAddress { key: self.keys.blind("throttle known", &here)?, account })
            }
            _ => None,
        };
        let from_here = self.keys.blind("throttle account", &here)?;
        let mut own = match self.account {
            // All callers without an address share one counter.
            Some(rate) if networks.is_empty() => vec![Counter { key: from_here.clone(), rate }],
            rate => counters(&networks, rate, |network| {
                self.keys.blind("throttle account", &account_at_network(Some(network), &account))
            })?,
        };
        let mut shared = own.split_off(own.len().min(1));
        if let Some(rate) = self.account_total {
            shared.push(Counter { key: self.keys.blind("throttle account total", account.as_bytes())?, rate });
        }
        Ok(AccountCounters { from_here, own, shared, known })
    }

    /// Gives the count of a password check back, in a transaction of its own: the password was right, or it was not
    /// checked because the server is busy.
    pub(crate) async fn give_back(&self, attempt: &Attempt, now: Timestamp) -> Result<(), AuthError> {
        if attempt.counted.is_empty() {
            return Ok(());
        }
        transaction!(&self.counts.db, |tx| self.give_back_in(tx, attempt, now).await)
    }

    /// Settles a login with the right password in its transaction: gives the count back, and stores the address as
    /// known to the account within this epoch.
    pub(crate) async fn settle_login(
        &self,
        tx: &mut Tx,
        attempt: &Attempt,
        epoch: i64,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        self.give_back_in(tx, attempt, now).await?;
        Self::remember_address(tx, attempt, epoch, now).await
    }

    async fn give_back_in(&self, tx: &mut Tx, attempt: &Attempt, now: Timestamp) -> Result<(), AuthError> {
        for counter in &attempt.counted {
            Counts::give_back(tx, counter, now).await?;
        }
        // A concurrent attempt may have been refused because of a count that is given back here. From now on none can
        // be: the transaction has locked the counters.
        self.counts.unblock(&attempt.from_here);
        Ok(())
    }

    /// Stores the address of a right password as known to the account, within this epoch.
    pub(crate) async fn remember_address(
        tx: &mut Tx,
        attempt: &Attempt,
        epoch: i64,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        match &attempt.known {
            Some(known) => Counts::remember(tx, known, epoch, now).await,
            None => Ok(()),
        }
    }

    /// Deletes at most `limit` expired counters, and returns their number.
    pub(crate) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        self.counts.prune(now, limit).await
    }
}

/// A refusal commits what it has counted. Any other error rolls back.
fn committed<T>(outcome: Result<T, AuthError>) -> Result<Result<T, AuthError>, AuthError> {
    match outcome {
        Err(refusal @ AuthError::Throttled { .. }) => Ok(Err(refusal)),
        outcome => outcome.map(Ok),
    }
}

/// The pair of an address and an account. The length of the address comes first, so that no two pairs have the same
/// bytes.
fn account_at_network(network: Option<&[u8]>, account: &str) -> Vec<u8> {
    let network = network.unwrap_or_default();
    [&[u8::try_from(network.len()).unwrap_or(u8::MAX)], network, account.as_bytes()].concat()
}
