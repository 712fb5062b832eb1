use leptos::prelude::*;

use crate::{
    sign_ins::{SignIn, SignIns},
    types::{Me, ModeId},
};

/// What a sign-in is, without its details. Views switch on this alone, so that a rotation changes a number on the page and
/// does not rebuild the button that was pressed, which would lose the keyboard's focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Unknown,
    SignedOut,
    SignedIn,
}

impl Presence {
    /// Follows one mode.
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

/// Who is signed in by one mode.
pub(crate) fn who(mode: &ModeId) -> Memo<Option<Me>> {
    let state = expect_context::<SignIns>().state(mode);
    Memo::new(move |_| state.with(|state| state.me().cloned()))
}
