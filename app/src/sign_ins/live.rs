//! What goes on by itself in a page that the browser has taken over.

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

const EMPTIED: &str = "The token was kept in the memory of this page only, and a reload empties that. \
    Until it expires or is ended, the server would still take it: the list of your account has it.";

impl SignIns {
    /// Effects run in no server, and in the browser only after the whole tree is hydrated: until then nothing may change.
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

    /// Finds out what is left of a bearer sign-in from before the page was loaded.
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
        // Not if the user has logged in meanwhile.
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

    /// If this fails, the page stays as it is, and the next tick that finds it due tries again.
    fn reload_quietly(self, mode: ModeId) {
        spawn_local(async move {
            _ = self.reload(&mode).await;
        });
    }

    fn hear(self, message: Message) {
        let mode = message.mode().clone();
        let now = clock::now();
        // `Err`: a tab of another version knows a mode that this one does not.
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
        // Who asked is about to call `/me` anyway. Another tab's page still shows the dates of the old token.
        if asked == Ok(false) {
            self.reload_quietly(mode);
        }
    }

    /// What this tab holds is outdated, unless it is a token of this tab alone.
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

    /// The user logged out in another tab. Whoever logs out means the browser, so a token that only this tab had is ended,
    /// too, as well as can be.
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

    /// Of each mode what `look` finds there. Nothing once the page is gone.
    fn pick<T>(self, look: impl FnMut(&mut Door) -> Option<T>) -> Vec<T> {
        self.doors.try_update_value(|doors| doors.iter_mut().filter_map(look).collect()).unwrap_or_default()
    }
}
