//! How often somebody may try: against guessing, and against those who would lock others out by guessing (OWASP ASVS 5.0,
//! 6.1.1 and 6.3.1).
//!
//! | setting | default | counts |
//! |---|---|---|
//! | `THROTTLE_ANON` | 20/min | logins and registrations from one address, successful ones too |
//! | `THROTTLE_REGISTER` | 5/hour | registrations from one address |
//! | `THROTTLE_ACCOUNT` | 10/min | failed logins to one account from one address |
//! | `THROTTLE_ACCOUNT_TOTAL` | 100/hour | failed logins to one account from all addresses that it does not know |
//! | `THROTTLE_USER` | 1000/hour | what one user changes |
//!
//! "One address" of IPv6 is a /64. The /56 and the /48 around it have counters of their own, with 4 and 16 times the rate. The
//! price: customers whose provider gives each a single /64 out of one /48 share that counter, as those behind one IPv4 address do.
//!
//! An account knows an address from which it was signed in to within 30 days and in its present epoch. There, its owner
//! can sign in however many strangers guess elsewhere, in the networks around it too. A change of the password raises the
//! epoch, so an address of somebody who knew the old password is unknown again. Where the transport layer vouches for no
//! address, only accounts are counted, as if all callers shared one address that nobody knows.
//!
//! A window begins with its first hit and ends whole: around its end, twice the rate can pass. That is the price of one row
//! and one statement for each count, and guessing gains nothing by it in the long run.

mod counts;
mod networks;
#[cfg(test)]
mod tests;

use http::request::Parts;

use self::{
    counts::{Count, Counter, Counts, Known},
    networks::{counters, networks},
};
use crate::{
    base::Base,
    clock::Timestamp,
    error::AuthError,
    keys::Keys,
    secret::SecretHash,
    settings::{Rate, SettingsError},
    users::UserId,
    users::username::Username,
};

const ANONYMOUS: Rate = Rate::per_minute(20);
/// A person registers once. Each registration costs a hash and a row for ever, and tells by a later login whether the name was
/// taken: at 20 a minute, an address would learn of 28,800 names a day.
const REGISTER: Rate = Rate::per_hour(5);
const ACCOUNT: Rate = Rate::per_minute(10);
const ACCOUNT_TOTAL: Rate = Rate::per_hour(100);
const USER: Rate = Rate::per_hour(1000);

/// The rates, and what counts towards each.
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

/// A password that may be tried. It counts as a failure until [`Throttle::settle`] knows better: whoever counted afterwards
/// would let any number of guesses run at once.
#[derive(Debug)]
pub(crate) struct Attempt {
    /// This account, from this address.
    from_here: SecretHash,
    /// What was counted.
    counted: Vec<Counter>,
    /// That this account knows this address.
    known: Option<Known>,
}

impl Throttle {
    /// Reads the rates. One that is off is logged: nobody should forget it.
    pub(crate) fn new(base: &Base) -> Result<Self, SettingsError> {
        let rate = |name, default| {
            let rate = base.settings.rate(name, default)?;
            if rate.is_none() {
                tracing::warn!("{name}=off: nothing stops who tries again and again");
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

    /// Counts a request of somebody who is not signed in yet, whatever comes of it.
    pub(crate) async fn admit_anonymous(&self, req: &Parts, now: Timestamp) -> Result<(), AuthError> {
        let key = |network: &[u8]| self.keys.blind("throttle anonymous", network);
        self.counts.admit(&counters(&networks(req), self.anonymous, key)?, now).await
    }

    /// The same for a registration, which has a lower rate besides.
    pub(crate) async fn admit_registration(&self, req: &Parts, now: Timestamp) -> Result<(), AuthError> {
        self.admit_anonymous(req, now).await?;
        let key = |network: &[u8]| self.keys.blind("throttle register", network);
        self.counts.admit(&counters(&networks(req), self.register, key)?, now).await
    }

    /// Counts a request that changes something as this user.
    pub(crate) async fn admit_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(counter) = self.user_counter(user)? else { return Ok(()) };
        self.counts.admit(&[counter], now).await
    }

    /// It was nothing of this user's after all.
    pub(crate) async fn give_back_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(counter) = self.user_counter(user)? else { return Ok(()) };
        self.counts.give_back(&counter, now).await?;
        // Of many at once, one may have been beyond the limit by what is given back here.
        self.counts.unblock(&counter.key);
        Ok(())
    }

    fn user_counter(&self, user: &UserId) -> Result<Option<Counter>, AuthError> {
        let counter = |rate| Ok(Counter { key: self.keys.blind("throttle user", user.as_str().as_bytes())?, rate });
        self.user.map(counter).transpose()
    }

    /// Counts a password that is tried on this account, which need not exist: nobody learns whether it does.
    pub(crate) async fn admit_attempt(
        &self,
        username: &str,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Attempt, AuthError> {
        // `Alice` and `alice` are one account. What is no name is nobody's, and counts as it was typed.
        let name = Username::parse(username).ok();
        let account = name.as_ref().map_or(username, Username::as_str).to_owned();
        let networks = networks(req);
        let here = origin(networks.first().map(|network| network.bytes.as_slice()), &account);
        let known = match name {
            Some(account) if !networks.is_empty() => {
                Some(Known { key: self.keys.blind("throttle known", &here)?, account })
            }
            _ => None,
        };
        let from_here = self.keys.blind("throttle account", &here)?;
        self.counts.refuse_if_blocked(&from_here, now)?;
        let mut counted = match self.account {
            // All callers without an address share one counter.
            Some(rate) if networks.is_empty() => vec![Counter { key: from_here.clone(), rate }],
            rate => counters(&networks, rate, |network| {
                self.keys.blind("throttle account", &origin(Some(network), &account))
            })?,
        };
        // Strangers fill these, too: the neighbours of an IPv6 address, and everybody. An address that the account knows is
        // spared.
        let mut shared = counted.split_off(counted.len().min(1));
        if let Some(rate) = self.account_total {
            shared.push(Counter { key: self.keys.blind("throttle account total", account.as_bytes())?, rate });
        }
        self.counts.admit(&counted, now).await?;
        for counter in shared {
            match self.counts.count(&counter, known.as_ref(), now).await? {
                Count::Spared => {}
                Count::Within => counted.push(counter),
                // This address is blocked, and not the account: one that the account knows is still to get in.
                Count::Beyond(until) => return Err(self.counts.refuse(from_here, until, now)),
            }
        }
        Ok(Attempt { from_here, counted, known })
    }

    /// Gives the count of an attempt back, unless the password was wrong. An attempt that failed for another reason, as a busy server,
    /// is no guess.
    pub(crate) async fn settle<T>(
        &self,
        attempt: &Attempt,
        outcome: Result<&T, &AuthError>,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        if matches!(outcome, Err(AuthError::InvalidCredentials)) {
            return Ok(());
        }
        self.counts.unblock(&attempt.from_here);
        for counter in &attempt.counted {
            self.counts.give_back(counter, now).await?;
        }
        Ok(())
    }

    /// Counts a login: by its address, and by the account that it tries.
    pub(crate) async fn admit_login(&self, username: &str, req: &Parts, now: Timestamp) -> Result<Attempt, AuthError> {
        self.admit_anonymous(req, now).await?;
        self.admit_attempt(username, req, now).await
    }

    /// Settles a login. `epoch` is that of the account whose password was right.
    pub(crate) async fn conclude<T>(
        &self,
        attempt: &Attempt,
        outcome: Result<&T, &AuthError>,
        epoch: Option<i64>,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        self.settle(attempt, outcome, now).await?;
        match epoch {
            Some(epoch) => self.know(attempt, epoch, now).await,
            None => Ok(()),
        }
    }

    /// Makes the address of a right password known to the account, while the account is in this epoch.
    pub(crate) async fn know(&self, attempt: &Attempt, epoch: i64, now: Timestamp) -> Result<(), AuthError> {
        match &attempt.known {
            Some(known) => self.counts.remember(known, epoch, now).await,
            None => Ok(()),
        }
    }

    /// Deletes at most `limit` counts that are over, and answers how many there were.
    pub(crate) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        self.counts.prune(now, limit).await
    }
}

/// An account, seen from an address. The length of the address comes first, so that no two of them run into one.
fn origin(network: Option<&[u8]>, account: &str) -> Vec<u8> {
    let network = network.unwrap_or_default();
    [&[u8::try_from(network.len()).unwrap_or(u8::MAX)], network, account.as_bytes()].concat()
}
