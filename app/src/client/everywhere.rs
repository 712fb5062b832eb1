// part: comparison
//! The logout from every mode at once.

use leptos::prelude::*;
use serde_json::json;

use crate::{
    error::AppError,
    types::{ModeId, Revocation},
};

use super::{LoggedOut, Scope, SignIn, SignIns, Step, answer::ended, api, tokens::Token};

impl SignIns {
    /// Ends every sign-in of this user in every mode. `mode` is the mode of the caller's own credential. The tokens are
    /// kept: the page that calls this has a card for each mode, which can try the old copy.
    pub(crate) async fn logout_everywhere(self, mode: &ModeId) -> Result<Revocation, AppError> {
        let user = self.user(mode);
        let revocation = self.with_lock(mode, |token| send(mode, token)).await?;
        self.took(Step::LogOut);
        self.forget_logouts();
        for other in self.modes().into_iter().map(|info| info.id) {
            let state = self.state(&other).get_untracked();
            match state {
                SignIn::SignedIn(me) if user.as_ref() == Some(&me.id) => self.ended_everywhere(&other, revocation),
                _ if other == *mode => self.ended_everywhere(&other, revocation),
                // Do not tell the other tabs: their sign-in of this mode may belong to another user.
                SignIn::SignedOut { .. } => self.clear_explanation(&other),
                SignIn::SignedIn(_) | SignIn::Unknown | SignIn::Unanswered { .. } => {}
            }
        }
        Ok(revocation)
    }

    /// The server returns one revocation for all modes. If it is not immediate, it is the latest end of any copy.
    fn ended_everywhere(self, mode: &ModeId, revocation: Revocation) {
        let copy = self.held_token(mode);
        self.ended_on_server(mode);
        self.set_logged_out(mode, Some(LoggedOut::now(Scope::Everywhere, revocation, copy)));
    }
}

async fn send(mode: &ModeId, token: Option<Token>) -> Result<Revocation, AppError> {
    ended(&api::post(&Scope::Everywhere.path(mode), token, Some(json!({ "mode": mode }))).await?)
}
