//! A replay for demonstration: the credential that the caller's own one has replaced is presented once more, with all
//! consequences.

use http::request::Parts;

use crate::{
    Auth,
    error::AuthError,
    mode::{
        replay::{Presented, Previous},
        shown::Purpose,
    },
};

/// The result of [`Auth::replay_previous`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayedPrevious {
    /// The generation of the credential that was presented.
    pub generation: i64,
    /// The result.
    pub outcome: Presented,
}

impl Auth {
    /// Presents the credential that the caller's current one has replaced, for another rotation, as a thief with a copy
    /// would. It goes through [`Auth::rotate`], so it is counted and recorded, and it ends the sign-in where a second
    /// use does.
    ///
    /// The request must present the current credential, so a caller can end no sign-in but its own. If the request
    /// itself presents a used one, that one is used: this call tells no more about a credential than its use does. The
    /// restored credential and the successor that a retry returns stay on the server.
    ///
    /// # Errors
    /// [`AuthError::NothingReplaced`] if there was no rotation yet, or if the mode cannot restore a credential; else as
    /// [`Auth::rotate`]. A refusal of the replaced credential is the result, not an error.
    pub async fn replay_previous(&self, mode: &str, req: &Parts) -> Result<ReplayedPrevious, AuthError> {
        let mode = self.find_mode(mode)?;
        let now = self.now();
        let shown = mode.shown(req, Purpose::RenewOrEnd, now).await?;
        let owner = shown.owner().cloned();
        let previous = async {
            let subject = self.subject(mode.as_ref(), shown, req).await?;
            let replayable = mode.replayable().ok_or(AuthError::NothingReplaced)?;
            replayable.previous(req, &subject.owner, now).await?.ok_or(AuthError::NothingReplaced)
        }
        .await;
        self.end_if_replaced(mode.as_ref(), owner.as_ref(), previous.as_ref().err(), req).await?;
        let Previous { req, generation } = previous?;
        let again = self.rotate(mode.info().id.0, &req).await;
        // The successor of a retry is dropped: its owner has it already.
        let outcome = self.presented(again.map(|issued| Presented::of_rotation(mode.as_ref(), &issued)))?;
        Ok(ReplayedPrevious { generation, outcome })
    }
}
