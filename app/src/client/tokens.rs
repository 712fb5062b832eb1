//! The credentials that scripts send.
//!
//! `transport` and `renews_silently` decide what a mode needs. A mode that renews keeps its access token in memory
//! only: an injected script finds no stored copy, and a reload gets a new token with a refresh cookie that no script
//! can read. For a mode that does not renew, the user chooses where the token is stored: see
//! [`TokenStore`](super::TokenStore).

use std::fmt;

use futures::channel::oneshot;
use serde::{Deserialize, Serialize};

use crate::types::{IssuedBody, Lifetime};

use super::{refresh::IdempotencyKey, renewal::Renewal};

/// A bearer token, for the `Authorization` header.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// Only for writing it to the storage that the user chose, and for showing it when the user asks for it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A log line or a panic message must not contain the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A token and its lifetime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BearerCredential {
    pub(crate) token: Token,
    /// `None` if the browser cannot renew it: then only the server decides when it has expired.
    pub(crate) lifetime: Option<TokenLifetime>,
}

impl BearerCredential {
    /// The credential in the answer to a login or a rotation, received at `now`. `None` if it is in a cookie.
    pub(crate) fn from_issued(issued: &IssuedBody, renews_silently: bool, now: i64) -> Option<Self> {
        let token = Token(issued.access.clone().or_else(|| issued.token.clone())?);
        let lasts = issued.access_expires_in.or(issued.expires_in).unwrap_or(issued.auth.expires_at - now);
        Some(Self { token, lifetime: renews_silently.then(|| TokenLifetime::starting(now, lasts, issued.auth)) })
    }

    /// Whether it has expired. Never if the browser cannot renew it: then the server decides.
    pub(crate) fn is_over(&self, now: i64) -> bool {
        self.lifetime.is_some_and(|lifetime| lifetime.is_over(now))
    }

    pub(crate) fn is_due(&self, now: i64) -> bool {
        self.lifetime.is_some_and(|lifetime| lifetime.is_due(now))
    }

    /// Whether it is newer than `other`, which another tab has.
    pub(crate) fn supersedes(&self, other: &Self) -> bool {
        self.token != other.token && self.lifetime > other.lifetime
    }
}

/// The credential of one mode in this tab, and its renewal.
#[derive(Default)]
pub(crate) struct BearerState {
    pub(crate) credential: Option<BearerCredential>,
    /// The renewal in progress. Calls that need the credential wait for it.
    pub(crate) renewing: Option<Renewal>,
    /// Set while this tab waits for a credential from other tabs.
    pub(crate) asked: Option<Asked>,
    /// Whether this tab replaces the credential now, and other tabs could do it at the same time.
    pub(crate) replaces_without_lock: bool,
    /// The key of the last renewal, or of the next one.
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) attempt: RenewalAttempt,
}

/// A question to the other tabs. Dropping it ends the wait for the answer.
pub(crate) struct Asked {
    _answered: oneshot::Sender<()>,
    /// Whether another tab has said that it renews.
    pub(crate) another_renews: bool,
}

impl Asked {
    pub(crate) fn new(answered: oneshot::Sender<()>) -> Self {
        Self { _answered: answered, another_renews: false }
    }
}

/// Whether this page has already tried a renewal without knowing if a refresh cookie exists. Needed if the browser
/// stores no entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RenewalAttempt {
    #[default]
    Untried,
    Refused,
}

/// Seconds before the expiry. Browsers run a hidden tab's timers once a minute, so a shorter lead could be too late.
const LONGEST_LEAD: i64 = 60;

/// Seconds between two attempts while the server cannot be reached: the first pause and the longest.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 60;

/// The lifetime of an access token. The order compares the server's values first: the clocks of two tabs may differ by
/// a second, and two rotations may happen within one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct TokenLifetime {
    issued_at: i64,
    generation: i64,
    expires_at: i64,
    renew_at: i64,
}

impl TokenLifetime {
    /// Of a token that arrived at `now` and lasts for `lasts` seconds. The last fifth of its lifetime is left for
    /// renewing it.
    pub(crate) fn starting(now: i64, lasts: i64, Lifetime { issued_at, generation, .. }: Lifetime) -> Self {
        let expires_at = now + lasts;
        Self { issued_at, generation, expires_at, renew_at: expires_at - (lasts / 5).clamp(1, LONGEST_LEAD) }
    }

    pub(crate) fn is_due(self, now: i64) -> bool {
        now >= self.renew_at
    }

    /// Expired **at** its last second, as on the server.
    pub(crate) fn is_over(self, now: i64) -> bool {
        now >= self.expires_at
    }
}

/// Seconds to wait after that many failures in a row.
pub(crate) fn pause_after(failures: u32) -> i64 {
    FIRST_PAUSE.saturating_mul(2_i64.saturating_pow(failures)).min(LONGEST_PAUSE)
}

/// Whether the pause until `retry_at` is over. A pause longer than the longest one means that the clock was set back.
pub(crate) fn may_try_again(retry_at: i64, now: i64) -> bool {
    now >= retry_at || retry_at - now > LONGEST_PAUSE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Lifetime;

    fn issued() -> IssuedBody {
        IssuedBody::new(Lifetime { issued_at: 0, expires_at: 900, absolute_expires_at: 9000, generation: 1 })
    }

    fn issued_at(token: &str, issued_at: i64, generation: i64) -> BearerCredential {
        let auth = Lifetime { issued_at, generation, ..issued().auth };
        BearerCredential {
            token: Token(token.to_owned()),
            lifetime: Some(TokenLifetime::starting(issued_at, 300, auth)),
        }
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let credential = issued_at("lk_secret", 0, 1);
        assert!(!format!("{credential:?}").contains("lk_secret"));
    }

    #[test]
    fn an_access_token_expires_by_its_own_lifetime_and_not_by_that_of_the_sign_in() {
        let body = IssuedBody { access: Some("a".into()), access_expires_in: Some(300), ..issued() };
        let credential = BearerCredential::from_issued(&body, true, 1000).expect("a credential");
        assert!(!credential.is_over(1299));
        assert!(credential.is_over(1300));
    }

    #[test]
    fn a_token_that_cannot_be_renewed_is_used_until_the_server_refuses_it() {
        let body = IssuedBody { token: Some("t".into()), expires_in: Some(60), ..issued() };
        let credential = BearerCredential::from_issued(&body, false, 0).expect("a credential");
        assert!(!credential.is_due(i64::MAX) && !credential.is_over(i64::MAX));
    }

    #[test]
    fn a_cookie_sign_in_returns_no_token() {
        assert_eq!(BearerCredential::from_issued(&issued(), false, 0), None);
    }

    #[test]
    fn the_later_token_wins_also_within_one_second() {
        let first = issued_at("a", 100, 4);
        assert!(issued_at("b", 101, 1).supersedes(&first));
        assert!(issued_at("b", 100, 5).supersedes(&first));
        assert!(!first.supersedes(&issued_at("b", 100, 5)));
        assert!(!first.supersedes(&first));
    }

    fn lifetime(now: i64, lasts: i64) -> TokenLifetime {
        let auth = Lifetime { issued_at: now, expires_at: now + lasts, absolute_expires_at: i64::MAX, generation: 1 };
        TokenLifetime::starting(now, lasts, auth)
    }

    #[test]
    fn a_token_of_five_minutes_is_renewed_a_minute_before_its_end() {
        let lifetime = lifetime(1000, 300);
        assert!(!lifetime.is_due(1239));
        assert!(lifetime.is_due(1240) && !lifetime.is_over(1240));
        assert!(lifetime.is_over(1300));
    }

    #[test]
    fn a_token_of_a_day_is_not_renewed_hours_too_early() {
        assert!(!lifetime(0, 86_400).is_due(86_339));
        assert!(lifetime(0, 86_400).is_due(86_340));
    }

    #[test]
    fn a_very_short_token_is_used_for_most_of_its_lifetime() {
        assert!(!lifetime(0, 5).is_due(3));
        assert!(lifetime(0, 5).is_due(4));
    }

    #[test]
    fn an_expired_token_is_due_at_once() {
        let lifetime = lifetime(0, 300);
        assert!(lifetime.is_due(100_000) && lifetime.is_over(100_000));
    }

    #[test]
    fn failures_lengthen_the_pause_up_to_a_minute() {
        assert_eq!([0, 1, 2, 3, 4, u32::MAX].map(pause_after), [5, 10, 20, 40, 60, 60]);
    }

    #[test]
    fn a_pause_ends_in_time_and_when_the_clock_was_set_back() {
        assert!(!may_try_again(110, 100));
        assert!(may_try_again(110, 110));
        assert!(may_try_again(90_000, 100));
    }
}
