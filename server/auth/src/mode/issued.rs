//! What a mode answers: a new credential and how it is handed over, or the end of one.

use std::fmt;

use http::request::Parts;

use super::{info::ModeId, principal::Lifetime, shown::Owner};
use crate::{
    clock::{Seconds, Timestamp},
    error::{Refusal, Replay},
    secret::SecretString,
    sign_in::SignInId,
};

/// A freshly made credential, and how it is handed over.
#[derive(Debug)]
pub struct Issued {
    /// How it came to be.
    pub by: IssuedBy,
    /// The sign-in that it belongs to, where the server keeps a row.
    pub sign_in: Option<SignInId>,
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
    /// As the audit log and the `X-Rotation` header spell it.
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

/// Why a credential is replaced.
#[derive(Clone, Copy)]
pub enum Trigger<'a> {
    /// Its holder asks for it, by this request.
    Asked(&'a Parts),
    /// Everything else of the account ends, and this sign-in goes on. Only the newest credential will do, and no copy of it is
    /// answered again.
    CarriedAlong(&'a Parts),
}

impl<'a> Trigger<'a> {
    /// The request.
    #[must_use]
    pub fn req(self) -> &'a Parts {
        let (Self::Asked(req) | Self::CarriedAlong(req)) = self;
        req
    }
}

/// What became of a rotation.
#[derive(Debug)]
pub enum Rotation {
    /// The successor.
    Next(Issued),
    /// The successor that was made before, once more.
    Retry(Issued),
    /// The credential was used before, and this is no retry. The sign-in must end.
    Replay(Replay),
    /// The credential does not work, and nothing else follows from it.
    Refused(Refusal),
}

/// A later copy of a credential that carries its own dates.
#[derive(Clone, Debug)]
pub struct Resealed {
    /// What to set.
    pub set_cookie: SetCookie,
    /// The dates of the later copy.
    pub lifetime: Lifetime,
}

/// The later copies of credentials that carry their own dates. The transport layer makes them before the handler runs and puts them
/// into the request's extensions, so that the answer tells the later dates.
#[derive(Clone, Debug, Default)]
pub struct LaterCopies(pub Vec<(ModeId, Resealed)>);

impl LaterCopies {
    /// The dates of the later copy of this mode's credential.
    #[must_use]
    pub fn lifetime(req: &Parts, mode: ModeId) -> Option<Lifetime> {
        let Self(copies) = req.extensions.get()?;
        copies.iter().find(|(id, _)| *id == mode).map(|(_, later)| later.lifetime)
    }
}

/// What has ended.
#[derive(Clone, Copy)]
pub enum Ending<'a> {
    /// One sign-in.
    One(&'a Owner),
    /// All sign-ins of the user in this mode.
    Mode,
    /// Everything of the account: its epoch was raised.
    Everything,
}

/// When the end of a credential takes hold: statelessness is visible in the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every copy is dead now.
    Immediate,
    /// A copy lives until then.
    AtExpiry(Timestamp),
    /// The request showed something that could not be read, so nothing has ended.
    Unreadable,
}

impl Revocation {
    /// Of two, the one that takes longer.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unreadable, _) | (_, Self::Unreadable) => Self::Unreadable,
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
