//! Where a token is kept that the browser cannot renew, and the mark that explains its loss after a reload.

use crate::{
    bearer::Token,
    browser::{self, Area},
    types::ModeId,
};

/// Where a token lives that cannot be renewed without the user. Each place trades theft against convenience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TokenStore {
    /// Gone with the page: nothing lies about to be stolen.
    #[default]
    Memory,
    /// Survives a reload in this tab. An injected script can read it and send it elsewhere.
    SessionStorage,
    /// Survives the browser, and all tabs share it. So can the same script, at any time later.
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

/// Puts the token there, and takes it away from everywhere else.
pub(crate) fn keep(place: TokenStore, mode: &ModeId, token: &Token) {
    forget_here(mode);
    browser::remove(Area::Local, &token_key(mode));
    match place.area() {
        Some(area) => browser::store(area, &token_key(mode), token.reveal()),
        None => browser::store(Area::Session, &in_memory_key(mode), "1"),
    }
}

/// What an earlier page left, and where.
pub(crate) fn find(mode: &ModeId) -> Option<(TokenStore, Token)> {
    [TokenStore::SessionStorage, TokenStore::LocalStorage].into_iter().find_map(|place| {
        let token = browser::stored(place.area()?, &token_key(mode))?;
        Some((place, Token::new(token)))
    })
}

/// What all tabs share.
pub(crate) fn find_shared(mode: &ModeId) -> Option<Token> {
    browser::stored(Area::Local, &token_key(mode)).map(Token::new)
}

/// Of this tab alone. What all tabs share is taken away by the tab where the user logs out: a tab that hears of it later
/// could take away the next sign-in instead.
pub(crate) fn forget_here(mode: &ModeId) {
    browser::remove(Area::Session, &token_key(mode));
    browser::remove(Area::Session, &in_memory_key(mode));
}

/// Everywhere. A later token that another tab has put into the shared place stays.
pub(crate) fn forget(mode: &ModeId, token: &Token) {
    forget_here(mode);
    if find_shared(mode).as_ref() == Some(token) {
        browser::remove(Area::Local, &token_key(mode));
    }
}

/// A page in this tab held a token in memory, and that page is gone.
pub(crate) fn was_in_memory(mode: &ModeId) -> bool {
    browser::stored(Area::Session, &in_memory_key(mode)).is_some()
}

fn token_key(mode: &ModeId) -> String {
    format!("latchkey.{mode}.token")
}

fn in_memory_key(mode: &ModeId) -> String {
    format!("latchkey.{mode}.in-memory")
}
