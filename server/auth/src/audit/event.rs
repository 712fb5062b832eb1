//! What an event is: what was attempted, by whom and on what, and the word for how it came out.

use http::request::Parts;

use crate::{
    mode::{
        ModeId,
        issued::{Issued, Revocation},
        shown::Owner,
    },
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
    /// One sign-in was ended by its credential.
    Logout,
    /// All of one mode.
    LogoutAll,
    /// All of all modes.
    LogoutEverywhere,
    /// One sign-in was ended, from the list.
    EndSignIn,
    /// All other sign-ins were ended.
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
    /// A key was shown to the operator.
    ExportKey,
    /// A caller was refused what it may not do: an administrator's act, a request of another site, a service's question.
    Deny,
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
            Self::EndSignIn => "end-credential",
            Self::EndOthers => "end-others",
            Self::ChangePassword => "change-password",
            Self::SetPassword => "set-password",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Expire => "expire",
            Self::RotateKey => "rotate-key",
            Self::RetireKey => "retire-key",
            Self::ExportKey => "export-key",
            Self::Deny => "deny",
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
    /// The id of the sign-in, or the name that the mode gives its credential.
    pub credential: Option<&'e str>,
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
            credential: owner.and_then(Owner::credential),
            ..self
        }
    }

    pub(crate) fn by_operator(action: Action) -> Self {
        Self { action, mode: None, user: None, actor: None, credential: None, req: None }
    }
}

/// How something came out, in a word for the audit log.
pub(crate) trait Outcome {
    fn word(&self) -> &'static str {
        "ok"
    }
}

impl Outcome for Issued {
    fn word(&self) -> &'static str {
        self.by.as_str()
    }
}

impl Outcome for Revocation {}

impl Outcome for () {}
