//! Messages between the tabs of one browser. Every script of this origin can read them, and no other origin can.

use serde::{Deserialize, Serialize};

use crate::{
    bearer::{Credential, Held},
    browser,
    types::ModeId,
};

/// A message to all other tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Message {
    /// Asks for a valid credential.
    Wanted { mode: ModeId },
    /// Offers a credential. It is copied from memory to memory.
    Fresh { mode: ModeId, credential: Credential },
    /// The user logged in, or replaced a credential that does not renew: the state of the other tabs is out of date.
    Changed {
        mode: ModeId,
        /// The new one, if tabs may share it. Part of the message because a write to the local storage reaches the
        /// other tabs later than a message.
        credential: Option<Credential>,
    },
    /// The user logged out.
    SignedOut { mode: ModeId },
}

impl Message {
    pub(crate) fn mode(&self) -> &ModeId {
        match self {
            Self::Wanted { mode }
            | Self::Fresh { mode, .. }
            | Self::Changed { mode, .. }
            | Self::SignedOut { mode } => mode,
        }
    }
}

/// The reaction of a tab to a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    Ignore,
    /// Send this credential to the other tabs.
    Answer(Credential),
    /// Use this credential from now on.
    Adopt(Credential),
    /// Replace the credential by this one, if there is one, and ask the server again.
    Reread(Option<Credential>),
    /// Sign out.
    Leave,
}

/// Decides without side effects.
pub(crate) fn react(message: Message, held: &Held, now: i64) -> Reaction {
    match message {
        Message::Wanted { .. } => match &held.credential {
            Some(mine) if mine.term.is_some() && !mine.is_due(now) => Reaction::Answer(mine.clone()),
            _ => Reaction::Ignore,
        },
        Message::Fresh { credential: offered, .. } => {
            let better = match &held.credential {
                Some(mine) => offered.supersedes(mine),
                // A tab without a credential that did not ask for one has logged out. A late answer must not undo that.
                None => held.asked.is_some(),
            };
            if better && !offered.is_due(now) { Reaction::Adopt(offered) } else { Reaction::Ignore }
        }
        Message::Changed { credential, .. } => Reaction::Reread(credential),
        Message::SignedOut { .. } => Reaction::Leave,
    }
}

/// Sends a message to all other tabs. `false` if the browser cannot.
pub(crate) fn tell(message: &Message) -> bool {
    serde_json::to_string(message).is_ok_and(|text| browser::tell_tabs(&text))
}

/// Handles messages from other tabs. Unknown messages are ignored: another tab may run another version of the app.
pub(crate) fn listen(handle: impl Fn(Message) + 'static) {
    browser::on_tab_message(move |text| {
        if let Ok(message) = serde_json::from_str(&text) {
            handle(message);
        }
    });
}

#[cfg(test)]
mod tests {
    use futures::channel::oneshot;

    use super::*;
    use crate::{
        bearer::{Term, Token},
        types::Lifetime,
    };

    fn mode() -> ModeId {
        ModeId("m".to_owned())
    }

    /// Issued at that second, with a lifetime of as many seconds.
    fn issued_at(issued_at: i64) -> Credential {
        let auth = Lifetime { issued_at, expires_at: 2 * issued_at, absolute_expires_at: i64::MAX, generation: 1 };
        let term = Term::starting(issued_at, issued_at, auth);
        Credential { token: Token::new(format!("t{issued_at}")), term: Some(term) }
    }

    fn holding(credential: Credential) -> Held {
        Held { credential: Some(credential), ..Held::default() }
    }

    fn fresh(credential: Credential) -> Message {
        Message::Fresh { mode: mode(), credential }
    }

    #[test]
    fn a_tab_with_a_valid_credential_shares_it() {
        let reaction = react(Message::Wanted { mode: mode() }, &holding(issued_at(300)), 310);
        assert_eq!(reaction, Reaction::Answer(issued_at(300)));
    }

    #[test]
    fn a_tab_whose_credential_is_due_for_renewal_does_not_answer() {
        assert_eq!(react(Message::Wanted { mode: mode() }, &holding(issued_at(300)), 599), Reaction::Ignore);
        assert_eq!(react(Message::Wanted { mode: mode() }, &Held::default(), 0), Reaction::Ignore);
    }

    #[test]
    fn a_token_of_this_tab_alone_is_never_shared() {
        let kept = Credential { token: Token::new("lk".to_owned()), term: None };
        assert_eq!(react(Message::Wanted { mode: mode() }, &holding(kept), 0), Reaction::Ignore);
    }

    #[test]
    fn a_newer_credential_of_another_tab_is_adopted() {
        assert_eq!(react(fresh(issued_at(600)), &holding(issued_at(300)), 310), Reaction::Adopt(issued_at(600)));
        assert_eq!(react(fresh(issued_at(300)), &holding(issued_at(600)), 310), Reaction::Ignore);
    }

    #[test]
    fn a_credential_that_is_about_to_expire_is_not_adopted() {
        assert_eq!(react(fresh(issued_at(600)), &holding(issued_at(300)), 1199), Reaction::Ignore);
    }

    #[test]
    fn a_new_tab_adopts_the_credential_that_it_asked_for() {
        let (asked, _answer) = oneshot::channel();
        let held = Held { asked: Some(asked), ..Held::default() };
        assert_eq!(react(fresh(issued_at(300)), &held, 310), Reaction::Adopt(issued_at(300)));
    }

    #[test]
    fn a_late_renewal_of_another_tab_does_not_undo_a_logout() {
        assert_eq!(react(fresh(issued_at(300)), &Held::default(), 0), Reaction::Ignore);
    }

    #[test]
    fn a_logout_and_a_change_in_another_tab_always_take_effect() {
        assert_eq!(react(Message::SignedOut { mode: mode() }, &holding(issued_at(300)), 0), Reaction::Leave);
        let changed = Message::Changed { mode: mode(), credential: None };
        assert_eq!(react(changed, &holding(issued_at(300)), 0), Reaction::Reread(None));
    }

    #[test]
    fn a_login_in_another_tab_signs_this_tab_in_too() {
        let login = Message::Changed { mode: mode(), credential: Some(issued_at(300)) };
        assert_eq!(react(login, &Held::default(), 0), Reaction::Reread(Some(issued_at(300))));
    }

    #[test]
    fn a_message_survives_serialisation() {
        let text = serde_json::to_string(&fresh(issued_at(300))).expect("JSON");
        assert_eq!(serde_json::from_str::<Message>(&text).expect("a message"), fresh(issued_at(300)));
    }
}
