// part: comparison
//! The steps of the home page's guide that the user has taken in this browser.

use leptos::prelude::*;

use super::{
    SignIns,
    browser::{self, Area},
};

/// One step. It counts when its action succeeds, on any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Created an account, or logged in.
    Account,
    /// Signed in with every mode at the same time.
    EveryMode,
    /// Rotated, and let the server try the old credential.
    Rotation,
    /// Reloaded a page while signed in.
    Reload,
    /// Got a message from another tab.
    SecondTab,
    LogOut,
}

impl Step {
    pub(crate) const ALL: [Self; 6] =
        [Self::Account, Self::EveryMode, Self::Rotation, Self::Reload, Self::SecondTab, Self::LogOut];

    /// The key in the storage, and `data-step` on the page.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::EveryMode => "every-mode",
            Self::Rotation => "rotation",
            Self::Reload => "reload",
            Self::SecondTab => "second-tab",
            Self::LogOut => "log-out",
        }
    }

    /// One entry per step: two tabs that take different steps do not overwrite each other's.
    fn key(self) -> String {
        format!("latchkey.guide.{}", self.name())
    }
}

impl SignIns {
    /// The steps taken. Empty before hydration.
    pub(crate) fn steps(self) -> Signal<Vec<Step>> {
        self.steps.into()
    }

    /// Records a step.
    pub(crate) fn took(self, step: Step) {
        if self.steps.with_untracked(|steps| steps.contains(&step)) {
            return;
        }
        browser::store(Area::Local, &step.key(), "1");
        self.steps.update(|steps| steps.push(step));
    }

    /// Records the steps of a login.
    pub(super) fn took_login(self) {
        self.took(Step::Account);
        if self.modes().iter().all(|info| self.user(&info.id).is_some()) {
            self.took(Step::EveryMode);
        }
    }

    /// Records the step, if the user reloaded this page while signed in.
    pub(super) fn note_reload(self, was_signed_in: bool) {
        if was_signed_in && browser::was_reloaded() {
            self.took(Step::Reload);
        }
    }

    /// Reads the steps that were taken before, and those that another tab records.
    pub(super) fn follow_steps(self) {
        self.read_steps();
        browser::on_stored_elsewhere(move || self.read_steps());
        self.note_reload(self.modes().iter().any(|info| self.user(&info.id).is_some()));
    }

    /// Reads the steps that an earlier page or another tab has recorded.
    fn read_steps(self) {
        let is_stored = |step: &Step| browser::stored(Area::Local, &step.key()).is_some();
        let stored: Vec<_> = Step::ALL.into_iter().filter(is_stored).collect();
        if self.steps.with_untracked(|steps| stored.iter().any(|step| !steps.contains(step))) {
            self.steps.set(stored);
        }
    }
}
