//! What a request shows, and what a token stands for, before anything is decided about it.

use http::request::Parts;
use serde::Serialize;

use super::info::ModeId;
use crate::{
    clock::Timestamp,
    error::{Refusal, Replay},
    secret::SecretString,
    sign_in::SignInId,
    users::UserId,
};

/// What a credential is looked for. A mode with two tokens has one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To recognise the caller.
    Recognise,
    /// To renew or to end the sign-in. The refresh token comes first; without one, the access token names the sign-in.
    RenewOrEnd,
}

/// What a request shows of one mode's credential.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing.
    Absent,
    /// Something that this server cannot read, or did not make. Nothing can be ended by it.
    Unreadable(Refusal),
    /// A credential that this server made, alive or dead.
    Genuine(Owner),
}

impl Shown {
    /// Whose it is, if that is known.
    #[must_use]
    pub fn owner(&self) -> Option<&Owner> {
        match self {
            Self::Genuine(owner) => Some(owner),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }
}

/// Whose a credential is, and whether it works.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The account.
    pub user_id: UserId,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The name of this one credential, where the mode gives it one and keeps no row.
    pub name: Option<String>,
    /// When its sign-in ends, whatever happens.
    pub absolute_expires_at: Timestamp,
    /// Why it does not work. A stateless credential is not compared with the database here.
    pub verdict: Result<(), Refusal>,
}

impl Owner {
    /// What the audit log knows the credential by.
    #[must_use]
    pub fn credential(&self) -> Option<&str> {
        self.sign_in.as_ref().map(SignInId::as_str).or(self.name.as_deref())
    }
}

/// A credential that came in the body of a request, where the transport layer found one. It goes into the request's
/// extensions, because a mode sees [`Parts`] and no body.
#[derive(Clone, Debug)]
pub struct BodyCredential(pub SecretString);

impl BodyCredential {
    /// The one that came with this request.
    #[must_use]
    pub fn of(req: &Parts) -> Option<&SecretString> {
        req.extensions.get::<Self>().map(|Self(text)| text)
    }
}

/// What a token of a bearer mode stands for.
#[derive(Clone, Debug)]
pub struct Introspected {
    /// Whose it is.
    pub owner: Owner,
    /// What another service may learn of it, if it works.
    pub claims: Introspection,
    /// It was used up before. Asking about it is as dangerous as using it: the caller must end the sign-in.
    pub replay: Option<Replay>,
}

/// What a token stands for (RFC 7662, 2.2).
#[derive(Clone, Debug, Serialize)]
pub struct Introspection {
    /// The mode that knows it.
    pub mode: ModeId,
    /// What it may be used for: `access`, `refresh` …
    pub token_use: &'static str,
    /// The user's id.
    pub sub: UserId,
    /// The user's name.
    pub username: String,
    /// When it was made.
    pub iat: Timestamp,
    /// When it dies.
    pub exp: Timestamp,
    /// Its name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Who made it, if configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}
