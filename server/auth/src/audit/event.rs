//! An audit event before its outcome is known, and the outcome as text.

use http::request::Parts;

use crate::{
    mode::{
        ModeId,
        client::Client,
        issued::{Issued, Revocation},
        shown::Owner,
    },
    secret::SecretHash,
    sign_in::SignIn,
    users::UserId,
};

/// The header that names a request in the log and in the audit log.
pub const REQUEST_ID: &str = "x-request-id";
/// Length of a request id. A UUID has 36 bytes, a W3C trace id 32; the transport layer removes a longer one.
pub const REQUEST_ID_MAX_BYTES: usize = 128;

/// The operation that an event records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An account was created.
    Register,
    /// An account was imported from another system.
    Import,
    /// A password was checked.
    Login,
    /// A credential was presented and refused.
    Present,
    /// A credential was replaced by its successor.
    Rotate,
    /// One sign-in was ended by its credential.
    Logout,
    /// All sign-ins of one mode were ended by their user.
    LogoutAll,
    /// All sign-ins of all modes were ended by their user.
    LogoutEverywhere,
    /// One sign-in was ended from the list of devices.
    EndSignIn,
    /// All other sign-ins of the account were ended.
    EndOthers,
    /// A user changed the password of the account.
    ChangePassword,
    /// An operator set a password.
    SetPassword,
    /// An account was disabled.
    Disable,
    /// An account was enabled.
    Enable,
    /// All credentials of an account were ended by an operator or administrator.
    Expire,
    /// A key was added to the ring.
    RotateKey,
    /// A key of the ring was retired.
    RetireKey,
    /// A key was exported to the operator.
    ExportKey,
    /// A request was not permitted: an administrator's operation, a cross-site request, introspection by an unknown
    /// OAuth client.
    Deny,
}

impl Action {
    /// The stored spelling.
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

/// An audit event without its outcome.
#[derive(Clone)]
pub(crate) struct Event {
    pub action: Action,
    pub mode: Option<ModeId>,
    pub user: Option<UserId>,
    /// The acting account, where it differs from `user`.
    pub actor: Option<UserId>,
    /// The hash of the sign-in's id, or of the credential's id where the mode keeps no row.
    pub credential: Option<SecretHash>,
    pub client: Client,
    pub request_id: String,
}

impl Event {
    /// An event that an HTTP request causes.
    pub(crate) fn new(action: Action, req: &Parts) -> Self {
        Self { client: Client::of(req), request_id: request_id(req), ..Self::by_operator(action) }
    }

    /// An event that the command line causes.
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

    /// Sets the credential to that of a sign-in. It takes no id, because a client can make ids up.
    pub(crate) fn sign_in(self, sign_in: Option<&SignIn>) -> Self {
        Self { credential: sign_in.map(|sign_in| SecretHash::of(sign_in.id.as_str().as_bytes())), ..self }
    }

    /// Sets the user and the credential from the credential's owner.
    pub(crate) fn owner(self, owner: Option<&Owner>) -> Self {
        let credential = owner.and_then(Owner::credential).map(|id| SecretHash::of(id.as_bytes()));
        Self { credential, ..self.user(owner.map(|owner| &owner.user_id)) }
    }
}

fn request_id(req: &Parts) -> String {
    let text = req.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    // `to_str` accepts visible ASCII only, so a byte is a character.
    text.get(..REQUEST_ID_MAX_BYTES).unwrap_or(text).to_owned()
}

/// Converts a result into the outcome text of the audit log.
pub(crate) trait AuditOutcome {
    fn audit_text(&self) -> &'static str {
        "ok"
    }
}

impl AuditOutcome for Issued {
    fn audit_text(&self) -> &'static str {
        self.by.as_str()
    }
}

impl AuditOutcome for Revocation {}

impl AuditOutcome for () {}
