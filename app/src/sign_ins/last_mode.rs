//! The mode used last: where `/me` leads without asking the server. (A navigation that does ask it is led by a cookie that
//! the server sets at login, and that scripts cannot read.)

use leptos::prelude::*;

use super::{SignIn, SignIns};
use crate::{
    browser::{self, Area},
    types::ModeId,
};

const KEY: &str = "latchkey.last-mode";

impl SignIns {
    /// The mode that logged in last in this browser, if it still exists. If nobody is signed in by it any more, or none was
    /// noted, as where a form was sent before a script ran, one by which somebody is.
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
