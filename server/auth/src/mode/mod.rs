//! The seam: what a mode is. A *mode* is how a signed-in caller is recognised on the next request. Checking a password the
//! first time is not a mode.
//!
//! `calls/` begins, locks, carries and ends the sign-in, records the event and commits. A mode reads requests and writes its own
//! table. It knows no other mode.

pub mod carrier;
pub mod client;
pub mod info;
pub mod issued;
pub mod lifetimes;
pub mod principal;
pub(crate) mod replaceable;
pub mod shown;

use std::any::Any;

use async_trait::async_trait;
use http::request::Parts;

pub use self::info::{ModeId, ModeInfo, Transport};
use self::{
    issued::{Ending, Issued, Resealed, Revocation, Rotation, SetCookie, Trigger},
    lifetimes::Lifetimes,
    principal::Recognised,
    shown::{Introspected, Owner, Purpose, Shown},
};
use crate::{
    base::AccessCheck,
    clock::{Seconds, Timestamp},
    db::Tx,
    error::AuthError,
    keys::{Kid, SigningAlgorithm},
    sign_in::{SignIn, SignInId},
    users::{User, UserId},
};

/// One way to recognise a caller. `now` is an argument, so that every date of one request is the same date.
///
/// Each method reads the one credential of its own mode from the request and never falls back to another.
#[async_trait]
pub trait AuthMode: Any + Send + Sync {
    /// What the mode says of itself.
    fn info(&self) -> &'static ModeInfo;

    /// How long a new sign-in of this request lives.
    fn lifetimes(&self, req: &Parts) -> Lifetimes;

    /// What the request shows for this purpose, alive or dead.
    async fn shown(&self, req: &Parts, purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError>;

    /// Recognises the caller. `Ok(None)`: the request shows no credential. `Err`: it shows one that is refused.
    async fn authenticate(
        &self,
        req: &Parts,
        check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError>;

    /// Makes the credential of a new sign-in. Its row exists already, unless the mode does not remember.
    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        user: &User,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError>;

    /// Replaces the credential of a live sign-in by its successor. The sign-in's row is locked. It is absent where the mode does
    /// not remember.
    async fn rotate(
        &self,
        tx: &mut Tx,
        user: &User,
        locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError>;

    /// The cookies that a logout sets: the browser forgets the credential of `owner`.
    fn clear(&self, owner: Option<&Owner>, now: Timestamp) -> Vec<SetCookie>;

    /// Deletes what the mode remembers of a sign-in that is over, and answers how many rows there were.
    async fn forget(&self, _tx: &mut Tx, _over: &SignInId) -> Result<u64, AuthError> {
        Ok(0)
    }

    /// What a mode adds whose credentials carry more than a name: copies of them outlive an end.
    fn stateless(&self) -> Option<&dyn Stateless> {
        None
    }

    /// What a mode adds whose token another service may show (RFC 7009, RFC 7662).
    fn bearer(&self) -> Option<&dyn BearerToken> {
        None
    }
}

/// A mode whose credential can be checked without a row.
#[async_trait]
pub trait Stateless: Send + Sync {
    /// When the last copy of what has just ended stops working.
    fn revocation(&self, ending: Ending<'_>, now: Timestamp) -> Revocation;

    /// A later copy of the credential that the request shows, where it is due. Reads the account, whatever the access check.
    async fn reseal(&self, _req: &Parts, _now: Timestamp) -> Result<Option<Resealed>, AuthError> {
        Ok(None)
    }

    /// Ends all credentials of the user in this mode that no row stands for. `false`: there are none.
    async fn end_all(&self, _tx: &mut Tx, _user: &UserId, _now: Timestamp) -> Result<bool, AuthError> {
        Ok(false)
    }

    /// How long a credential that a key of the ring has made may lie unused and is still accepted then.
    fn signed_for(&self) -> Seconds;

    /// Can a key of this name sign by this algorithm?
    ///
    /// # Errors
    /// [`AuthError::Internal`] if not, with the reason.
    fn check_key(&self, _kid: &Kid, _algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        Ok(())
    }
}

/// A mode whose token is a text that others can ask about.
#[async_trait]
pub trait BearerToken: Send + Sync {
    /// What a token stands for. `None`: it is not of this mode.
    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspected>, AuthError>;
}
