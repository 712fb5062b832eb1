//! Renewal without the user: which tab renews, which calls wait, and how the result is shared.
//!
//! No long timer is used. The tab checks once a second whether a renewal is due, and every call checks before it is
//! sent: a laptop that slept, a throttled tab and a clock that jumped need no special case.

use futures::{
    FutureExt,
    channel::oneshot,
    future::{BoxFuture, Either, Shared, select},
};
use leptos::task::spawn_local;

use crate::{
    error::{AppError, ErrorCode},
    types::{ModeId, Transport},
};

use super::{
    SignIns, api,
    browser::{self, LOCK_TIMEOUT, Lock},
    clock,
    refresh::{self, IdempotencyKey, RefreshCookie},
    tabs::{self, Message},
    tokens::{Asked, RenewalAttempt, Token},
};

/// Milliseconds that other tabs have to answer. A missing answer costs one more renewal or one more refused call, so
/// the wait is short.
pub(crate) const TAB_ANSWER_TIMEOUT: u32 = 150;

/// Milliseconds. A tab without the lock waits for a random part of this time before it renews, and most tabs get the
/// token of the first in that time. If all renewed at once, the server could receive a token that two renewals have
/// replaced, and would take that for theft.
const SPREAD: u32 = 1_000;

/// Milliseconds. A tab that hears that another one renews without a lock waits so much longer for its result.
const OTHER_TAB_TIMEOUT: u32 = 3_000;

/// Milliseconds to wait for the first answer to a renewal. If it is lost, the server repeats it, but only within
/// [`GRACE`].
pub(crate) const FIRST_RENEWAL_TIMEOUT: u32 = 4_000;

/// Milliseconds in which the server accepts a used refresh token as a retry: the default of `REFRESH_GRACE`.
const GRACE: u32 = 10_000;

// A tab that hangs may have used the token before this tab began to wait for its lock. The second attempt must still
// arrive within the grace.
const _: () = assert!(LOCK_TIMEOUT + TAB_ANSWER_TIMEOUT + SPREAD + FIRST_RENEWAL_TIMEOUT < GRACE);
// If, after such a tab, a second one says that it renews and then hangs, too, the first attempt must arrive within it.
const _: () = assert!(LOCK_TIMEOUT + TAB_ANSWER_TIMEOUT + SPREAD + OTHER_TAB_TIMEOUT < GRACE);

/// One renewal that several callers wait for. It stores the new credential in the state of the tab.
pub(crate) type Renewal = Shared<BoxFuture<'static, Result<(), AppError>>>;

impl SignIns {
    /// The token to send, renewed first if that is due. `None` if the browser sends a cookie instead.
    pub(crate) async fn token(self, mode: &ModeId) -> Result<Option<Token>, AppError> {
        let (transport, renews, renewing) = self.with_mode(mode, |entry| {
            (entry.info.transport, entry.info.renews_silently, entry.bearer.renewing.clone())
        })?;
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
                    // The renewal failed, but the server did not refuse it. Use the token while it is still valid.
                    Err(error) if !api::is_refusal(&error) && !credential.is_over(now) => Ok(Some(credential.token)),
                    outcome => outcome.map(Some),
                }
            }
            Some(credential) => Ok(Some(credential.token)),
            None if renews && self.may_have_refresh_cookie(mode) => self.renewed(mode, None).await.map(Some),
            None => Err(AppError::new(ErrorCode::NotAuthenticated)),
        }
    }

    /// A token other than `stale`. A caller during a renewal gets the result of that renewal.
    pub(crate) async fn renewed(self, mode: &ModeId, stale: Option<&Token>) -> Result<Token, AppError> {
        let renewal = self.with_mode(mode, |entry| {
            let holds = entry.bearer.credential.as_ref().map(|credential| &credential.token);
            (holds == stale).then(|| {
                let (mode, version, stale) = (entry.info.id.clone(), entry.version, stale.cloned());
                entry.bearer.renewing.get_or_insert_with(|| self.start_renewal(mode, version, stale)).clone()
            })
        })?;
        if let Some(renewal) = renewal {
            renewal.await?;
        }
        self.credential(mode)
            .map(|credential| credential.token)
            .ok_or_else(|| AppError::new(ErrorCode::NotAuthenticated))
    }

    fn start_renewal(self, mode: ModeId, version: u64, stale: Option<Token>) -> Renewal {
        let renewal = async move {
            let outcome = self.renew_with_lock(&mode, version, stale.as_ref()).await;
            _ = self.with_mode(&mode, |entry| entry.bearer.renewing = None);
            outcome
        }
        .boxed()
        .shared();
        // Spawned, because the caller may leave the page: a renewal that is no longer polled would block every tab.
        spawn_local(renewal.clone().map(drop));
        renewal
    }

    /// One tab at a time renews, if the browser has locks. After the wait, another tab may already have renewed.
    async fn renew_with_lock(self, mode: &ModeId, version: u64, stale: Option<&Token>) -> Result<(), AppError> {
        // Stored before the wait, so that tabs without locks see each other's key and agree on the last one.
        _ = refresh::pending_key(mode);
        let lock = self.lock(mode).await;
        let wait = TAB_ANSWER_TIMEOUT + if lock.is_held() { 0 } else { spread() };
        if self.has_moved_on(mode, version, stale) || self.got_from_tabs(mode, version, stale, wait).await {
            return Ok(());
        }
        self.rotate_locked(mode, version, &lock).await
    }

    /// Call this before the credential is replaced. Without the lock, it tells the other tabs, which then wait for the
    /// result: the server takes a token that two renewals have replaced for stolen.
    pub(super) fn replacing(self, mode: &ModeId, lock: &Lock) -> Replacing {
        if !lock.is_held() {
            _ = self.with_mode(mode, |entry| entry.bearer.replaces_without_lock = true);
            tabs::send(&Message::Renewing { mode: mode.clone() });
        }
        Replacing { sign_ins: self, mode: mode.clone() }
    }

    /// The key for a call that replaces the refresh token. `None` for a mode without one. Read as late as possible:
    /// another tab may have stored a newer key.
    pub(crate) fn renewal_key(self, mode: &ModeId) -> Option<IdempotencyKey> {
        self.info(mode).filter(|info| info.renews_silently)?;
        let key = refresh::pending_key(mode);
        _ = self.with_mode(mode, |entry| entry.bearer.key.clone_from(&key));
        key
    }

    /// Call this after the answer to the pending key is used: the next renewal sends a new key.
    pub(crate) fn replace_renewal_key(self, mode: &ModeId) {
        if self.info(mode).is_some_and(|info| info.renews_silently) {
            let key = refresh::next_key(mode);
            _ = self.with_mode(mode, |entry| entry.bearer.key = key);
        }
    }

    /// If nothing is known, one page tries once, and the entry records the result. Without any login in this browser,
    /// not even that is needed: the refusal would be an error in every new visitor's console.
    fn may_have_refresh_cookie(self, mode: &ModeId) -> bool {
        match refresh::known(mode) {
            RefreshCookie::Expected(_) => true,
            RefreshCookie::Absent => false,
            RefreshCookie::Unknown => {
                self.has_logged_in()
                    && self.with_mode(mode, |entry| entry.bearer.attempt) == Ok(RenewalAttempt::Untried)
            }
        }
    }

    /// Asks the other tabs, and waits for `wait` milliseconds, or longer if one of them renews.
    async fn got_from_tabs(self, mode: &ModeId, version: u64, stale: Option<&Token>, wait: u32) -> bool {
        let (answered, answer) = oneshot::channel();
        _ = self.with_mode(mode, |entry| entry.bearer.asked = Some(Asked::new(answered)));
        if tabs::send(&Message::Request { mode: mode.clone() })
            && let Either::Right(((), answer)) = select(answer, Box::pin(browser::pause(wait))).await
        {
            let another_renews =
                self.with_mode(mode, |entry| entry.bearer.asked.as_ref().is_some_and(|asked| asked.another_renews));
            if another_renews == Ok(true) {
                select(answer, Box::pin(browser::pause(OTHER_TAB_TIMEOUT))).await;
            }
        }
        _ = self.with_mode(mode, |entry| entry.bearer.asked = None);
        self.has_moved_on(mode, version, stale)
    }

    /// Whether the renewal is superfluous: the user logged in or out since it was requested, or there is a newer token.
    fn has_moved_on(self, mode: &ModeId, version: u64, stale: Option<&Token>) -> bool {
        self.version(mode) != Ok(version) || self.credential(mode).as_ref().map(|credential| &credential.token) != stale
    }
}

/// Lasts until the answer to a replacement is applied.
pub(super) struct Replacing {
    sign_ins: SignIns,
    mode: ModeId,
}

impl Drop for Replacing {
    fn drop(&mut self) {
        _ = self.sign_ins.with_mode(&self.mode, |entry| entry.bearer.replaces_without_lock = false);
    }
}

/// A random part of [`SPREAD`].
fn spread() -> u32 {
    browser::random().map_or(0, |bytes| u32::from_le_bytes(bytes) % SPREAD)
}
