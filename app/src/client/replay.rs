//! The demonstration of a replay. Only the server can restore the replaced credential: no script ever had a refresh
//! token or a cookie.

use crate::{
    error::AppError,
    refusal,
    types::{ModeId, RotationReplay, Verdict},
};

use super::{SignIns, api};

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
    /// Lets the server use the credential that this browser's has replaced. The other tabs are not told: they learn of
    /// the end as any victim does, by the refusal of their next call.
    pub(crate) async fn replay_previous(self, mode: &ModeId) -> Result<Replayed, AppError> {
        self.token(mode).await.map_err(|error| self.lost(mode, error))?;
        let epoch = self.epoch(mode)?;
        let _lock = self.lock(mode).await;
        let token = self.credential(mode).map(|credential| credential.token);
        let replay = match api::replay_previous(mode, token.clone()).await {
            Err(error) if api::is_refusal(&error) => {
                self.end_in_browser(mode, epoch, refusal::explain(&error));
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
            self.end_in_browser(mode, epoch, Some(refusal::in_words(reason)));
        }
        Ok(Replayed { replay, afterwards })
    }
}
