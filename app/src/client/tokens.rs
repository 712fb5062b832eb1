//! The credentials that scripts send.
//!
//! `transport` and `renews_silently` decide what a mode needs. A mode that renews keeps its access token in memory
//! only: an injected script finds no stored copy, and a reload gets a new token with a refresh cookie that no script
//! can read. For a mode that does not renew, the user chooses where the token is stored: see
//! [`TokenStore`](super::TokenStore).

use std::fmt;

use futures::channel::oneshot;
use serde::{Deserialize, Serialize};

use super::{refresh::IdempotencyKey, renewal::Renewal, token_lifetime::TokenLifetime};
use crate::types::IssuedBody;

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

    /// Only for writing it to the storage that the user chose.
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
    /// Set while this tab waits for a credential from other tabs. Dropping it ends the wait.
    pub(crate) asked: Option<oneshot::Sender<()>>,
    /// The key of the last renewal, or of the next one.
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) attempt: RenewalAttempt,
}

/// Whether this page has already tried a renewal without knowing if a refresh cookie exists. Needed if the browser
/// stores no entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RenewalAttempt {
    #[default]
    Untried,
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Lifetime;

    fn issued() -> IssuedBody {
        IssuedBody {
            auth: Lifetime { issued_at: 0, expires_at: 900, absolute_expires_at: 9000, generation: 1 },
            token: None,
            expires_in: None,
            access: None,
            refresh: None,
            access_expires_in: None,
            refresh_expires_in: None,
        }
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
}
