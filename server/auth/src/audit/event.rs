//! What an event is: what was attempted, by whom and on what, and the word for how it came out.

use http::request::Parts;

use crate::{
    mode::issued::{Issued, Revocation},
    mode::principal::CredentialId,
    mode::{ModeId, Owner},
    users::UserId,
};

/// What was attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An account was created.
    Register,
    /// An account of another system was taken over.
    Import,
    /// A password was checked.
    Login,
    /// A credential was shown and refused.
    Present,
    /// A credential was replaced by its successor.
    Rotate,
    /// One credential was ended by whoever holds it.
    Logout,
    /// All of one mode.
    LogoutAll,
    /// All of all modes.
    LogoutEverywhere,
    /// One credential was ended, from the list.
    EndCredential,
    /// All others were ended, from the list.
    EndOthers,
    /// A user changed the password.
    ChangePassword,
    /// An operator set a password.
    SetPassword,
    /// An account was closed.
    Disable,
    /// An account was opened again.
    Enable,
    /// All credentials of an account were ended by an operator.
    Expire,
    /// A key was added to the ring.
    RotateKey,
    /// A key was taken off the ring.
    RetireKey,
}

impl Action {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Import => "import",
            Self::Login => "login",
            Self::Present => "present",
            Self::Rotate => "rotate",
            Self::Logout => "logout",
            Self::LogoutAll => "logout-all",
            Self::LogoutEverywhere => "logout-everywhere",
            Self::EndCredential => "end-credential",
            Self::EndOthers => "end-others",
            Self::ChangePassword => "change-password",
            Self::SetPassword => "set-password",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Expire => "expire",
            Self::RotateKey => "rotate-key",
            Self::RetireKey => "retire-key",
        }
    }
}

/// What is recorded, before its outcome is known.
#[derive(Clone, Copy)]
pub(crate) struct Event<'e> {
    pub action: Action,
    pub mode: Option<ModeId>,
    pub user: Option<&'e UserId>,
    pub actor: Option<&'e UserId>,
    pub credential: Option<&'e CredentialId>,
    /// Where it came from. None: from the operator's command line.
    pub req: Option<&'e Parts>,
}

impl<'e> Event<'e> {
    pub(crate) fn new(action: Action, req: &'e Parts) -> Self {
        Self { req: Some(req), ..Self::by_operator(action) }
    }

    /// By this mode, about this credential and its user.
    pub(crate) fn about(self, mode: ModeId, owner: Option<&'e Owner>) -> Self {
        Self {
            mode: Some(mode),
            user: owner.map(|owner| &owner.user_id),
            credential: owner.and_then(|owner| owner.credential.as_ref()),
            ..self
        }
    }

    pub(crate) fn by_operator(action: Action) -> Self {
        Self { action, mode: None, user: None, actor: None, credential: None, req: None }
    }
}

/// How something came out, in a word for the trail, and which credential came of it.
pub(crate) trait Outcome {
    fn word(&self) -> &'static str {
        "ok"
    }

    fn credential(&self) -> Option<&CredentialId> {
        None
    }
}

impl Outcome for Issued {
    fn word(&self) -> &'static str {
        self.by.as_str()
    }

    fn credential(&self) -> Option<&CredentialId> {
        self.credential.as_ref()
    }
}

impl<T: Outcome> Outcome for &T {
    fn word(&self) -> &'static str {
        (*self).word()
    }

    fn credential(&self) -> Option<&CredentialId> {
        (*self).credential()
    }
}

impl Outcome for Revocation {}

impl Outcome for () {}
