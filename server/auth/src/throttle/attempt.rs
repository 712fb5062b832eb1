//! Checks of a password: what they count, and what gives the count back.

use http::request::Parts;

use super::{
    Throttle, committed,
    counts::{Count, Counter, Counts},
    known::KnownAddress,
    networks::{counters, networks},
};
use crate::{
    clock::Timestamp,
    db::{Tx, transaction},
    error::AuthError,
    secret::SecretHash,
    users::username::Username,
};

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
            Some(known) => known.remember(tx, epoch, now).await,
            None => Ok(()),
        }
    }
}

/// The pair of an address and an account. The length of the address comes first, so that no two pairs have the same
/// bytes.
pub(super) fn account_at_network(network: Option<&[u8]>, account: &str) -> Vec<u8> {
    let network = network.unwrap_or_default();
    [&[u8::try_from(network.len()).unwrap_or(u8::MAX)], network, account.as_bytes()].concat()
}
