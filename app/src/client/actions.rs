//! Actions on one sign-in, and the changes that their answers cause in this tab.

use leptos::prelude::*;

use crate::{
    error::{AppError, ErrorCode},
    types::{IssuedBody, Me, ModeId, Revocation},
};

use super::{
    LoggedOut, OldToken, Scope, SignIn, SignIns, TokenStore, api,
    browser::Lock,
    refresh,
    renewal::FIRST_RENEWAL_TIMEOUT,
    storage,
    tabs::{self, Message},
    tokens::{BearerCredential, Token},
};

impl SignIns {
    /// Signs in. It replaces this browser's existing sign-in of the same mode, which the server ends.
    pub(crate) async fn login(self, mode: &ModeId, username: &str, password: &str) -> Result<Me, AppError> {
        {
            let _lock = self.lock(mode).await;
            let issued = self.send_login(mode, username, password).await?;
            self.begin(mode, &issued);
            tabs::send(&Message::Changed { mode: mode.clone(), credential: self.shareable(mode) });
        }
        // `None`: the browser refused the cookie, as WebKit does with `Secure` on plain http.
        let me = self.reload(mode).await?.ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))?;
        self.took_login(); // part: comparison
        Ok(me)
    }

    /// The answer may set a refresh cookie even if the page never reads it, because the user reloads too early.
    /// Therefore the entry for the cookie is written before the call. A refusal sets no cookie, so the earlier entry
    /// returns: otherwise the next page would ask for a renewal.
    async fn send_login(self, mode: &ModeId, username: &str, password: &str) -> Result<IssuedBody, AppError> {
        let before = refresh::known(mode);
        let key = self.renewal_key(mode);
        let answer = api::login(mode, self.sign_in_token(mode), username, password).await;
        if matches!(&answer, Err(error) if error.code != ErrorCode::Unreachable) {
            refresh::undo(mode, key.as_ref(), &before);
        }
        answer
    }

    /// Asks the server who is signed in. A bearer mode without a credential needs no request.
    pub(crate) async fn reload(self, mode: &ModeId) -> Result<Option<Me>, AppError> {
        let version = self.version(mode)?;
        match self.authorised(mode, |token| api::me(mode, token)).await {
            Ok(me) => self.set_user(mode, version, me),
            Err(error) if !api::is_refusal(&error) => return Err(error),
            Err(_) => {}
        }
        let state = self.with_mode(mode, |entry| entry.state)?;
        Ok(state.with_untracked(|state| state.me().cloned()))
    }

    /// Replaces the credential.
    pub(crate) async fn rotate(self, mode: &ModeId) -> Result<Me, AppError> {
        self.token(mode).await.map_err(|error| self.lost(mode, error))?;
        let version = self.version(mode)?;
        {
            let lock = self.lock(mode).await;
            self.rotate_locked(mode, version, &lock).await.map_err(|error| self.lost(mode, error))?;
        }
        self.reload(mode).await?.ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))
    }

    /// Ends the sign-in in this browser, or all sign-ins of this user with this mode.
    pub(crate) async fn logout(self, mode: &ModeId, scope: Scope, old_token: OldToken) -> Result<Revocation, AppError> {
        let revocation = self.with_lock(mode, |token| api::logout(mode, scope, token)).await?;
        let copy = match old_token {
            OldToken::Keep => self.held_token(mode),
            OldToken::Forget => None,
        };
        self.ended_on_server(mode);
        self.set_logged_out(mode, Some(LoggedOut::now(scope, revocation, copy)));
        self.took(super::Step::LogOut); // part: comparison
        Ok(revocation)
    }

    /// The sign-in has ended on the server.
    pub(super) fn ended_on_server(self, mode: &ModeId) {
        if let Ok(version) = self.version(mode) {
            self.end_in_browser(mode, version, None);
            if self.info(mode).is_some_and(|info| info.renews_silently) {
                refresh::forget(mode);
            }
            self.clear_explanation(mode);
            tabs::send(&Message::SignedOut { mode: mode.clone() });
        }
    }

    /// Removes the explanation of a lost sign-in from the page and from the storage.
    pub(super) fn clear_explanation(self, mode: &ModeId) {
        storage::forget_here(mode);
        if let Ok(state) = self.with_mode(mode, |entry| entry.state) {
            state.set(SignIn::SignedOut { reason: None });
        }
    }

    /// Rotates. The caller has waited for the lock.
    pub(crate) async fn rotate_locked(self, mode: &ModeId, version: u64, lock: &Lock) -> Result<(), AppError> {
        let _replacing = self.replacing(mode, lock);
        let token = self.sign_in_token(mode);
        let rotated = if self.info(mode).is_some_and(|info| info.renews_silently) {
            let key = self.renewal_key(mode);
            match api::rotate(mode, token.clone(), key.clone(), FIRST_RENEWAL_TIMEOUT).await {
                // Retry at once and with the same key. After the grace the server treats a second use as a theft.
                Err(error) if error.code == ErrorCode::Unreachable => api::rotate(mode, token, key, api::TIMEOUT).await,
                answered => answered,
            }
        } else {
            api::rotate(mode, token, None, api::TIMEOUT).await
        };
        self.apply_rotation(mode, version, rotated.as_ref());
        rotated.map(drop)
    }

    /// The credential that this tab may share with others: a token that renews, or one that the user stores for all
    /// tabs.
    pub(super) fn shareable(self, mode: &ModeId) -> Option<BearerCredential> {
        let for_all_tabs = self.token_store().get_untracked() == TokenStore::LocalStorage;
        self.credential(mode).filter(|credential| for_all_tabs || credential.lifetime.is_some())
    }

    /// The token that represents the sign-in itself. If there is a refresh cookie, the cookie does, and an expired
    /// access token would only get the call refused.
    fn sign_in_token(self, mode: &ModeId) -> Option<Token> {
        self.credential(mode).filter(|credential| credential.lifetime.is_none()).map(|credential| credential.token)
    }
}
