//! This browser's sign-in of each mode: the state that every page reads.
//!
//! Cookie modes start with the user that the server recognised in the request. Bearer modes start as
//! [`SignIn::Unknown`] on both sides, and the browser asks the server after hydration.

use leptos::prelude::*;

use crate::{
    HasLoggedIn,
    error::{AppError, ErrorCode},
    locale::tr,
    refusal,
    types::{CookieSignIn, CookieState, Me, ModeId, ModeInfo, Transport},
};

use super::{
    LoggedOut, TokenStore, browser, clock,
    tokens::{BearerCredential, BearerState, may_try_again, pause_after},
};

/// What is known about one mode's sign-in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SignIn {
    /// Nothing yet: the page is as the server rendered it.
    Unknown,
    /// The request to the server failed. It will be repeated.
    Unanswered {
        /// The error, as a sentence.
        error: String,
    },
    /// No user is signed in.
    SignedOut {
        /// How the sign-in ended, as a sentence, if the user did not end it here.
        reason: Option<String>,
    },
    /// The server recognised this user.
    SignedIn(Me),
}

/// The sentence for a sign-in that the server could not check.
pub(crate) fn not_known() -> &'static str {
    tr("The server could not find out who is signed in.", "서버가 누가 로그인했는지 확인하지 못했습니다.")
}

impl SignIn {
    /// Signed out, and there is nothing to say about it.
    const UNEXPLAINED: Self = Self::SignedOut { reason: None };

    /// The user who is signed in, if known.
    pub(crate) fn me(&self) -> Option<&Me> {
        match self {
            Self::SignedIn(me) => Some(me),
            Self::Unknown | Self::Unanswered { .. } | Self::SignedOut { .. } => None,
        }
    }

    /// How the sign-in ended, as a sentence, if it was not the user who ended it here.
    pub(crate) fn end_reason(&self) -> Option<&str> {
        match self {
            Self::SignedOut { reason } => reason.as_deref(),
            Self::Unknown | Self::Unanswered { .. } | Self::SignedIn(_) => None,
        }
    }
}

/// A handle to the state. Copies are the same state.
#[derive(Clone, Copy)]
pub(crate) struct SignIns {
    pub(super) entries: StoredValue<Vec<ModeEntry>>,
    pub(super) token_store: RwSignal<TokenStore>,
    pub(super) now: RwSignal<i64>,
    pub(super) steps: RwSignal<Vec<super::Step>>, // part: comparison
    pub(super) has_logged_in: bool,
}

/// One mode in this tab.
pub(crate) struct ModeEntry {
    pub(crate) info: ModeInfo,
    /// Incremented by each login and logout in any tab. An answer to a call from an earlier version is ignored, so a
    /// late renewal cannot undo a logout.
    pub(crate) version: u64,
    pub(crate) bearer: BearerState,
    /// Incremented when a credential is replaced, in any tab. If the number changed while a refused call was under way,
    /// a rotation overtook the call.
    pub(super) changes: u64,
    pub(super) state: RwSignal<SignIn>,
    pub(super) logged_out: RwSignal<Option<LoggedOut>>,
    /// The length of the cookie's value in bytes. `None` if unknown, as after the cookie was replaced.
    pub(super) cookie_bytes: RwSignal<Option<u32>>,
    failures: u32,
    retry_at: i64,
}

impl SignIns {
    /// Provides the state in the context. Called once, by the component that all pages share.
    pub(crate) fn provide(modes: Vec<ModeInfo>, mut cookies: Vec<CookieSignIn>) {
        let mut seen = |info: &ModeInfo| {
            if info.transport == Transport::Bearer {
                return (SignIn::Unknown, None);
            }
            let cookie = cookies.iter().position(|cookie| cookie.mode == info.id).map(|place| cookies.remove(place));
            let Some(CookieSignIn { state, bytes, .. }) = cookie else { return (SignIn::UNEXPLAINED, None) };
            match state {
                CookieState::SignedIn(me) => (SignIn::SignedIn(me), bytes),
                CookieState::Absent => (SignIn::UNEXPLAINED, None),
                CookieState::Refused(reason) => (SignIn::SignedOut { reason: Some(refusal::in_words(&reason)) }, None),
                CookieState::Unanswered => (SignIn::Unanswered { error: not_known().to_owned() }, None),
            }
        };
        let entries = modes.into_iter().map(|info| ModeEntry::new(seen(&info), info)).collect();
        // Part of the HTML: the browser's first rendering must print the same times as the server's.
        let now = SharedValue::new(clock::now).into_inner();
        let sign_ins = Self::new(entries, now, HasLoggedIn::known());
        sign_ins.start_background_work();
        provide_context(sign_ins);
    }

    /// Provides a state without modes, in which nothing is known, for the pages outside of the component that all pages
    /// share: a path without a page, and the page for a failed request. They have the same header and live region.
    pub(crate) fn provide_none() {
        provide_context(Self::new(Vec::new(), 0, true));
    }

    fn new(entries: Vec<ModeEntry>, now: i64, has_logged_in: bool) -> Self {
        Self {
            entries: StoredValue::new(entries),
            token_store: RwSignal::new(TokenStore::default()),
            now: RwSignal::new(now),
            steps: RwSignal::new(Vec::new()), // part: comparison
            has_logged_in,
        }
    }

    /// All modes, in the server's order.
    pub(crate) fn modes(self) -> Vec<ModeInfo> {
        self.entries.with_value(|entries| entries.iter().map(|entry| entry.info.clone()).collect())
    }

    /// One mode, if it exists.
    pub(crate) fn info(self, mode: &ModeId) -> Option<ModeInfo> {
        self.with_mode(mode, |entry| entry.info.clone()).ok()
    }

    /// The sign-in of that mode. Signed out for a mode that does not exist.
    pub(crate) fn state(self, mode: &ModeId) -> Signal<SignIn> {
        self.with_mode(mode, |entry| entry.state.into()).unwrap_or_else(|_| Signal::stored(SignIn::UNEXPLAINED))
    }

    /// Where tokens are stored that cannot be renewed silently. Setting it moves the existing ones.
    pub(crate) fn token_store(self) -> RwSignal<TokenStore> {
        self.token_store
    }

    /// The server's clock, updated each second. Before hydration: the time of the rendering.
    pub(crate) fn now(self) -> Signal<i64> {
        self.now.into()
    }

    /// Whether a user has logged in in this browser before it loaded the page. If not, it has no refresh cookie.
    pub(crate) fn has_logged_in(self) -> bool {
        self.has_logged_in
    }

    /// Reads or changes one mode. `visit` must not use the handle: the state is locked.
    pub(crate) fn with_mode<T>(self, mode: &ModeId, visit: impl FnOnce(&mut ModeEntry) -> T) -> Result<T, AppError> {
        self.entries
            .try_update_value(|entries| entries.iter_mut().find(|entry| entry.info.id == *mode).map(visit))
            .flatten()
            .ok_or_else(|| AppError::new(ErrorCode::NotFound))
    }

    pub(crate) fn version(self, mode: &ModeId) -> Result<u64, AppError> {
        self.with_mode(mode, |entry| entry.version)
    }

    pub(crate) fn credential(self, mode: &ModeId) -> Option<BearerCredential> {
        self.with_mode(mode, |entry| entry.bearer.credential.clone()).ok().flatten()
    }

    /// Waits for the lock on this mode's credential in all tabs, for a few seconds at most. Every change of it takes
    /// the lock.
    pub(crate) async fn lock(self, mode: &ModeId) -> browser::Lock {
        browser::lock(&format!("latchkey-{mode}-renew")).await
    }
}

impl ModeEntry {
    fn new((state, cookie_bytes): (SignIn, Option<u32>), info: ModeInfo) -> Self {
        Self {
            info,
            version: 0,
            bearer: BearerState::default(),
            changes: 0,
            state: RwSignal::new(state),
            logged_out: RwSignal::new(None),
            cookie_bytes: RwSignal::new(cookie_bytes),
            failures: 0,
            retry_at: 0,
        }
    }

    /// Whether to ask the server now without an action of the user: a token needs renewal, the shown sign-in has
    /// expired, or the last request failed. Returns `true` once, and then not again before a pause.
    pub(super) fn is_due(&mut self, now: i64) -> bool {
        let is_due = self.state.with_untracked(|state| match (state, &self.bearer.credential) {
            (SignIn::Unanswered { .. }, _) => true,
            (_, Some(credential)) if credential.lifetime.is_some() => credential.is_due(now),
            (SignIn::SignedIn(me), _) => me.auth.expires_at <= now,
            (SignIn::Unknown | SignIn::SignedOut { .. }, _) => false,
        });
        if !is_due {
            (self.failures, self.retry_at) = (0, 0);
            return false;
        }
        if self.bearer.renewing.is_some() || !may_try_again(self.retry_at, now) {
            return false;
        }
        self.retry_at = now + pause_after(self.failures);
        self.failures = self.failures.saturating_add(1);
        true
    }
}
