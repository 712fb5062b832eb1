//! Sending a call: with the credential, under the lock if it changes the credential, and once more after a renewal.

use crate::{
    error::{AppError, ErrorCode},
    refusal,
    types::ModeId,
};

use super::{SignIns, api, browser, renewal::TAB_ANSWER_TIMEOUT, tokens::Token};

impl SignIns {
    /// For a call that changes the credential: one such call at a time in all tabs.
    pub(super) async fn with_lock<T, F>(self, mode: &ModeId, send: impl Fn(Option<Token>) -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        // Take the lock for each attempt and not around both: the renewal between them needs it, too.
        let send = &send;
        self.act(mode, |token| async move {
            let lock = self.lock(mode).await;
            let _replacing = self.replacing(mode, &lock);
            // Read the credential again: the previous holder of the lock may have replaced it, and a call with a
            // replaced credential would be refused.
            send(self.credential(mode).map(|credential| credential.token).or(token)).await
        })
        .await
    }

    /// For an action of the user: a change, and not only a reading.
    pub(super) async fn act<T, F>(self, mode: &ModeId, send: impl Fn(Option<Token>) -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        self.authorised(mode, send).await.map_err(|error| self.lost(mode, error))
    }

    /// The error of an action. If its sign-in is over, the same act may have ended those of the other modes, as a
    /// logout everywhere does: ask the server about them.
    pub(super) fn lost(self, mode: &ModeId, error: AppError) -> AppError {
        let error = lost(mode, error);
        if error.code == ErrorCode::SignedOut {
            for other in self.modes().into_iter().map(|info| info.id).filter(|other| other != mode) {
                if self.user(&other).is_some() {
                    self.reload_quietly(other);
                }
            }
        }
        error
    }

    /// Sends with the credential. If the server refuses it, and it can be renewed or was replaced during the call,
    /// sends once more. If the server refuses it again, the sign-in is over.
    pub(super) async fn authorised<T, F>(self, mode: &ModeId, send: impl Fn(Option<Token>) -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        let version = self.version(mode)?;
        let outcome = self.attempt(mode, send).await;
        if let Err(error) = &outcome
            && api::is_refusal(error)
        {
            self.end_in_browser(mode, version, refusal::explain(error));
        }
        outcome
    }

    async fn attempt<T, F>(self, mode: &ModeId, send: impl Fn(Option<Token>) -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, AppError>>,
    {
        let token = self.token(mode).await?;
        let (renews, changes) = self.with_mode(mode, |entry| (entry.info.renews_silently, entry.changes))?;
        let refused = match send(token.clone()).await {
            Err(error) if api::is_refusal(&error) => error,
            outcome => return outcome,
        };
        if renews {
            send(Some(self.renewed(mode, token.as_ref()).await?)).await
        } else if self.was_replaced(mode, changes).await {
            send(self.token(mode).await?).await
        } else {
            Err(refused)
        }
    }

    /// Whether the credential was replaced since it had the number `changes`, or is being replaced by a rotation in
    /// progress.
    async fn was_replaced(self, mode: &ModeId, changes: u64) -> bool {
        let is_other = || self.with_mode(mode, |entry| entry.changes != changes) == Ok(true);
        if is_other() {
            return true;
        }
        _ = self.lock(mode).await;
        // Another tab announces its rotation by a message, which may arrive a little after the lock is free.
        if !is_other() {
            browser::pause(TAB_ANSWER_TIMEOUT).await;
        }
        is_other()
    }
}

/// The error of an action. If the server refused the credential, the action did not happen, and the page shows another
/// form afterwards or none: the error says that, and its reason is the mode of the lost sign-in.
fn lost(mode: &ModeId, error: AppError) -> AppError {
    if api::is_refusal(&error) { AppError::new(ErrorCode::SignedOut).because(&mode.0) } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refused_credential_makes_an_action_a_lost_one() {
        let mode = ModeId("m".to_owned());
        let refused = lost(&mode, AppError::new(ErrorCode::TokenNotValid).because("revoked"));
        assert_eq!((refused.code, refused.reason.as_deref()), (ErrorCode::SignedOut, Some("m")));
        let conflict = AppError::new(ErrorCode::Conflict);
        assert_eq!(lost(&mode, conflict.clone()), conflict);
    }
}
