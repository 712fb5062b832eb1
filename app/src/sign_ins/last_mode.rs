//! The mode used last: where `/me` leads without asking the server. (A navigation that does ask it is led by a cookie that
//! the server sets at login, and that scripts cannot read.)

use super::SignIns;
use crate::{
    browser::{self, Area},
    types::ModeId,
};

const KEY: &str = "latchkey.last-mode";

impl SignIns {
    /// The mode that logged in last in this browser, if it still exists.
    pub(crate) fn last_mode(self) -> Option<ModeId> {
        let mode = ModeId(browser::stored(Area::Local, KEY)?);
        self.info(&mode).map(|info| info.id)
    }
}

pub(super) fn remember(mode: &ModeId) {
    browser::store(Area::Local, KEY, &mode.0);
}
