//! What the page about a credential may show: a token that scripts hold, and the length of a cookie, which they cannot
//! read.

use leptos::prelude::*;

use crate::{server_fns, types::ModeId};

use super::{SignIns, tokens::Token};

impl SignIns {
    /// The token that this page sends. It may be replaced at any time.
    pub(crate) fn held_token(self, mode: &ModeId) -> Option<Token> {
        self.credential(mode).map(|credential| credential.token)
    }

    /// The length in bytes of the value of this mode's cookie, if known.
    pub(crate) fn cookie_bytes(self, mode: &ModeId) -> Signal<Option<u32>> {
        self.with_mode(mode, |entry| entry.cookie_bytes.into()).unwrap_or_else(|_| Signal::stored(None))
    }

    /// Asks the server for the length of the cookies. Only the server sees their values.
    pub(crate) async fn measure_cookies(self) {
        // Without an answer, the length stays unknown.
        for cookie in server_fns::cookie_sign_ins().await.unwrap_or_default() {
            let known = self.with_mode(&cookie.mode, |entry| entry.cookie_bytes).ok();
            // `None` changes nothing, so that the page does not ask again without end.
            if let (Some(known), Some(bytes)) = (known, cookie.bytes) {
                known.set(Some(bytes));
            }
        }
    }

    /// The cookie was replaced, so its length is unknown.
    pub(super) fn forget_cookie_bytes(self, mode: &ModeId) {
        if let Ok(known) = self.with_mode(mode, |entry| entry.cookie_bytes) {
            known.set(None);
        }
    }
}
