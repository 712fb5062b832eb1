// part: comparison
//! The demonstrations of the rotation page: what a replaced credential still does. Only the server can restore it: no
//! script ever had a refresh token or a cookie.

use crate::{
    error::AppError,
    refusal,
    types::{ModeId, RotationReplay, RotationTrial, Verdict},
};

use super::{SignIns, Step, answer::read, api, refresh::IdempotencyKey, tokens::Token};

/// A real second use of the replaced credential, and its effect on this browser's own.
pub(crate) struct Replayed {
    pub(crate) replay: RotationReplay,
    /// `None`: the server did not answer.
    pub(crate) afterwards: Option<Afterwards>,
}

/// The answer to this browser's credential when it opened `/me` after the replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Afterwards {
    Accepted { until: i64 },
    Refused,
}

impl SignIns {
    /// Replaces the credential, and lets the server try the old one.
    pub(crate) async fn rotate_trial(self, mode: &ModeId) -> Result<RotationTrial, AppError> {
        self.token(mode).await.map_err(|error| self.lost(mode, error))?;
        let version = self.version(mode)?;
        let trial = {
            let lock = self.lock(mode).await;
            let _replacing = self.replacing(mode, &lock);
            // Send the token that opens `/me`, even if a refresh cookie is what rotates: the server tries both.
            let token = self.credential(mode).map(|credential| credential.token);
            let trial = send_trial(mode, token, self.renewal_key(mode)).await;
            self.apply_rotation(mode, version, trial.as_ref().map(|trial| &trial.issued));
            trial.map_err(|error| self.lost(mode, error))?
        };
        self.took(Step::Rotation);
        // The trial has succeeded. If this reload fails, a later one corrects the page.
        _ = self.reload(mode).await;
        Ok(trial)
    }

    /// Lets the server use the credential that this browser's has replaced. The other tabs are not told: they learn of
    /// the end as any victim does, by the refusal of their next call.
    pub(crate) async fn replay_previous(self, mode: &ModeId) -> Result<Replayed, AppError> {
        self.token(mode).await.map_err(|error| self.lost(mode, error))?;
        let version = self.version(mode)?;
        let _lock = self.lock(mode).await;
        let token = self.credential(mode).map(|credential| credential.token);
        let replay = match send_replay(mode, token.clone()).await {
            Err(error) if api::is_refusal(&error) => {
                self.end_in_browser(mode, version, refusal::explain(&error));
                return Err(self.lost(mode, error));
            }
            answer => answer?,
        };
        let afterwards = match api::me(mode, token).await {
            Ok(me) => Some(Afterwards::Accepted { until: me.auth.expires_at }),
            Err(error) if api::is_refusal(&error) => Some(Afterwards::Refused),
            Err(_) => None,
        };
        if let Verdict::Refused { reason, ends_sign_in: true } = &replay.outcome {
            // The victim's sentence, whatever this use was refused with.
            let reason = if reason == "replaced" { "credential_reused" } else { reason };
            self.end_in_browser(mode, version, Some(refusal::in_words(reason)));
        }
        Ok(Replayed { replay, afterwards })
    }
}

async fn send_trial(
    mode: &ModeId,
    token: Option<Token>,
    key: Option<IdempotencyKey>,
) -> Result<RotationTrial, AppError> {
    read(&api::post_with_key(&format!("/api/{mode}/rotate/trial"), token, key, None).await?)
}

async fn send_replay(mode: &ModeId, token: Option<Token>) -> Result<RotationReplay, AppError> {
    read(&api::post(&format!("/api/{mode}/rotate/replay"), token, None).await?)
}
