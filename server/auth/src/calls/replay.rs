//! A replay for demonstration: the credential that the caller's own one has replaced is presented once more, with all
//! consequences.

use http::request::Parts;

use crate::{
    Auth,
    audit::Action,
    error::AuthError,
    mode::replay::{Previous, ReuseOutcome},
};

/// The result of [`Auth::replay_previous`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayedPrevious {
    /// The generation of the credential that was presented.
    pub generation: i64,
    /// The result.
    pub outcome: ReuseOutcome,
}

impl Auth {
    /// Presents the credential that the caller's current one has replaced, for another rotation, as a thief with a copy
    /// would. It goes through [`Auth::rotate`], so it is counted and recorded, and it ends the sign-in where a second
    /// use does.
    ///
    /// The request must present the current credential, so a caller can end no sign-in but its own. A request that
    /// presents a used one is a use of it, with the same effect and the same audit entry as a rotation: this call
    /// tells no more about a credential than its use does. The restored credential and the successor that a retry
    /// returns stay on the server.
    ///
    /// # Errors
    /// [`AuthError::NothingReplaced`] if there was no rotation yet, or if the mode cannot restore a credential; else as
    /// [`Auth::rotate`]. A refusal of the replaced credential is the result, not an error.
    pub async fn replay_previous(&self, mode: &str, req: &Parts) -> Result<ReplayedPrevious, AuthError> {
        let mode = self.find_mode(mode)?;
        let previous = self.with_subject(mode.as_ref(), Action::Rotate, req, async |subject, _| {
            let Some(replayable) = mode.replayable() else { return Ok(None) };
            replayable.previous(req, &subject.owner, self.now()).await
        });
        let Previous { req, generation } = previous.await?.ok_or(AuthError::NothingReplaced)?;
        let again = self.rotate(mode.info().id.0, &req).await;
        // The successor of a retry is dropped: its owner has it already.
        let outcome = self.presented(again.map(|issued| ReuseOutcome::of_rotation(mode.as_ref(), &issued)))?;
        Ok(ReplayedPrevious { generation, outcome })
    }
}
