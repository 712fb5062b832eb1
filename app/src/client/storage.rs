//! What the browser stores: tokens that it cannot renew, a marker that explains their loss after a reload, and the mode
//! used last.

use leptos::prelude::*;

use crate::types::ModeId;

use super::{
    SignIn, SignIns,
    browser::{self, Area},
    tokens::Token,
};

/// Where to store a token that cannot be renewed without the user. Each place trades theft against convenience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TokenStore {
    /// Lost on reload. Nothing is stored that an injected script could find later.
    #[default]
    Memory,
    /// Survives a reload in this tab. An injected script can read it and send it away.
    SessionStorage,
    /// Survives a restart of the browser, and all tabs share it. An injected script can read it at any later time.
    LocalStorage,
}

impl TokenStore {
    fn area(self) -> Option<Area> {
        match self {
            Self::Memory => None,
            Self::SessionStorage => Some(Area::Session),
            Self::LocalStorage => Some(Area::Local),
        }
    }
}

/// Stores the token in this place and removes it from all others.
pub(crate) fn keep(place: TokenStore, mode: &ModeId, token: &Token) {
    forget_here(mode);
    browser::remove(Area::Local, &token_key(mode));
    match place.area() {
        Some(area) => browser::store(area, &token_key(mode), token.reveal()),
        None => browser::store(Area::Session, &in_memory_key(mode), "1"),
    }
}

/// The token that an earlier page stored, and its place.
pub(crate) fn find(mode: &ModeId) -> Option<(TokenStore, Token)> {
    [TokenStore::SessionStorage, TokenStore::LocalStorage].into_iter().find_map(|place| {
        let token = browser::stored(place.area()?, &token_key(mode))?;
        Some((place, Token::new(token)))
    })
}

/// The token that all tabs share.
pub(crate) fn find_shared(mode: &ModeId) -> Option<Token> {
    browser::stored(Area::Local, &token_key(mode)).map(Token::new)
}

/// Removes what this tab alone stored. The shared token is removed by the tab where the user logs out: a tab that
/// receives the message later could remove the token of the next sign-in.
pub(crate) fn forget_here(mode: &ModeId) {
    browser::remove(Area::Session, &token_key(mode));
    browser::remove(Area::Session, &in_memory_key(mode));
}

/// Removes the token from every place. A newer token that another tab stored in the shared place stays.
pub(crate) fn forget(mode: &ModeId, token: &Token) {
    forget_here(mode);
    if find_shared(mode).as_ref() == Some(token) {
        browser::remove(Area::Local, &token_key(mode));
    }
}

/// Whether an earlier page of this tab had a token in memory.
pub(crate) fn was_in_memory(mode: &ModeId) -> bool {
    browser::stored(Area::Session, &in_memory_key(mode)).is_some()
}

fn token_key(mode: &ModeId) -> String {
    format!("latchkey.{mode}.token")
}

fn in_memory_key(mode: &ModeId) -> String {
    format!("latchkey.{mode}.in-memory")
}

/// The mode used last. A link to `/me` inside the app leads to it. (For a page request the server uses a cookie that it
/// sets at login and that scripts cannot read.)
const LAST_MODE: &str = "latchkey.last-mode";

impl SignIns {
    /// The mode of the last login in this browser, if it still exists. If that sign-in has ended, or none was recorded
    /// because a form was sent before a script ran, another mode with a live sign-in.
    pub(crate) fn last_mode(self) -> Option<ModeId> {
        let last = browser::stored(Area::Local, LAST_MODE).map(ModeId).filter(|mode| self.info(mode).is_some());
        let has_ended = |mode| self.state(mode).with_untracked(|state| matches!(state, SignIn::SignedOut { .. }));
        if last.as_ref().is_some_and(|mode| !has_ended(mode)) {
            return last;
        }
        let live = self.modes().into_iter().map(|info| info.id).find(|mode| self.user(mode).is_some());
        live.or(last)
    }
}

/// Records a login.
pub(super) fn remember_mode(mode: &ModeId) {
    browser::store(Area::Local, LAST_MODE, &mode.0);
}
