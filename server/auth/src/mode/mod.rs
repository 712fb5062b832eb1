//! The seam: the interface of a mode. A *mode* is how the server recognises a signed-in user on the next request. The
//! first check of a password is not part of it.
//!
//! `calls/` begins, locks, carries and ends the sign-in, records the event and commits. A mode reads requests and
//! writes its own table. It does not depend on any other mode.

pub mod carrier;
pub mod client;
pub mod info;
pub mod issued;
pub mod lifetimes;
pub mod principal;
pub(crate) mod replaceable; // mode: session or opaque
pub mod replay;
pub mod shown;

use std::any::Any;

use async_trait::async_trait;
use http::request::Parts;

pub use self::info::{ModeId, ModeInfo, ModeTexts, Transport};
use self::{
    issued::{Ending, Issued, Resealed, Revocation, Rotation, SetCookie, Trigger},
    lifetimes::Lifetimes,
    principal::Recognised,
    replay::Replayable,
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

/// One way to recognise a caller. `now` is an argument, so that all dates of one request agree.
///
/// Each method reads only the credential of its own mode. There is no fallback to another credential.
#[async_trait]
pub trait AuthMode: Any + Send + Sync {
    /// The description of the mode.
    fn info(&self) -> &'static ModeInfo;

    /// The lifetimes of a new sign-in that this request begins.
    fn lifetimes(&self, req: &Parts) -> Lifetimes;

    /// The credential in the request for this purpose, alive or dead.
    async fn shown(&self, req: &Parts, purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError>;

    /// Recognises the caller. `Ok(None)`: the request has no credential of this mode. `Err`: it has one that is
    /// refused.
    async fn authenticate(
        &self,
        req: &Parts,
        check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError>;

    /// Creates the credential of a new sign-in. The row of the sign-in exists already, unless the mode keeps no rows.
    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        user: &User,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError>;

    /// Replaces the credential of a live sign-in by its successor. The row of the sign-in is locked. It is `None` where
    /// the mode keeps no rows.
    async fn rotate(
        &self,
        tx: &mut Tx,
        user: &User,
        locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError>;

    /// The cookies that a logout sets to delete the credential of `owner` from the browser.
    fn clear(&self, owner: Option<&Owner>, now: Timestamp) -> Vec<SetCookie>;

    /// Deletes the mode's rows of an ended sign-in, and returns their number.
    async fn forget(&self, _tx: &mut Tx, _ended: &SignInId) -> Result<u64, AuthError> {
        Ok(0)
    }

    /// The extension for self-contained credentials, whose copies may outlive the end of their sign-in.
    fn stateless(&self) -> Option<&dyn Stateless> {
        None
    }

    /// The extension for tokens that another service may present (RFC 7009, RFC 7662).
    fn bearer(&self) -> Option<&dyn BearerToken> {
        None
    }

    /// The extension for the demonstration of a replay. Every mode with [`ModeInfo::remembers`] has it: the contract
    /// tests replay in each of them.
    fn replayable(&self) -> Option<&dyn Replayable> {
        None
    }
}

/// A mode whose credential can be verified without a row.
#[async_trait]
pub trait Stateless: Send + Sync {
    /// When the last copy of a credential that has just ended stops working.
    fn revocation(&self, ending: Ending<'_>, now: Timestamp) -> Revocation;

    /// Renews the credential in the request, if a renewal is due. Reads the account, whatever the access check.
    async fn reseal(&self, _req: &Parts, _now: Timestamp) -> Result<Option<Resealed>, AuthError> {
        Ok(None)
    }

    /// Ends the user's credentials that have no row, in this mode. `false`: the mode has none.
    async fn end_all(&self, _tx: &mut Tx, _user: &UserId, _now: Timestamp) -> Result<bool, AuthError> {
        Ok(false)
    }

    /// The longest time that a credential can stay unused and still be accepted. A key must stay accepted for as long.
    fn signed_for(&self) -> Seconds;

    /// Can a key of this name sign with this algorithm?
    ///
    /// # Errors
    /// [`AuthError::Settings`] with the reason, if not.
    fn check_key(&self, _kid: &Kid, _algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        Ok(())
    }
}

/// A mode whose token can be introspected by its text.
#[async_trait]
pub trait BearerToken: Send + Sync {
    /// Introspects a token. `None`: the token is not of this mode.
    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspected>, AuthError>;
}
