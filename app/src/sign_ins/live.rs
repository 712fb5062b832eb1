//! Background work in a hydrated page: restoring tokens, renewal, messages from other tabs.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{Door, SignIn, SignIns};
use crate::{
    api,
    bearer::{
        Credential,
        store::{self, TokenStore},
        tabs::{self, Message, Reaction},
    },
    browser, clock,
    types::{ModeId, ModeInfo, Transport},
};

const EMPTIED: &str = "The token was stored in this page's memory only, and the reload cleared it. The server still accepts it \
    until it expires or is ended: find it in the list on your account page.";

impl SignIns {
    /// Effects do not run on the server, and in the browser only after hydration: until then the state must not change.
    pub(super) fn come_alive(self) {
        Effect::new(move || self.start());
        Effect::watch(move || self.token_store.get(), move |place, _, _| self.move_tokens(*place), false);
    }

    fn start(self) {
        clock::observe(self.now.get_untracked());
        tabs::listen(move |message| self.hear(message));
        browser::on_return(move || {
            for mode in self.pick(|door| Some(door.info.id.clone())) {
                self.reread(&mode, None);
            }
        });
        if let Ok(interval) = set_interval_with_handle(move || self.tick(), Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
        for info in self.modes().into_iter().filter(|info| info.transport == Transport::Bearer) {
            spawn_local(self.restore(info));
        }
    }

    /// Restores a bearer sign-in from before the page was loaded.
    async fn restore(self, info: ModeInfo) {
        let mode = &info.id;
        let mut found = None;
        if !info.renews_silently {
            if let Some((place, token)) = store::find(mode) {
                self.token_store.set(place);
                _ = self.door(mode, |door| door.held.credential = Some(Credential { token, term: None }));
            } else if store::was_in_memory(mode) {
                found = Some(SignIn::SignedOut { why: Some(EMPTIED.to_owned()) });
            }
        }
        if let Err(error) = self.reload(mode).await {
            found = Some(SignIn::Unanswered { why: error.detail });
        }
        // Unless the user has logged in meanwhile.
        if let Ok(state) = self.door(mode, |door| door.state)
            && let Some(found) = found
            && state.with_untracked(|state| state.me().is_none())
        {
            state.set(found);
        }
    }

    fn tick(self) {
        let now = clock::now();
        if self.now.try_get_untracked().is_some_and(|shown| shown != now) {
            self.now.set(now);
        }
        for mode in self.pick(|door| door.is_due(now).then(|| door.info.id.clone())) {
            self.reload_quietly(mode);
        }
    }

    /// If this fails, the page does not change, and a later tick tries again.
    fn reload_quietly(self, mode: ModeId) {
        spawn_local(async move {
            _ = self.reload(&mode).await;
        });
    }

    fn hear(self, message: Message) {
        let mode = message.mode().clone();
        let now = clock::now();
        // `Err`: the other tab runs another version and has a mode that this one does not know.
        let Ok(reaction) = self.door(&mode, |door| tabs::react(message, &door.held, now)) else { return };
        match reaction {
            Reaction::Ignore => {}
            Reaction::Answer(credential) => {
                tabs::tell(&Message::Fresh { mode, credential });
            }
            Reaction::Adopt(credential) => self.adopt(mode, credential),
            Reaction::Reread(given) => self.reread(&mode, given),
            Reaction::Leave => self.leave_too(mode),
        }
    }

    fn adopt(self, mode: ModeId, credential: Credential) {
        let asked = self.door(&mode, |door| {
            door.held.credential = Some(credential);
            door.held.asked.take().is_some()
        });
        // A tab that asked calls `/me` anyway. Any other tab still shows the dates of the old token.
        if asked == Ok(false) {
            self.reload_quietly(mode);
        }
    }

    /// This tab's credential is out of date, unless it is a token that only this tab has.
    fn reread(self, mode: &ModeId, given: Option<Credential>) {
        let for_all_tabs = given.as_ref().is_some_and(|given| given.term.is_none());
        if for_all_tabs && self.token_store.get_untracked() != TokenStore::LocalStorage {
            self.token_store.set(TokenStore::LocalStorage);
        }
        let shared = || store::find_shared(mode).map(|token| Credential { token, term: None });
        _ = self.door(mode, |door| {
            let own = door.held.credential.take().filter(|credential| credential.term.is_none());
            door.clear();
            door.held.credential = given.or_else(shared).or(own);
        });
        self.reload_quietly(mode.clone());
    }

    /// The user logged out in another tab. A logout applies to the whole browser, so a token that only this tab has is
    /// ended, too. Errors are ignored: the page no longer has the token.
    fn leave_too(self, mode: ModeId) {
        let why = Some("You logged out in another tab.".to_owned());
        let Ok(token) = self.epoch(&mode).and_then(|epoch| self.leave(&mode, epoch, why)) else { return };
        store::forget_here(&mode);
        let kept = self.info(&mode).is_some_and(|info| !info.renews_silently);
        if let Some(token) = token.filter(|_| kept) {
            spawn_local(async move {
                _ = api::logout(&mode, Some(token)).await;
            });
        }
    }

    fn move_tokens(self, place: TokenStore) {
        for (mode, credential) in self.pick(|door| Some((door.info.id.clone(), door.held.credential.clone()?))) {
            if credential.term.is_none() {
                store::keep(place, &mode, &credential.token);
            }
        }
    }

    /// Collects `look` over all modes. Empty after the page is gone.
    fn pick<T>(self, look: impl FnMut(&mut Door) -> Option<T>) -> Vec<T> {
        self.doors.try_update_value(|doors| doors.iter_mut().filter_map(look).collect()).unwrap_or_default()
    }
}
