//! The payload of a token: what it is for, for whom, and what it claims.

use serde::{Deserialize, Serialize};

use super::rotation::Head;
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::principal::Lifetime,
    secret::random_bytes,
    users::{Role, User, UserId},
};

const JTI_BYTES: usize = 16;

/// What a token may be used for. Said twice: in the header's `typ`, which a verifier sees first (RFC 8725, 3.11), and in
/// `token_type`, which SimpleJWT knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Access,
    Refresh,
    /// Access, and its own renewal while it lasts.
    Sliding,
}

impl Kind {
    pub(super) const fn typ(self) -> &'static str {
        match self {
            Self::Access | Self::Sliding => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }
}

/// For whom a token is (RFC 7519, 4.1.3): one name or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn includes(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }
}

/// The claims of every kind. Signed, not secret: whoever holds the token reads them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub token_type: Kind,
    pub exp: Timestamp,
    pub iat: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    pub jti: String,
    pub sub: UserId,
    /// The same as `sub`, under SimpleJWT's name.
    pub user_id: UserId,
    /// The family: the sign-in that the token belongs to.
    pub sid: String,
    /// Generation of the family's head when the token was minted.
    pub generation: i64,
    /// When the sign-in ends, whatever happens.
    pub absolute_exp: Timestamp,
    /// Not in refresh tokens: their user is looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Sliding tokens only, SimpleJWT's name: until when it can be renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_exp: Option<Timestamp>,
}

impl Claims {
    pub(super) fn access(user: &User, head: &Head, now: Timestamp, exp: Timestamp) -> Result<Self, AuthError> {
        Ok(Self {
            token_type: Kind::Access,
            exp,
            iat: now,
            jti: new_jti()?,
            epoch: Some(user.epoch),
            username: Some(user.username.clone()),
            role: Some(user.role),
            ..Self::refresh(user, head)
        })
    }

    /// Wholly determined by the stored row: minting it twice gives the same token.
    pub(super) fn refresh(user: &User, head: &Head) -> Self {
        Self {
            token_type: Kind::Refresh,
            exp: head.lifetime.expires_at,
            iat: head.lifetime.issued_at,
            nbf: None,
            iss: None,
            aud: None,
            jti: head.jti.clone(),
            sub: user.id.clone(),
            user_id: user.id.clone(),
            sid: head.family_id.clone(),
            generation: head.lifetime.generation,
            absolute_exp: head.lifetime.absolute_expires_at,
            epoch: None,
            username: None,
            role: None,
            refresh_exp: None,
        }
    }

    pub(super) fn lifetime(&self) -> Lifetime {
        Lifetime {
            issued_at: self.iat,
            expires_at: self.exp,
            absolute_expires_at: self.absolute_exp,
            generation: self.generation,
        }
    }

    /// Who the caller is by the token alone.
    pub(super) fn identity(self) -> Result<(UserId, String, Role), AuthError> {
        match (self.username, self.role) {
            (Some(username), Some(role)) => Ok((self.sub, username, role)),
            _ => Err(Refusal::Malformed.into()),
        }
    }
}

/// The name of one token: 128 random bits as 32 hex digits, as SimpleJWT has it.
pub(super) fn new_jti() -> Result<String, AuthError> {
    Ok(hex::encode(random_bytes::<JTI_BYTES>()?.as_slice()))
}
