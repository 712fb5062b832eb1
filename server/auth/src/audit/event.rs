//! What an event is: what was attempted, by whom and on what, and the word for how it came out.

use http::request::Parts;

use crate::{
    mode::{
        ModeId,
        client::Client,
        issued::{Issued, Revocation},
        shown::Owner,
    },
    secret::SecretHash,
    users::UserId,
};

const REQUEST_ID: &str = "x-request-id";
/// Code points of a request id that are kept: it may come from outside.
const REQUEST_ID_MAX_CHARS: usize = 64;

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
#[derive(Clone)]
pub(crate) struct Event {
    pub action: Action,
    pub mode: Option<ModeId>,
    pub user: Option<UserId>,
    /// Who acted, where that is somebody else than the user.
    pub actor: Option<UserId>,
    /// The hash of the id of the sign-in, or of the name that the mode gives its credential.
    pub credential: Option<SecretHash>,
    pub client: Client,
    pub request_id: String,
}

impl Event {
    /// An event of a request.
    pub(crate) fn new(action: Action, req: &Parts) -> Self {
        Self { client: Client::of(req), request_id: request_id(req), ..Self::by_operator(action) }
    }

    /// An event of the command line.
    pub(crate) fn by_operator(action: Action) -> Self {
        let (client, request_id) = (Client::default(), String::new());
        Self { action, mode: None, user: None, actor: None, credential: None, client, request_id }
    }

    pub(crate) fn mode(self, mode: ModeId) -> Self {
        Self { mode: Some(mode), ..self }
    }

    pub(crate) fn user(self, user: Option<&UserId>) -> Self {
        Self { user: user.cloned(), ..self }
    }

    pub(crate) fn credential(self, id: Option<&str>) -> Self {
        Self { credential: id.map(|id| SecretHash::of(id.as_bytes())), ..self }
    }

    /// About this credential and its user.
    pub(crate) fn owner(self, owner: Option<&Owner>) -> Self {
        self.user(owner.map(|owner| &owner.user_id)).credential(owner.and_then(Owner::credential))
    }
}

fn request_id(req: &Parts) -> String {
    let text = req.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    text.chars().take(REQUEST_ID_MAX_CHARS).collect()
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
