//! How often somebody may try: against guessing, and against those who would lock others out by guessing (OWASP ASVS 5.0,
//! 6.1.1 and 6.3.1).
//!
//! | setting | default | counts |
//! |---|---|---|
//! | `THROTTLE_ANON` | 20/min | logins and registrations from one address, successful ones too |
//! | `THROTTLE_ACCOUNT` | 10/min | failed logins to one account from one address |
//! | `THROTTLE_ACCOUNT_TOTAL` | 100/hour | failed logins to one account from all addresses that it does not know |
//! | `THROTTLE_USER` | 1000/hour | what one user changes |
//!
//! An account knows an address from which it was signed in to within [`KNOWN_FOR`]. There, its owner can sign in however many
//! strangers guess elsewhere. Where the transport layer vouches for no address, only accounts are counted, as if all
//! callers shared one address that nobody knows.
//!
//! A window begins with its first hit and ends whole: around its end, twice the rate can pass. That is the price of one row
//! and one statement for each count, and guessing gains nothing by it in the long run.

mod counts;
#[cfg(test)]
mod tests;

use std::{net::IpAddr, sync::Arc};

use http::request::Parts;

use self::counts::Count;
use crate::{
    Auth,
    base::Base,
    cache::Cache,
    clock::{Seconds, Timestamp},
    db::Db,
    error::AuthError,
    keys::Keys,
    mode::carrier::ClientAddress,
    secret::SecretHash,
    settings::{Rate, SettingsError},
    users::username::Username,
    users::{User, UserId},
};

const ANONYMOUS: Rate = Rate::per_minute(20);
const ACCOUNT: Rate = Rate::per_minute(10);
const ACCOUNT_TOTAL: Rate = Rate::per_hour(100);
const USER: Rate = Rate::per_hour(1000);
/// How long an account knows an address after a login from it.
const KNOWN_FOR: Seconds = Seconds::days(30);
/// That it is known is written at most this often.
const KNOWN_TOUCH_EVERY: Seconds = Seconds::days(1);

/// Who tries how often. The counts are in the database, where all instances share them; in front of it, each remembers whom
/// it has refused.
#[derive(Clone)]
pub(crate) struct Throttle {
    db: Db,
    keys: Keys,
    /// Whom this process has refused, until when.
    blocked: Arc<Cache>,
    anonymous: Option<Rate>,
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
    /// This account, from all addresses, where that was counted.
    total: Option<SecretHash>,
    /// That this account knows this address.
    known: Option<SecretHash>,
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
            db: base.db.clone(),
            keys: base.keys.clone(),
            blocked: Arc::default(),
            anonymous: rate("THROTTLE_ANON", ANONYMOUS)?,
            account: rate("THROTTLE_ACCOUNT", ACCOUNT)?,
            account_total: rate("THROTTLE_ACCOUNT_TOTAL", ACCOUNT_TOTAL)?,
            user: rate("THROTTLE_USER", USER)?,
        })
    }

    /// Counts a request of somebody who is not signed in yet, whatever comes of it.
    pub(crate) async fn admit_anonymous(&self, req: &Parts, now: Timestamp) -> Result<(), AuthError> {
        let (Some(rate), Some(network)) = (self.anonymous, network(req)) else { return Ok(()) };
        self.admit(self.keys.blind("throttle anonymous", &network)?, rate, now).await
    }

    /// Counts a request that changes something as this user.
    async fn admit_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(rate) = self.user else { return Ok(()) };
        self.admit(self.user_key(user)?, rate, now).await
    }

    /// It was nothing of this user's after all.
    async fn give_back_user(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        let Some(rate) = self.user else { return Ok(()) };
        let key = self.user_key(user)?;
        self.give_back(&key, rate, now).await?;
        // Of many at once, one may have been beyond the limit by what is given back here.
        self.blocked.remove(&key);
        Ok(())
    }

    fn user_key(&self, user: &UserId) -> Result<SecretHash, AuthError> {
        self.keys.blind("throttle user", user.as_str().as_bytes())
    }

    /// Counts a password that is tried on this account, which need not exist: nobody learns whether it does.
    pub(crate) async fn admit_attempt(
        &self,
        username: &str,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Attempt, AuthError> {
        // `Alice` and `alice` are one account. What is no name is nobody's, and counts as it was typed.
        let account = Username::parse(username).map_or_else(|_| username.to_owned(), |name| name.as_str().to_owned());
        let network = network(req);
        let here = origin(network.as_deref(), &account);
        let mut attempt = Attempt {
            from_here: self.keys.blind("throttle account", &here)?,
            total: None,
            known: network.map(|_| self.keys.blind("throttle known", &here)).transpose()?,
        };
        self.refuse_if_blocked(&attempt.from_here, now)?;
        if let Some(rate) = self.account {
            self.admit(attempt.from_here.clone(), rate, now).await?;
        }
        if let Some(rate) = self.account_total {
            let total = self.keys.blind("throttle account total", account.as_bytes())?;
            match self.count(&total, rate, attempt.known.as_ref(), now).await? {
                Count::Spared => {}
                Count::Within => attempt.total = Some(total),
                // This address is blocked, and not the account: one that the account knows is still to get in.
                Count::Beyond(until) => return Err(self.refuse(attempt.from_here, until, now)),
            }
        }
        Ok(attempt)
    }

    /// What came of it. A wrong password stays counted. A right one does not, and makes the address known; nor does one that
    /// was not looked at, because the server was busy.
    pub(crate) async fn settle<T>(
        &self,
        attempt: &Attempt,
        outcome: Result<&T, &AuthError>,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        if matches!(outcome, Err(AuthError::InvalidCredentials)) {
            return Ok(());
        }
        self.blocked.remove(&attempt.from_here);
        for (key, rate) in [(Some(&attempt.from_here), self.account), (attempt.total.as_ref(), self.account_total)] {
            if let (Some(key), Some(rate)) = (key, rate) {
                self.give_back(key, rate, now).await?;
            }
        }
        if let (Ok(_), Some(known)) = (outcome, &attempt.known) {
            self.remember(known, now).await?;
        }
        Ok(())
    }
}

/// Whose address it is, as far as one can tell. An IPv6 customer gets a /64 and may use all of it.
fn network(req: &Parts) -> Option<Vec<u8>> {
    let ClientAddress(address) = req.extensions.get()?;
    Some(match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    })
}

/// An account, seen from an address. The length of the address comes first, so that no two of them run into one.
fn origin(network: Option<&[u8]>, account: &str) -> Vec<u8> {
    let network = network.unwrap_or_default();
    [&[u8::try_from(network.len()).unwrap_or(u8::MAX)], network, account.as_bytes()].concat()
}

impl Auth {
    /// Whose account was meant, and that account, if it may be signed in to with this password; unless there were too many
    /// attempts.
    pub(crate) async fn check_login(
        &self,
        username: &str,
        password: &str,
        req: &Parts,
    ) -> (Option<UserId>, Result<User, AuthError>) {
        let now = self.now();
        // Before the hash: it is what a flood would be after.
        let admitted = async {
            self.throttle.admit_anonymous(req, now).await?;
            self.throttle.admit_attempt(username, req, now).await
        };
        let attempt = match admitted.await {
            Ok(attempt) => attempt,
            Err(refused) => return (None, Err(refused)),
        };
        let (meant, checked) = self.check_password(username, password).await;
        match self.throttle.settle(&attempt, checked.as_ref(), now).await {
            Ok(()) => (meant, checked),
            Err(error) => (meant, Err(error)),
        }
    }

    /// Makes a change, and counts it for the user by whose credential it is made. One that is refused does not count: whoever holds a
    /// dead credential would use up what its user may do.
    pub(crate) async fn counted<T>(
        &self,
        user: Option<&UserId>,
        change: impl Future<Output = Result<T, AuthError>> + Send,
    ) -> Result<T, AuthError> {
        // Nobody's: it will be refused.
        let Some(user) = user else { return change.await };
        let now = self.now();
        self.throttle.admit_user(user, now).await?;
        let outcome = change.await;
        if matches!(outcome, Err(AuthError::Refused(_))) {
            self.throttle.give_back_user(user, now).await?;
        }
        outcome
    }
}
