//! The credential that a request presents, and the result of introspecting a token.

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

/// The purpose that a credential is read for. A mode with two tokens uses a different one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To recognise the caller.
    Recognise,
    /// To renew or end the sign-in. The refresh token is read first. The access token follows: it can end its sign-in,
    /// too.
    RenewOrEnd,
}

/// The credential of one mode in a request.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The request has none.
    Absent,
    /// It is malformed, or was not issued by this server. Nothing ends by it.
    Unreadable(Refusal),
    /// A credential that this server issued, alive or dead.
    Genuine(Owner),
}

impl Shown {
    /// The owner of a genuine credential.
    #[must_use]
    pub fn owner(&self) -> Option<&Owner> {
        match self {
            Self::Genuine(owner) => Some(owner),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }
}

/// The owner of a credential, and whether it is valid.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The account.
    pub user_id: UserId,
    /// The sign-in, where the server keeps a row.
    pub sign_in: Option<SignInId>,
    /// The id of this single credential, where the mode keeps no row.
    pub rowless_id: Option<String>,
    /// When its sign-in ends, however often it is used.
    pub absolute_expires_at: Timestamp,
    /// The reason why it is not valid. A stateless credential is not checked against the database here.
    pub verdict: Result<(), Refusal>,
}

impl Owner {
    /// The id that identifies the credential in the audit log.
    #[must_use]
    pub fn credential(&self) -> Option<&str> {
        self.sign_in.as_ref().map(SignInId::as_str).or(self.rowless_id.as_deref())
    }
}

/// A credential from the body of a request. The transport layer puts it into the request's extensions, because a mode
/// sees [`Parts`] and no body.
#[derive(Clone, Debug)]
pub struct BodyCredential(pub SecretString);

impl BodyCredential {
    /// The body credential of this request.
    #[must_use]
    pub fn of(req: &Parts) -> Option<&SecretString> {
        req.extensions.get::<Self>().map(|Self(text)| text)
    }
}

/// The result of introspecting a token.
#[derive(Clone, Debug)]
pub struct Introspected {
    /// The owner of the token.
    pub owner: Owner,
    /// The claims for another service. Valid only if the token is active.
    pub claims: Introspection,
    /// The token was used before. Introspection of it has the same effect as its use: the caller must end the sign-in.
    pub replay: Option<Replay>,
}

/// The claims of a token (RFC 7662, 2.2).
#[derive(Clone, Debug, Serialize)]
pub struct Introspection {
    /// The mode that issued it.
    pub mode: ModeId,
    /// The type of the token: `access`, `refresh` …
    pub token_use: &'static str,
    /// The user's id.
    pub sub: UserId,
    /// The user's name.
    pub username: String,
    /// When it was issued.
    pub iat: Timestamp,
    /// When it expires.
    pub exp: Timestamp,
    /// Its id, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Its issuer, if configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}
