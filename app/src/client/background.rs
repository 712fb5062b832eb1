//! Background work in a hydrated page: restoring tokens, renewal, messages from other tabs.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    locale::tr,
    types::{ModeId, ModeInfo, Transport},
};

use super::{
    Scope, SignIn, SignIns, api, browser, clock,
    state::ModeEntry,
    storage::{self, TokenStore},
    tabs::{self, Message, Reaction},
    tokens::BearerCredential,
};

impl SignIns {
    /// Effects do not run on the server, and in the browser only after hydration: until then the state must not change.
    pub(super) fn start_background_work(self) {
        Effect::new(move || self.on_hydrated());
        Effect::watch(move || self.token_store.get(), move |place, _, _| self.move_tokens(*place), false);
    }

    fn on_hydrated(self) {
        clock::observe(self.now.get_untracked());
        self.follow_steps(); // part: comparison
        tabs::listen(move |message| self.handle_message(message));
        browser::on_page_restored(move || {
            for mode in self.collect(|entry| Some(entry.info.id.clone())) {
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
            if let Some((place, token)) = storage::find(mode) {
                self.token_store.set(place);
                _ = self.with_mode(mode, |entry| {
                    entry.bearer.credential = Some(BearerCredential { token, lifetime: None });
                });
            } else if storage::was_in_memory(mode) {
                found = Some(SignIn::SignedOut { reason: Some(lost_on_reload().to_owned()) });
            }
        }
        let outcome = self.reload(mode).await;
        self.note_reload(found.is_some() || self.user(mode).is_some()); // part: comparison
        if let Err(error) = outcome {
            found = Some(SignIn::Unanswered { error: error.detail });
        }
        // A login during the request has set a newer state, which stays.
        if let Ok(state) = self.with_mode(mode, |entry| entry.state)
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
        for mode in self.collect(|entry| entry.is_due(now).then(|| entry.info.id.clone())) {
            self.reload_quietly(mode);
        }
    }

    /// If this fails, the page does not change, and a later tick tries again.
    pub(super) fn reload_quietly(self, mode: ModeId) {
        spawn_local(async move {
            _ = self.reload(&mode).await;
        });
    }

    fn handle_message(self, message: Message) {
        self.took(super::Step::SecondTab); // part: comparison
        let mode = message.mode().clone();
        let now = clock::now();
        // `Err`: the other tab runs another version and has a mode that this one does not know.
        let Ok(reaction) = self.with_mode(&mode, |entry| tabs::react(message, &entry.bearer, now)) else { return };
        match reaction {
            Reaction::Ignore => {}
            Reaction::Answer(credential) => {
                tabs::send(&Message::Offer { mode, credential });
            }
            Reaction::Announce => {
                tabs::send(&Message::Renewing { mode });
            }
            Reaction::Wait => {
                _ = self.with_mode(&mode, |entry| {
                    if let Some(asked) = &mut entry.bearer.asked {
                        asked.another_renews = true;
                    }
                });
            }
            Reaction::Adopt(credential) => self.adopt(mode, credential),
            Reaction::Reload(given) => self.reread(&mode, given),
            Reaction::SignOut => self.log_out_with_other_tab(mode),
        }
    }

    fn adopt(self, mode: ModeId, credential: BearerCredential) {
        let asked = self.with_mode(&mode, |entry| {
            entry.bearer.credential = Some(credential);
            entry.bearer.asked.take().is_some()
        });
        // A tab that asked calls `/me` anyway. Any other tab still shows the dates of the old token.
        if asked == Ok(false) {
            self.reload_quietly(mode);
        }
    }

    /// This tab's credential is out of date, unless it is a token that only this tab has.
    fn reread(self, mode: &ModeId, given: Option<BearerCredential>) {
        let for_all_tabs = given.as_ref().is_some_and(|given| given.lifetime.is_none());
        if for_all_tabs && self.token_store.get_untracked() != TokenStore::LocalStorage {
            self.token_store.set(TokenStore::LocalStorage);
        }
        let shared = || storage::find_shared(mode).map(|token| BearerCredential { token, lifetime: None });
        _ = self.with_mode(mode, |entry| {
            let own = entry.bearer.credential.take().filter(|credential| credential.lifetime.is_none());
            entry.clear();
            entry.bearer.credential = given.or_else(shared).or(own);
        });
        self.reload_quietly(mode.clone());
    }

    /// The user logged out in another tab. A logout applies to the whole browser, so a token that only this tab has is
    /// ended, too. Errors are ignored: the page no longer has the token.
    fn log_out_with_other_tab(self, mode: ModeId) {
        let reason = Some(tr("You logged out in another tab.", "다른 탭에서 로그아웃했습니다.").to_owned());
        let Ok(token) = self.version(&mode).and_then(|version| self.end_in_tab(&mode, version, reason)) else { return };
        storage::forget_here(&mode);
        let kept = self.info(&mode).is_some_and(|info| !info.renews_silently);
        if let Some(token) = token.filter(|_| kept) {
            spawn_local(async move {
                _ = api::logout(&mode, Scope::Here, Some(token)).await;
            });
        }
    }

    fn move_tokens(self, place: TokenStore) {
        for (mode, credential) in self.collect(|entry| Some((entry.info.id.clone(), entry.bearer.credential.clone()?)))
        {
            if credential.lifetime.is_none() {
                storage::keep(place, &mode, &credential.token);
            }
        }
    }

    /// Collects `look` over all modes. Empty after the page is gone.
    fn collect<T>(self, look: impl FnMut(&mut ModeEntry) -> Option<T>) -> Vec<T> {
        self.entries.try_update_value(|entries| entries.iter_mut().filter_map(look).collect()).unwrap_or_default()
    }
}

fn lost_on_reload() -> &'static str {
    tr(
        "The token was stored in this page's memory only, and the reload cleared it. The server still accepts it until it \
         expires or is ended: find it in the list on your account page.",
        "토큰은 이 페이지의 메모리에만 있었고, 새로 고침으로 사라졌습니다. 만료되거나 종료될 때까지 서버는 이 토큰을 계속 받아들입니다. \
         계정 페이지의 목록에서 찾을 수 있습니다.",
    )
}
