//! The demonstration of a replay: the credential that the caller's own one has replaced, presented once more.
//!
//! A fork that needs no demonstration deletes this file, `calls/replay.rs` and the implementations of [`Replayable`].

use async_trait::async_trait;
use http::request::Parts;

use super::{
    AuthMode,
    issued::{Issued, IssuedBy},
    principal::Lifetime,
    shown::Owner,
};
use crate::{
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
};

/// A mode that can restore the credential which a rotation has replaced.
#[async_trait]
pub trait Replayable: Send + Sync {
    /// How long the same client may repeat a rotation and gets the same successor. `None`: there is no retry.
    fn grace(&self) -> Option<Seconds> {
        None
    }

    /// The request with the credential that the one of `owner` has replaced. `None`: it has replaced none.
    async fn previous(&self, req: &Parts, owner: &Owner, now: Timestamp) -> Result<Option<Previous>, AuthError>;
}

/// A request with a replaced credential. It exists in memory only.
pub struct Previous {
    /// The request.
    pub req: Parts,
    /// The generation of the replaced credential.
    pub generation: i64,
}

/// What became of a replaced credential that was presented again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReuseOutcome {
    /// It still works, with these dates.
    Accepted(Lifetime),
    /// It got the same successor again, as a retry.
    Retry {
        /// How long after the rotation the same client may repeat it.
        grace: Seconds,
    },
    /// It does not work.
    Refused {
        /// The reason.
        refusal: Refusal,
        /// Whether this use ends the sign-in. In a trial: whether a use outside of the trial would.
        ends_sign_in: bool,
    },
}

impl ReuseOutcome {
    /// The result of a rotation by a replaced credential.
    pub(crate) fn of_rotation(mode: &dyn AuthMode, issued: &Issued) -> Self {
        match mode.replayable().and_then(Replayable::grace) {
            Some(grace) if issued.by == IssuedBy::Retry => Self::Retry { grace },
            _ => Self::Accepted(issued.lifetime),
        }
    }
}
