//! The payload of a token: what it is for, for whom, and what it claims.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::principal::Lifetime,
    random::random_bytes,
    sign_in::{SignIn, SignInId},
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
    /// As `token_type` spells it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
        }
    }

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
    /// The sign-in that the token belongs to.
    pub sid: SignInId,
    /// Generation of the refresh token that is next when this token is made.
    pub generation: i64,
    /// When the sign-in ends, whatever happens. This and what follows is not in refresh tokens: their sign-in is looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute_exp: Option<Timestamp>,
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
    /// Wholly determined by what is stored: minting it twice gives the same token.
    pub(super) fn refresh(sign_in: &SignIn, jti: String, lifetime: Lifetime) -> Self {
        Self {
            token_type: Kind::Refresh,
            exp: lifetime.expires_at,
            iat: lifetime.issued_at,
            nbf: None,
            iss: None,
            aud: None,
            jti,
            sub: sign_in.user_id.clone(),
            user_id: sign_in.user_id.clone(),
            sid: sign_in.id.clone(),
            generation: lifetime.generation,
            absolute_exp: None,
            epoch: None,
            username: None,
            role: None,
            refresh_exp: None,
        }
    }

    /// For access. The epoch is the sign-in's and never the account's: a sign-in that was overtaken stays dead.
    pub(super) fn access(user: &User, sign_in: &SignIn, lifetime: Lifetime) -> Result<Self, AuthError> {
        Ok(Self {
            token_type: Kind::Access,
            absolute_exp: Some(sign_in.absolute_expires_at),
            epoch: Some(sign_in.epoch),
            username: Some(user.username.clone()),
            role: Some(user.role),
            ..Self::refresh(sign_in, new_jti()?, lifetime)
        })
    }

    pub(super) fn lifetime(&self) -> Lifetime {
        Lifetime {
            issued_at: self.iat,
            expires_at: self.exp,
            absolute_expires_at: self.absolute_exp.unwrap_or(self.exp),
            generation: self.generation,
        }
    }

    /// The account by the token alone. A refresh token does not tell it.
    pub(super) fn user(&self) -> Result<User, Refusal> {
        match (&self.username, self.role, self.epoch, self.absolute_exp) {
            (Some(username), Some(role), Some(epoch), Some(_)) => {
                Ok(User { id: self.sub.clone(), username: username.clone(), role, epoch, disabled_at: None })
            }
            _ => Err(Refusal::Malformed),
        }
    }
}

/// The name of one token: 128 random bits as 32 hex digits, as SimpleJWT has it.
pub(super) fn new_jti() -> Result<String, AuthError> {
    Ok(hex::encode(random_bytes::<JTI_BYTES>()?.as_slice()))
}
