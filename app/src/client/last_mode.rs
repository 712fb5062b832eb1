//! The mode used last. A link to `/me` inside the app leads to it. (For a page request the server uses a cookie that it
//! sets at login and that scripts cannot read.)

use leptos::prelude::*;

use crate::types::ModeId;

use super::{
    SignIn, SignIns,
    browser::{self, Area},
};

const KEY: &str = "latchkey.last-mode";

impl SignIns {
    /// The mode of the last login in this browser, if it still exists. If that sign-in has ended, or none was recorded
    /// because a form was sent before a script ran, another mode with a live sign-in.
    pub(crate) fn last_mode(self) -> Option<ModeId> {
        let last = browser::stored(Area::Local, KEY).map(ModeId).filter(|mode| self.info(mode).is_some());
        let has_ended = |mode| self.state(mode).with_untracked(|state| matches!(state, SignIn::SignedOut { .. }));
        if last.as_ref().is_some_and(|mode| !has_ended(mode)) {
            return last;
        }
        let live = self.modes().into_iter().map(|info| info.id).find(|mode| self.user(mode).is_some());
        live.or(last)
    }
}

pub(super) fn remember(mode: &ModeId) {
    browser::store(Area::Local, KEY, &mode.0);
}
