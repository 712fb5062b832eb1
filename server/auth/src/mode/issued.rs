//! The results of a mode: a new credential with its delivery, or the end of a credential.

use std::fmt;

use http::request::Parts;

use super::{info::ModeId, principal::Lifetime, shown::Owner};
use crate::{
    clock::{Seconds, Timestamp},
    error::{Refusal, Replay},
    secret::SecretString,
    sign_in::SignInId,
};

/// A new credential and its delivery.
#[derive(Debug)]
pub struct Issued {
    /// The operation that issued it.
    pub by: IssuedBy,
    /// Its sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// Its dates.
    pub lifetime: Lifetime,
    /// The cookies to set on the response.
    pub set_cookies: Vec<SetCookie>,
    /// The content of the response body.
    pub delivery: Delivery,
}

/// The operation that issued a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuedBy {
    /// A login.
    Login,
    /// A rotation.
    Rotation,
    /// A repeated rotation that returns the same successor: the first response was lost, or two tabs rotated
    /// concurrently.
    Retry,
}

impl IssuedBy {
    /// The spelling in the audit log and in the `X-Rotation` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "issued",
            Self::Rotation => "rotated",
            Self::Retry => "retry",
        }
    }
}

/// The credentials in the body of a login or rotation response.
#[derive(Debug)]
pub enum Delivery {
    /// None: the credential is in the cookie.
    Cookie,
    /// One token.
    Token {
        /// For the `Authorization` header.
        token: SecretString,
        /// Until the token expires without use.
        expires_in: Seconds,
    },
    /// An access token and a refresh token.
    Pair {
        /// For the `Authorization` header.
        access: SecretString,
        /// The lifetime of the access token.
        access_expires_in: Seconds,
        /// `None` where the refresh token is in a cookie that scripts cannot read.
        refresh: Option<SecretString>,
        /// The lifetime of the refresh token.
        refresh_expires_in: Seconds,
    },
}

/// The reason for a rotation.
#[derive(Clone, Copy)]
pub enum Trigger<'a> {
    /// The client requested it.
    Asked(&'a Parts),
    /// All other sign-ins of the account end, and this one survives. Only the newest credential is accepted, and a
    /// retry does not get the same successor.
    CarriedAlong(&'a Parts),
}

impl<'a> Trigger<'a> {
    /// The request of the rotation.
    #[must_use]
    pub fn req(self) -> &'a Parts {
        let (Self::Asked(req) | Self::CarriedAlong(req)) = self;
        req
    }
}

/// The outcome of a rotation.
#[derive(Debug)]
pub enum Rotation {
    /// The successor.
    Next(Issued),
    /// The existing successor, returned once more.
    Retry(Issued),
    /// The credential was used before, and this use is not a retry. The caller must end the sign-in.
    Replay(Replay),
    /// The credential is not valid. The sign-in stays as it is.
    Refused(Refusal),
}

/// A renewed copy of a self-contained credential, with a later expiry.
#[derive(Clone, Debug)]
pub struct Resealed {
    /// The cookie to set on the response.
    pub set_cookie: SetCookie,
    /// The dates of the renewed copy.
    pub lifetime: Lifetime,
}

/// The renewed copies of self-contained credentials. The transport layer creates them before the handler runs and puts
/// them into the request's extensions, so that the response reports the later expiry.
#[derive(Clone, Debug, Default)]
pub struct LaterCopies(pub Vec<(ModeId, Resealed)>);

impl LaterCopies {
    /// The dates of the renewed copy of this mode's credential.
    #[must_use]
    pub fn lifetime(req: &Parts, mode: ModeId) -> Option<Lifetime> {
        let Self(copies) = req.extensions.get()?;
        copies.iter().find(|(id, _)| *id == mode).map(|(_, later)| later.lifetime)
    }
}

/// The scope of an end.
#[derive(Clone, Copy)]
pub enum Ending<'a> {
    /// One sign-in.
    One(&'a Owner),
    /// All sign-ins of the user in this mode.
    Mode,
    /// All sign-ins of the account: its epoch was raised.
    Everything,
}

/// When an ended credential stops working. The type makes statelessness visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every copy is dead now.
    Immediate,
    /// A copy may work until this instant.
    AtExpiry(Timestamp),
    /// The presented credential could not be read, so nothing has ended.
    Unreadable,
}

impl Revocation {
    /// The later of the two.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unreadable, _) | (_, Self::Unreadable) => Self::Unreadable,
            (Self::Immediate, slower) | (slower, Self::Immediate) => slower,
            (Self::AtExpiry(a), Self::AtExpiry(b)) => Self::AtExpiry(a.max(b)),
        }
    }
}

/// A `Set-Cookie` header. `Debug` redacts its value.
#[derive(Clone)]
pub struct SetCookie(pub cookie::Cookie<'static>);

impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SetCookie").field(&self.0.name()).finish()
    }
}
