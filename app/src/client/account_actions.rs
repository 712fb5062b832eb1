//! Actions on the user's account as a whole, and an administrator's actions on other accounts. `mode` is the mode of
//! the caller's own credential.

use leptos::prelude::*;

use crate::{
    error::AppError,
    types::{AuditEntry, CredentialEntry, IssuedBody, ModeId, Revocation, UserEntry},
};

use super::{
    SignIns,
    api::{self, UserChange},
    tabs::{self, Message},
};

impl SignIns {
    /// The user's sign-ins in every mode that remembers them, from `after` on.
    pub(crate) async fn credentials(
        self,
        mode: &ModeId,
        after: Option<&str>,
    ) -> Result<Vec<CredentialEntry>, AppError> {
        self.authorised(mode, |token| api::credentials(mode, token, after)).await
    }

    /// Ends one sign-in of that list.
    pub(crate) async fn end_credential(
        self,
        mode: &ModeId,
        entry: &CredentialEntry,
        password: &str,
    ) -> Result<(), AppError> {
        self.act(mode, |token| api::end_credential(mode, token, &entry.id, password)).await?;
        // It may be this browser's sign-in in another mode. If this reload fails, a later one corrects the page.
        if entry.mode != *mode && self.user(&entry.mode).is_some() {
            _ = self.reload(&entry.mode).await;
        }
        Ok(())
    }

    /// Ends every other sign-in of the user, on every device and in every mode, and replaces the credential of this
    /// one.
    pub(crate) async fn end_others(self, mode: &ModeId, password: &str) -> Result<Revocation, AppError> {
        let revocation = self
            .with_lock(mode, |token| async move {
                let carried = api::end_others(mode, token, self.renewal_key(mode), password).await?;
                self.begin_after_ending_others(mode, &carried.issued);
                Ok(carried.revocation)
            })
            .await?;
        _ = self.reload(mode).await;
        revocation
    }

    /// Changes the password, and ends every other sign-in of the user.
    pub(crate) async fn change_password(self, mode: &ModeId, current: &str, new: &str) -> Result<Revocation, AppError> {
        let revocation = self
            .with_lock(mode, |token| async move {
                let carried = api::change_password(mode, token, self.renewal_key(mode), current, new).await?;
                self.begin_after_ending_others(mode, &carried.issued);
                Ok(carried.revocation)
            })
            .await?;
        _ = self.reload(mode).await;
        revocation
    }

    /// The audit log of the user's account, from `before` on.
    pub(crate) async fn activity(self, mode: &ModeId, before: Option<&str>) -> Result<Vec<AuditEntry>, AppError> {
        self.authorised(mode, |token| api::activity(mode, token, before)).await
    }

    /// All accounts from `after` on, for an administrator.
    pub(crate) async fn users(self, mode: &ModeId, after: Option<&str>) -> Result<Vec<UserEntry>, AppError> {
        self.authorised(mode, |token| api::users(mode, token, after)).await
    }

    /// The audit log of all accounts, from `before` on, for an administrator.
    pub(crate) async fn all_activity(self, mode: &ModeId, before: Option<&str>) -> Result<Vec<AuditEntry>, AppError> {
        self.authorised(mode, |token| api::all_activity(mode, token, before)).await
    }

    /// Disables or enables an account, or ends its sign-ins, for an administrator.
    pub(crate) async fn change_user(
        self,
        mode: &ModeId,
        user: &str,
        change: UserChange,
    ) -> Result<Revocation, AppError> {
        self.act(mode, |token| api::change_user(mode, token, user, change)).await
    }

    /// The id of the user who is signed in with that mode, if known.
    pub(crate) fn user(self, mode: &ModeId) -> Option<String> {
        self.state(mode).with_untracked(|state| state.me().map(|me| me.id.clone()))
    }

    /// Applies the answer of a call that ended every other sign-in of the user and replaced the credential of this one.
    fn begin_after_ending_others(self, mode: &ModeId, issued: &IssuedBody) {
        let user = self.user(mode);
        self.forget_logouts();
        self.begin(mode, issued);
        tabs::send(&Message::Changed { mode: mode.clone(), credential: self.shareable(mode) });
        let others = self.modes().into_iter().map(|info| info.id).filter(|other| other != mode);
        for other in others.filter(|other| user.is_some() && self.user(other) == user) {
            self.ended_on_server(&other);
        }
    }
}
