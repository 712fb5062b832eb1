//! How a sign-in begins, continues and ends in this tab. Each transition takes the epoch in which its cause began, and
//! does nothing in a later epoch.

use leptos::prelude::*;

use super::{Door, SignIn, SignIns, last_mode};
use crate::{
    api,
    bearer::{
        Credential, Token, Trial, refresh, store,
        tabs::{self, Message},
    },
    clock,
    error::{AppError, ErrorCode},
    types::{IssuedBody, Me, ModeId},
};

impl Door {
    /// Begins a new epoch without a credential.
    pub(super) fn clear(&mut self) {
        self.epoch += 1;
        self.changes += 1;
        self.held.credential = None;
        self.held.asked = None;
        self.held.trial = Trial::Untried;
    }
}

impl SignIns {
    /// The user logged in here, or ended all other sign-ins.
    pub(super) fn enter(self, mode: &ModeId, issued: &IssuedBody) {
        _ = self.door(mode, Door::clear);
        self.keep(mode, issued);
        self.replace_renewal_key(mode);
        last_mode::remember(mode);
    }

    /// Applies the answer to a rotation, and shares it with the other tabs.
    pub(super) fn take(self, mode: &ModeId, epoch: u64, rotated: Result<&IssuedBody, &AppError>) {
        match rotated {
            Ok(issued) if self.epoch(mode) == Ok(epoch) => {
                self.keep(mode, issued);
                let told = mode.clone();
                tabs::tell(&match self.shareable(mode) {
                    Some(credential) if credential.term.is_some() => Message::Fresh { mode: told, credential },
                    credential => Message::Changed { mode: told, credential },
                });
                // After the message: a tab that reads the next key must already have the answer to this one.
                self.replace_renewal_key(mode);
            }
            Err(error) if api::is_refusal(error) => self.lose(mode, epoch, why_ended(error)),
            _ => {}
        }
    }

    fn keep(self, mode: &ModeId, issued: &IssuedBody) {
        _ = self.door(mode, |door| door.changes += 1);
        let Some(renews) = self.info(mode).map(|info| info.renews_silently) else { return };
        let Some(credential) = Credential::from_issued(issued, renews, clock::now()) else { return };
        if !renews {
            store::keep(self.token_store.get_untracked(), mode, &credential.token);
        }
        _ = self.door(mode, |door| door.held.credential = Some(credential));
    }

    /// Stores the user that the server recognised.
    pub(super) fn settle(self, mode: &ModeId, epoch: u64, me: Me) {
        if let Ok(Some(state)) = self.door(mode, |door| (door.epoch == epoch).then_some(door.state)) {
            // The last tick may be almost a second old. Update it, or the remaining time could exceed the lifetime.
            self.now.set(clock::now());
            state.set(SignIn::SignedIn(me));
        }
    }

    /// The sign-in is over in this browser.
    pub(crate) fn lose(self, mode: &ModeId, epoch: u64, why: Option<String>) {
        let left = self.leave(mode, epoch, why);
        if left.is_ok() {
            let key = self.door(mode, |door| {
                door.held.trial = Trial::Refused;
                door.info.renews_silently.then(|| door.held.key.take())
            });
            if let Ok(Some(key)) = key {
                refresh::refused(mode, key.as_ref());
            }
        }
        if let Ok(Some(token)) = left {
            store::forget(mode, &token);
        }
    }

    /// The sign-in is over in this tab. Returns its token; `Err` if the epoch is past.
    pub(super) fn leave(self, mode: &ModeId, epoch: u64, why: Option<String>) -> Result<Option<Token>, AppError> {
        let (state, held) = self
            .door(mode, |door| {
                (door.epoch == epoch).then(|| {
                    let held = door.held.credential.take().map(|credential| credential.token);
                    door.clear();
                    (door.state, held)
                })
            })?
            .ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))?;
        // If the tab is signed out already, keep the explanation on the page.
        if why.is_some() || !state.with_untracked(|state| matches!(state, SignIn::SignedOut { .. })) {
            state.set(SignIn::SignedOut { why });
        }
        Ok(held)
    }
}

/// The explanation for a user whose sign-in is over. `None` if the call had no credential: then there was no sign-in.
pub(super) fn why_ended(refusal: &AppError) -> Option<String> {
    if refusal.code != ErrorCode::TokenNotValid {
        return None;
    }
    Some(match refusal.reason.as_deref() {
        Some("expired") => "The sign-in has expired.".to_owned(),
        Some("revoked") => "The sign-in was ended, here or on another device.".to_owned(),
        Some("replaced") => "A newer credential has replaced this one.".to_owned(),
        Some("unknown") => "The server no longer knows this sign-in.".to_owned(),
        Some("user_inactive") => "The account is disabled.".to_owned(),
        Some("refresh_token_reused") => {
            "A refresh token was used a second time. It may have been stolen, so the server ended the sign-in."
                .to_owned()
        }
        Some(other) => format!("The server refused the credential ({other})."),
        None => "The server refused the credential.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_without_a_credential_gets_no_explanation() {
        assert_eq!(why_ended(&AppError::new(ErrorCode::NotAuthenticated)), None);
    }

    #[test]
    fn a_refused_credential_is_explained_even_for_an_unknown_reason() {
        let refused = |reason: &str| why_ended(&AppError::new(ErrorCode::TokenNotValid).because(reason));
        assert_eq!(refused("expired").as_deref(), Some("The sign-in has expired."));
        assert_eq!(refused("replaced").as_deref(), Some("A newer credential has replaced this one."));
        assert_eq!(refused("moon_phase").as_deref(), Some("The server refused the credential (moon_phase)."));
    }
}
