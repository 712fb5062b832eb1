use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    types::{Me, ModeId},
};

/// The state of a sign-in without its details. Views switch on this alone: a rotation must not rebuild the button that
/// was pressed, because that would lose the keyboard focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInStatus {
    Unknown,
    SignedOut,
    SignedIn,
}

impl SignInStatus {
    /// The state of one mode, reactive.
    pub(crate) fn of(mode: &ModeId) -> Memo<Self> {
        let state = expect_context::<SignIns>().state(mode);
        Memo::new(move |_| {
            state.with(|state| match state {
                SignIn::Unknown | SignIn::Unanswered { .. } => Self::Unknown,
                SignIn::SignedOut { .. } => Self::SignedOut,
                SignIn::SignedIn(_) => Self::SignedIn,
            })
        })
    }

    /// For `data-state`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::SignedOut => "signed-out",
            Self::SignedIn => "signed-in",
        }
    }
}

/// The user who is signed in with one mode.
pub(crate) fn signed_in_user(mode: &ModeId) -> Memo<Option<Me>> {
    let state = expect_context::<SignIns>().state(mode);
    Memo::new(move |_| state.with(|state| state.me().cloned()))
}
