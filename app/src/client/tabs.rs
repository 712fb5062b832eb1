//! Messages between the tabs of one browser. Every script of this origin can read them, and no other origin can.

use serde::{Deserialize, Serialize};

use crate::types::ModeId;

use super::{
    browser,
    tokens::{BearerCredential, BearerState},
};

/// A message to all other tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Message {
    /// Asks for a valid credential.
    Request { mode: ModeId },
    /// This tab replaces the credential without a lock. The others wait for its result.
    Renewing { mode: ModeId },
    /// Offers a credential. It is copied from memory to memory.
    Offer { mode: ModeId, credential: BearerCredential },
    /// The user logged in, or replaced a credential that does not renew: the state of the other tabs is out of date.
    Changed {
        mode: ModeId,
        /// The new one, if tabs may share it. Part of the message because a write to the local storage reaches the
        /// other tabs later than a message.
        credential: Option<BearerCredential>,
    },
    /// The user logged out.
    SignedOut { mode: ModeId },
}

impl Message {
    pub(crate) fn mode(&self) -> &ModeId {
        match self {
            Self::Request { mode }
            | Self::Renewing { mode }
            | Self::Offer { mode, .. }
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
    Answer(BearerCredential),
    /// Tell the other tabs that this one replaces the credential.
    Announce,
    /// Give the other tab more time before this one renews by itself.
    Wait,
    /// Use this credential from now on.
    Adopt(BearerCredential),
    /// Replace the credential by this one, if there is one, and ask the server again.
    Reload(Option<BearerCredential>),
    /// Sign out.
    SignOut,
}

/// Decides without side effects.
pub(crate) fn react(message: Message, bearer: &BearerState, now: i64) -> Reaction {
    match message {
        Message::Request { .. } => match &bearer.credential {
            Some(mine) if mine.lifetime.is_some() && !mine.is_due(now) => Reaction::Answer(mine.clone()),
            _ if bearer.replaces_without_lock => Reaction::Announce,
            _ => Reaction::Ignore,
        },
        Message::Renewing { .. } if bearer.asked.is_some() => Reaction::Wait,
        Message::Renewing { .. } => Reaction::Ignore,
        Message::Offer { credential: offered, .. } => {
            let better = match &bearer.credential {
                Some(mine) => offered.supersedes(mine),
                // A tab without a credential that did not ask for one has logged out. A late answer must not undo that.
                None => bearer.asked.is_some(),
            };
            if better && !offered.is_due(now) { Reaction::Adopt(offered) } else { Reaction::Ignore }
        }
        Message::Changed { credential, .. } => Reaction::Reload(credential),
        Message::SignedOut { .. } => Reaction::SignOut,
    }
}

/// Sends a message to all other tabs. `false` if the browser cannot.
pub(crate) fn send(message: &Message) -> bool {
    serde_json::to_string(message).is_ok_and(|text| browser::send_to_tabs(&text))
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
        client::tokens::{Asked, Token, TokenLifetime},
        types::Lifetime,
    };

    fn mode() -> ModeId {
        ModeId("m".to_owned())
    }

    /// Issued at that second, with a lifetime of as many seconds.
    fn issued_at(issued_at: i64) -> BearerCredential {
        let auth = Lifetime { issued_at, expires_at: 2 * issued_at, absolute_expires_at: i64::MAX, generation: 1 };
        let lifetime = TokenLifetime::starting(issued_at, issued_at, auth);
        BearerCredential { token: Token::new(format!("t{issued_at}")), lifetime: Some(lifetime) }
    }

    fn holding(credential: BearerCredential) -> BearerState {
        BearerState { credential: Some(credential), ..BearerState::default() }
    }

    fn offer(credential: BearerCredential) -> Message {
        Message::Offer { mode: mode(), credential }
    }

    #[test]
    fn a_tab_with_a_valid_credential_shares_it() {
        let reaction = react(Message::Request { mode: mode() }, &holding(issued_at(300)), 310);
        assert_eq!(reaction, Reaction::Answer(issued_at(300)));
    }

    #[test]
    fn a_tab_whose_credential_is_due_for_renewal_does_not_answer() {
        assert_eq!(react(Message::Request { mode: mode() }, &holding(issued_at(300)), 599), Reaction::Ignore);
        assert_eq!(react(Message::Request { mode: mode() }, &BearerState::default(), 0), Reaction::Ignore);
    }

    #[test]
    fn a_tab_that_renews_without_a_lock_tells_a_tab_that_asks_and_that_one_waits() {
        let renews = BearerState { replaces_without_lock: true, ..BearerState::default() };
        assert_eq!(react(Message::Request { mode: mode() }, &renews, 0), Reaction::Announce);
        let (asked, _answer) = oneshot::channel();
        let asks = BearerState { asked: Some(Asked::new(asked)), ..BearerState::default() };
        assert_eq!(react(Message::Renewing { mode: mode() }, &asks, 0), Reaction::Wait);
        assert_eq!(react(Message::Renewing { mode: mode() }, &BearerState::default(), 0), Reaction::Ignore);
    }

    #[test]
    fn a_token_of_this_tab_alone_is_never_shared() {
        let kept = BearerCredential { token: Token::new("lk".to_owned()), lifetime: None };
        assert_eq!(react(Message::Request { mode: mode() }, &holding(kept), 0), Reaction::Ignore);
    }

    #[test]
    fn a_newer_credential_of_another_tab_is_adopted() {
        assert_eq!(react(offer(issued_at(600)), &holding(issued_at(300)), 310), Reaction::Adopt(issued_at(600)));
        assert_eq!(react(offer(issued_at(300)), &holding(issued_at(600)), 310), Reaction::Ignore);
    }

    #[test]
    fn a_credential_that_is_about_to_expire_is_not_adopted() {
        assert_eq!(react(offer(issued_at(600)), &holding(issued_at(300)), 1199), Reaction::Ignore);
    }

    #[test]
    fn a_new_tab_adopts_the_credential_that_it_asked_for() {
        let (asked, _answer) = oneshot::channel();
        let bearer = BearerState { asked: Some(Asked::new(asked)), ..BearerState::default() };
        assert_eq!(react(offer(issued_at(300)), &bearer, 310), Reaction::Adopt(issued_at(300)));
    }

    #[test]
    fn a_late_renewal_of_another_tab_does_not_undo_a_logout() {
        assert_eq!(react(offer(issued_at(300)), &BearerState::default(), 0), Reaction::Ignore);
    }

    #[test]
    fn a_logout_and_a_change_in_another_tab_always_take_effect() {
        assert_eq!(react(Message::SignedOut { mode: mode() }, &holding(issued_at(300)), 0), Reaction::SignOut);
        let changed = Message::Changed { mode: mode(), credential: None };
        assert_eq!(react(changed, &holding(issued_at(300)), 0), Reaction::Reload(None));
    }

    #[test]
    fn a_login_in_another_tab_signs_this_tab_in_too() {
        let login = Message::Changed { mode: mode(), credential: Some(issued_at(300)) };
        assert_eq!(react(login, &BearerState::default(), 0), Reaction::Reload(Some(issued_at(300))));
    }

    #[test]
    fn a_message_survives_serialisation() {
        let text = serde_json::to_string(&offer(issued_at(300))).expect("JSON");
        assert_eq!(serde_json::from_str::<Message>(&text).expect("a message"), offer(issued_at(300)));
    }
}
