//! How a sign-in begins, continues and ends in this tab. Each transition takes the version in which its cause began,
//! and does nothing in a later version.

use leptos::prelude::*;

use crate::{
    error::{AppError, ErrorCode},
    refusal,
    types::{IssuedBody, Me, ModeId},
};

use super::{
    SignIn, SignIns, api, clock, refresh,
    state::ModeEntry,
    storage,
    tabs::{self, Message},
    tokens::{BearerCredential, RenewalAttempt, Token},
};

impl ModeEntry {
    /// Begins a new version without a credential.
    pub(super) fn clear(&mut self) {
        self.version += 1;
        self.changes += 1;
        self.bearer.credential = None;
        self.bearer.asked = None;
        self.bearer.attempt = RenewalAttempt::Untried;
    }
}

impl SignIns {
    /// The user logged in here, or ended all other sign-ins.
    pub(super) fn begin(self, mode: &ModeId, issued: &IssuedBody) {
        _ = self.with_mode(mode, ModeEntry::clear);
        self.store_credential(mode, issued);
        self.replace_renewal_key(mode);
        storage::remember_mode(mode);
    }

    /// Applies the answer to a rotation, and shares it with the other tabs.
    pub(super) fn apply_rotation(self, mode: &ModeId, version: u64, rotated: Result<&IssuedBody, &AppError>) {
        match rotated {
            Ok(issued) if self.version(mode) == Ok(version) => {
                self.store_credential(mode, issued);
                let told = mode.clone();
                tabs::send(&match self.shareable(mode) {
                    Some(credential) if credential.lifetime.is_some() => Message::Offer { mode: told, credential },
                    credential => Message::Changed { mode: told, credential },
                });
                // After the message: a tab that reads the next key must already have the answer to this one.
                self.replace_renewal_key(mode);
            }
            Err(error) if api::is_refusal(error) => self.end_in_browser(mode, version, refusal::explain(error)),
            _ => {}
        }
    }

    fn store_credential(self, mode: &ModeId, issued: &IssuedBody) {
        _ = self.with_mode(mode, |entry| entry.changes += 1);
        self.forget_cookie_bytes(mode);
        let Some(renews) = self.info(mode).map(|info| info.renews_silently) else { return };
        let Some(credential) = BearerCredential::from_issued(issued, renews, clock::now()) else { return };
        if !renews {
            storage::keep(self.token_store.get_untracked(), mode, &credential.token);
        }
        _ = self.with_mode(mode, |entry| entry.bearer.credential = Some(credential));
    }

    /// Stores the user that the server recognised.
    pub(super) fn set_user(self, mode: &ModeId, version: u64, me: Me) {
        if let Ok(Some(state)) = self.with_mode(mode, |entry| (entry.version == version).then_some(entry.state)) {
            // The last tick may be almost a second old. Update it, or the remaining time could exceed the lifetime.
            self.now.set(clock::now());
            state.set(SignIn::SignedIn(me));
            self.set_logged_out(mode, None);
        }
    }

    /// The sign-in is over in this browser.
    pub(crate) fn end_in_browser(self, mode: &ModeId, version: u64, reason: Option<String>) {
        let left = self.end_in_tab(mode, version, reason);
        if left.is_ok() {
            let key = self.with_mode(mode, |entry| {
                entry.bearer.attempt = RenewalAttempt::Refused;
                entry.info.renews_silently.then(|| entry.bearer.key.take())
            });
            if let Ok(Some(key)) = key {
                refresh::refused(mode, key.as_ref());
            }
        }
        if let Ok(Some(token)) = left {
            storage::forget(mode, &token);
        }
    }

    /// The sign-in is over in this tab. Returns its token; `Err` if the version is past.
    pub(super) fn end_in_tab(
        self,
        mode: &ModeId,
        version: u64,
        reason: Option<String>,
    ) -> Result<Option<Token>, AppError> {
        let (state, token) = self
            .with_mode(mode, |entry| {
                (entry.version == version).then(|| {
                    let token = entry.bearer.credential.take().map(|credential| credential.token);
                    entry.clear();
                    (entry.state, token)
                })
            })?
            .ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))?;
        // If the tab is signed out already, keep the explanation on the page.
        if reason.is_some() || !state.with_untracked(|state| matches!(state, SignIn::SignedOut { .. })) {
            state.set(SignIn::SignedOut { reason });
        }
        Ok(token)
    }
}
