//! A logout in this tab: which copies of the credential still work, and one copy to try.

use leptos::prelude::*;

use crate::{
    error::AppError,
    types::{ModeId, Revocation},
};

use super::{SignIns, api, clock, tokens::Token};

/// Which sign-ins a logout ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The sign-in in this browser.
    Here,
    /// Every sign-in of this user in this mode.
    EveryDevice,
    // part: comparison, begin
    /// Every sign-in of this user, in all modes.
    Everywhere,
    // part: comparison, end
}

impl Scope {
    /// The path that a form or a script posts to.
    pub(crate) fn path(self, mode: &ModeId) -> String {
        match self {
            Self::Here => format!("/api/{mode}/logout"),
            Self::EveryDevice => format!("/api/{mode}/logout-all"),
            Self::Everywhere => "/api/account/logout-everywhere".to_owned(), // part: comparison
        }
    }
}

/// What a logout does with the bearer token that it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldToken {
    /// Keep a copy: the page has a card that can try it.
    Keep,
    Forget,
}

/// A logout by the user. Known until the next login with the same mode.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoggedOut {
    pub(crate) at: i64,
    pub(crate) scope: Scope,
    pub(crate) revocation: Revocation,
    /// The bearer token that ended. In memory only, and only until the user leaves the page.
    copy: Option<Token>,
}

impl LoggedOut {
    /// A logout at this moment.
    pub(super) fn now(scope: Scope, revocation: Revocation, copy: Option<Token>) -> Self {
        Self { at: clock::now(), scope, revocation, copy }
    }

    /// Whether the page has a copy of the credential that it can try.
    pub(crate) fn has_copy(&self) -> bool {
        self.copy.is_some()
    }
}

impl SignIns {
    /// The last logout of that mode in this tab, if no login followed.
    pub(crate) fn logged_out(self, mode: &ModeId) -> Signal<Option<LoggedOut>> {
        self.with_mode(mode, |entry| entry.logged_out.into()).unwrap_or_else(|_| Signal::stored(None))
    }

    pub(super) fn set_logged_out(self, mode: &ModeId, logged_out: Option<LoggedOut>) {
        if let Ok(signal) = self.with_mode(mode, |entry| entry.logged_out)
            && signal.with_untracked(|known| *known != logged_out)
        {
            signal.set(logged_out);
        }
    }

    /// Forgets the logouts of all modes: a call has ended further copies, so their dates are out of date.
    pub(super) fn forget_logouts(self) {
        for info in self.modes() {
            self.set_logged_out(&info.id, None);
        }
    }

    /// Asks the server with the copy of the ended token: whether it is still accepted. Changes no state of the tab.
    pub(crate) async fn try_old_copy(self, mode: &ModeId) -> Result<bool, AppError> {
        let copy = self.logged_out(mode).with_untracked(|known| known.as_ref().and_then(|known| known.copy.clone()));
        match api::me(mode, copy).await {
            Ok(_) => Ok(true),
            Err(error) if api::is_refusal(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The user has left the page that could try the copy.
    pub(crate) fn forget_old_copy(self, mode: &ModeId) {
        let known = self.logged_out(mode).get_untracked();
        self.set_logged_out(mode, known.map(|known| LoggedOut { copy: None, ..known }));
    }
}
