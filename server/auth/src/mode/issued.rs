//! What a mode answers: a new credential and the way it is handed over, or the end of one.

use std::fmt;

use crate::{
    clock::{Seconds, Timestamp},
    mode::principal::{CredentialId, Lifetime},
    secret::SecretString,
};

/// A freshly made credential, and how it is handed over.
#[derive(Debug)]
pub struct Issued {
    /// How it came to be.
    pub by: IssuedBy,
    /// Which one it is, where the server keeps a list.
    pub credential: Option<CredentialId>,
    /// Its dates.
    pub lifetime: Lifetime,
    /// What to set.
    pub set_cookies: Vec<SetCookie>,
    /// What the body carries.
    pub delivery: Delivery,
}

/// How a credential came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuedBy {
    /// A password was checked.
    Login,
    /// It replaces its predecessor.
    Rotation,
    /// It has replaced it before, and is handed over again: the first answer was lost, or two tabs asked at once.
    Retry,
}

impl IssuedBy {
    /// As the audit trail and the `X-Rotation` header spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "issued",
            Self::Rotation => "rotated",
            Self::Retry => "retry",
        }
    }
}

/// What the body of a login or rotation carries.
#[derive(Debug)]
pub enum Delivery {
    /// Nothing: the credential is in the cookie.
    Cookie,
    /// One token.
    Token {
        /// For the `Authorization` header.
        token: SecretString,
        /// Until it has to have been used.
        expires_in: Seconds,
    },
    /// A short-lived and a long-lived one.
    Pair {
        /// For the `Authorization` header.
        access: SecretString,
        /// How long it lives.
        access_expires_in: Seconds,
        /// Absent where it travels in a cookie that scripts cannot read.
        refresh: Option<SecretString>,
        /// How long that one lives.
        refresh_expires_in: Seconds,
    },
}

/// When the end of a credential takes hold: statelessness is visible in the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every copy is dead now.
    Immediate,
    /// A copy lives until then.
    AtExpiry(Timestamp),
}

impl Revocation {
    /// Of two, the one that takes longer.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Immediate, slower) | (slower, Self::Immediate) => slower,
            (Self::AtExpiry(a), Self::AtExpiry(b)) => Self::AtExpiry(a.max(b)),
        }
    }
}

/// A `Set-Cookie`, whose value is not printed.
#[derive(Clone)]
pub struct SetCookie(pub cookie::Cookie<'static>);

impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SetCookie").field(&self.0.name()).finish()
    }
}
