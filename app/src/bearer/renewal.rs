//! Renewal without the user: who renews, who waits, and what becomes of the result.
//!
//! Nothing here waits for a far-away timer. Once a second the tab looks whether a renewal is due, and so does every call
//! before it is sent: a laptop that slept, a throttled tab and a clock that jumped need no special case.

use futures::{
    FutureExt,
    channel::oneshot,
    future::{BoxFuture, Shared, select},
};
use leptos::task::spawn_local;

use super::{
    IdempotencyKey, Token, Trial,
    refresh::{self, RefreshCookie},
    tabs::{self, Message},
};
use crate::{
    api, browser, clock,
    error::{AppError, ErrorCode},
    sign_ins::SignIns,
    types::{ModeId, Transport},
};

/// Milliseconds that other tabs have to answer. What they could have spared us (a renewal, a refusal) is harmless, so this is
/// short.
pub(crate) const ANSWER_WITHIN: u32 = 150;

/// Milliseconds to wait for the first answer to a renewal. If it is lost, the server gives the same answer again, but only within
/// its grace of 10 seconds: the second attempt must arrive by then.
pub(crate) const RENEW_WITHIN: u32 = 4_000;

/// One renewal that many callers wait for. What it brought is in what the tab holds.
pub(crate) type Renewal = Shared<BoxFuture<'static, Result<(), AppError>>>;

impl SignIns {
    /// What to present, renewed first where that is due. `None` where the browser itself presents a cookie.
    pub(crate) async fn token(self, mode: &ModeId) -> Result<Option<Token>, AppError> {
        let (transport, renews, renewing) =
            self.door(mode, |door| (door.info.transport, door.info.renews_silently, door.held.renewing.clone()))?;
        if transport == Transport::Cookie {
            return Ok(None);
        }
        if let Some(renewal) = renewing {
            _ = renewal.await;
        }
        let now = clock::now();
        match self.credential(mode) {
            Some(credential) if credential.is_due(now) => {
                match self.renewed(mode, Some(&credential.token)).await {
                    // The server could not be reached. A token that still works is better than an error.
                    Err(error) if !api::is_refusal(&error) && !credential.is_over(now) => Ok(Some(credential.token)),
                    outcome => outcome.map(Some),
                }
            }
            Some(credential) => Ok(Some(credential.token)),
            None if renews && self.may_have_refresh_cookie(mode) => self.renewed(mode, None).await.map(Some),
            None => Err(AppError::new(ErrorCode::NotAuthenticated)),
        }
    }

    /// A token other than `stale`. Whoever asks while a renewal is under way gets the result of that one.
    pub(crate) async fn renewed(self, mode: &ModeId, stale: Option<&Token>) -> Result<Token, AppError> {
        let renewal = self.door(mode, |door| {
            let holds = door.held.credential.as_ref().map(|credential| &credential.token);
            (holds == stale).then(|| {
                let (mode, epoch, stale) = (door.info.id.clone(), door.epoch, stale.cloned());
                door.held.renewing.get_or_insert_with(|| self.start_renewal(mode, epoch, stale)).clone()
            })
        })?;
        if let Some(renewal) = renewal {
            renewal.await?;
        }
        self.credential(mode)
            .map(|credential| credential.token)
            .ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))
    }

    fn start_renewal(self, mode: ModeId, epoch: u64, stale: Option<Token>) -> Renewal {
        let renewal = async move {
            let outcome = self.renew_in_turn(&mode, epoch, stale.as_ref()).await;
            _ = self.door(&mode, |door| door.held.renewing = None);
            outcome
        }
        .boxed()
        .shared();
        // Driven by itself: the caller may leave the page, and a renewal that nobody polls would keep every tab waiting.
        spawn_local(renewal.clone().map(drop));
        renewal
    }

    /// One tab at a time renews, as far as locks work. When it is this one's turn, another may have done it already.
    async fn renew_in_turn(self, mode: &ModeId, epoch: u64, stale: Option<&Token>) -> Result<(), AppError> {
        // Stored before the wait, so that tabs without locks see each other's key and agree on the last one.
        _ = refresh::pending_key(mode);
        let _turn = self.turn(mode).await;
        if self.has_moved_on(mode, epoch, stale) || self.got_from_tabs(mode, epoch, stale).await {
            return Ok(());
        }
        self.rotate_in_turn(mode, epoch).await
    }

    /// The key to show with a call that replaces the refresh token. `None` for a mode without one. Read as late as possible:
    /// another tab may have stored a later one.
    pub(crate) fn renewal_key(self, mode: &ModeId) -> Option<IdempotencyKey> {
        self.info(mode).filter(|info| info.renews_silently)?;
        let key = refresh::pending_key(mode);
        _ = self.door(mode, |door| door.held.key.clone_from(&key));
        key
    }

    /// The answer to the pending key is used. The next renewal shows another key.
    pub(crate) fn replace_renewal_key(self, mode: &ModeId) {
        if self.info(mode).is_some_and(|info| info.renews_silently) {
            let key = refresh::next_key(mode);
            _ = self.door(mode, |door| door.held.key = key);
        }
    }

    /// An unknown cookie is tried once per page. A visitor without one costs a single failed request: the entry then says so.
    fn may_have_refresh_cookie(self, mode: &ModeId) -> bool {
        match refresh::known(mode) {
            RefreshCookie::Expected(_) => true,
            RefreshCookie::Absent => false,
            RefreshCookie::Unknown => self.door(mode, |door| door.held.trial) == Ok(Trial::Untried),
        }
    }

    async fn got_from_tabs(self, mode: &ModeId, epoch: u64, stale: Option<&Token>) -> bool {
        let (asked, answer) = oneshot::channel();
        _ = self.door(mode, |door| door.held.asked = Some(asked));
        if tabs::tell(&Message::Wanted { mode: mode.clone() }) {
            select(answer, Box::pin(browser::pause(ANSWER_WITHIN))).await;
        }
        _ = self.door(mode, |door| door.held.asked = None);
        self.has_moved_on(mode, epoch, stale)
    }

    /// Nothing is left to renew: the user logged in or out meanwhile, or there is a newer token.
    fn has_moved_on(self, mode: &ModeId, epoch: u64, stale: Option<&Token>) -> bool {
        self.epoch(mode) != Ok(epoch) || self.credential(mode).as_ref().map(|held| &held.token) != stale
    }
}
