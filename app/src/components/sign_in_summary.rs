use leptos::prelude::*;

use crate::{
    client::{SignIn, SignIns},
    locale::tr,
    types::Me,
};

/// This browser's sign-ins of all modes, in one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SignInSummary {
    /// The number of modes.
    pub(super) modes: usize,
    /// The number of modes with a sign-in.
    pub(super) signed_in: usize,
    /// The names of the users who are signed in, each once.
    pub(super) names: Vec<String>,
    /// A mode may have a sign-in that the page does not know yet.
    may_be_more: bool,
}

impl SignInSummary {
    /// Reactive. Empty without modes, as on a page that does not exist.
    pub(crate) fn of_this_browser() -> Memo<Self> {
        let sign_ins = expect_context::<SignIns>();
        let states: Vec<_> = sign_ins.modes().iter().map(|info| sign_ins.state(&info.id)).collect();
        // Without any login in this browser, an unknown mode has no sign-in either.
        let unknown_counts = sign_ins.has_logged_in();
        Memo::new(move |_| {
            let mut summary = Self::default();
            for state in &states {
                state.with(|state| summary.add(state, unknown_counts));
            }
            summary
        })
    }

    fn add(&mut self, state: &SignIn, unknown_counts: bool) {
        self.modes += 1;
        match state {
            SignIn::Unknown | SignIn::Unanswered { .. } => self.may_be_more |= unknown_counts,
            SignIn::SignedOut { .. } => {}
            SignIn::SignedIn(Me { username, .. }) => {
                self.signed_in += 1;
                if !self.names.contains(username) {
                    self.names.push(username.clone());
                }
            }
        }
    }

    /// A mode is signed out, or not known to be signed in.
    pub(crate) fn has_signed_out(&self) -> bool {
        self.signed_in < self.modes
    }

    /// No mode is signed in.
    pub(crate) fn is_empty(&self) -> bool {
        self.signed_in == 0 && !self.may_be_more
    }

    /// The user, or the number of different users.
    pub(super) fn who(&self) -> String {
        match &self.names[..] {
            [] => String::new(),
            [name] => name.clone(),
            names => tr(format!("{} accounts", names.len()), format!("계정 {}개", names.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Lifetime, ModeId, Role};

    fn signed_in(username: &str) -> SignIn {
        SignIn::SignedIn(Me {
            id: format!("id-{username}"),
            username: username.to_owned(),
            role: Role::User,
            mode: ModeId("m".to_owned()),
            auth: Lifetime { issued_at: 0, expires_at: 1, absolute_expires_at: 2, generation: 1 },
        })
    }

    fn summary(states: &[SignIn], unknown_counts: bool) -> SignInSummary {
        let mut summary = SignInSummary::default();
        for state in states {
            summary.add(state, unknown_counts);
        }
        summary
    }

    #[test]
    fn one_user_is_named_and_several_are_counted() {
        let out = SignIn::SignedOut { reason: None };
        let one = summary(&[signed_in("alice"), out, signed_in("alice")], true);
        assert_eq!((one.who().as_str(), one.signed_in, one.modes), ("alice", 2, 3));
        assert_eq!(summary(&[signed_in("alice"), signed_in("bob")], true).who(), "2 accounts");
    }

    #[test]
    fn an_unknown_mode_counts_as_signed_out_only_in_a_browser_without_a_login() {
        assert!(summary(&[SignIn::Unknown], false).is_empty());
        assert!(!summary(&[SignIn::Unknown], true).is_empty());
        assert!(summary(&[signed_in("alice"), SignIn::Unknown], false).has_signed_out());
    }

    #[test]
    fn no_mode_is_left_to_log_in_to_if_every_one_is_signed_in() {
        let all = summary(&[signed_in("alice"), signed_in("bob")], true);
        assert!(!all.has_signed_out() && !all.is_empty());
    }

    #[test]
    fn without_modes_there_is_nothing_to_log_in_to_or_out_of() {
        let none = summary(&[], true);
        assert!(none.is_empty() && !none.has_signed_out());
        assert!(summary(&[SignIn::Unknown], true).has_signed_out());
        assert!(!summary(&[signed_in("alice")], true).has_signed_out());
    }
}
