//! The credentials that scripts present: where they are kept, how they are renewed, what tabs tell each other.
//!
//! Which mode needs what follows from its `transport` and `renews_silently`. One that renews keeps its access token in
//! memory and nowhere else: a script that breaks in finds no copy to carry away, and a reload gets a new one by a refresh
//! cookie that no script can read. One that does not renew is kept where the user says: see [`TokenStore`].

pub(crate) mod refresh;
mod renewal;
pub(crate) mod store;
pub(crate) mod tabs;
mod term;

use std::fmt;

use futures::channel::oneshot;
use serde::{Deserialize, Serialize};

use crate::types::IssuedBody;

pub(crate) use refresh::IdempotencyKey;
pub(crate) use renewal::{ANSWER_WITHIN, RENEW_WITHIN, Renewal};
pub(crate) use store::TokenStore;
pub(crate) use term::{Term, may_try_again, pause_after};

/// What goes into the `Authorization` header.
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

    /// To be written to a storage that the user chose, and for nothing else.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A log line or a panic message must not hold it.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A token, and for how long it is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) token: Token,
    /// `None` where the browser cannot renew it: then the server alone need know.
    pub(crate) term: Option<Term>,
}

impl Credential {
    /// What a login or a rotation brought, at `now`. `None` if the browser keeps it in a cookie.
    pub(crate) fn from_issued(issued: &IssuedBody, renews_silently: bool, now: i64) -> Option<Self> {
        let token = Token(issued.access.clone().or_else(|| issued.token.clone())?);
        let lasts = issued.access_expires_in.or(issued.expires_in).unwrap_or(issued.auth.expires_at - now);
        Some(Self { token, term: renews_silently.then(|| Term::starting(now, lasts, issued.auth)) })
    }

    /// Good until the server says otherwise, if the browser knows no term.
    pub(crate) fn is_over(&self, now: i64) -> bool {
        self.term.is_some_and(|term| term.is_over(now))
    }

    pub(crate) fn is_due(&self, now: i64) -> bool {
        self.term.is_some_and(|term| term.is_due(now))
    }

    /// Two tabs hold one each: which is to be used from now on.
    pub(crate) fn supersedes(&self, other: &Self) -> bool {
        self.token != other.token && self.term > other.term
    }
}

/// What this tab holds of one mode.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) credential: Option<Credential>,
    /// The renewal that is under way. Whoever needs the credential waits for it.
    pub(crate) renewing: Option<Renewal>,
    /// Other tabs were asked for a credential. Dropping it ends the wait for their answer.
    pub(crate) asked: Option<oneshot::Sender<()>>,
    /// The key that the last renewal showed, or that the next one will.
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) trial: Trial,
}

/// Whether this page has tried a refresh cookie of which nothing is known. Counts where the storage keeps no entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trial {
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

    fn issued_at(token: &str, issued_at: i64, generation: i64) -> Credential {
        let auth = Lifetime { issued_at, generation, ..issued().auth };
        Credential { token: Token(token.to_owned()), term: Some(Term::starting(issued_at, 300, auth)) }
    }

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let credential = issued_at("lk_secret", 0, 1);
        assert!(!format!("{credential:?}").contains("lk_secret"));
    }

    #[test]
    fn an_access_token_expires_by_its_own_lifetime_and_not_by_that_of_the_sign_in() {
        let body = IssuedBody { access: Some("a".into()), access_expires_in: Some(300), ..issued() };
        let credential = Credential::from_issued(&body, true, 1000).expect("a credential");
        assert!(!credential.is_over(1299));
        assert!(credential.is_over(1300));
    }

    #[test]
    fn a_token_that_cannot_be_renewed_is_good_until_the_server_refuses_it() {
        let body = IssuedBody { token: Some("t".into()), expires_in: Some(60), ..issued() };
        let credential = Credential::from_issued(&body, false, 0).expect("a credential");
        assert!(!credential.is_due(i64::MAX) && !credential.is_over(i64::MAX));
    }

    #[test]
    fn a_cookie_sign_in_leaves_nothing_to_hold() {
        assert_eq!(Credential::from_issued(&issued(), false, 0), None);
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
