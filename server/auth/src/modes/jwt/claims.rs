//! The claims of a token.

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

/// The type of a token. It is written twice: in the header's `typ`, which a verifier can check first (RFC 8725, 3.11),
/// and in `token_type`, which SimpleJWT reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Access,
    Refresh,
    /// An access token that can also be renewed until its absolute end.
    Sliding,
}

impl Kind {
    /// The spelling in `token_type`.
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

/// The audience of a token (RFC 7519, 4.1.3): one name or several.
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

/// The claims of every type. They are signed, not secret: every holder of the token can read them.
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
    /// The sign-in of the token.
    pub sid: SignInId,
    /// The generation of the current refresh token when this token was issued.
    pub generation: i64,
    /// When the sign-in ends, however often it is used. Refresh tokens omit this claim and the following ones, because
    /// their sign-in is read from the database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute_exp: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The end of renewal. Sliding tokens only, with SimpleJWT's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_exp: Option<Timestamp>,
}

impl Claims {
    /// The claims of a refresh token. They depend on stored values only, so minting it twice results in the same token.
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

    /// The claims of an access token. The epoch is that of the sign-in, never that of the account: otherwise a sign-in
    /// that the epoch has ended could live again.
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

    /// The account according to the token alone. A refresh token does not contain it.
    pub(super) fn user(&self) -> Result<User, Refusal> {
        match (&self.username, self.role, self.epoch, self.absolute_exp) {
            (Some(username), Some(role), Some(epoch), Some(_)) => {
                Ok(User::claimed(self.sub.clone(), username.clone(), role, epoch))
            }
            _ => Err(Refusal::Malformed),
        }
    }
}

/// A new token id: 128 random bits as 32 hex digits, SimpleJWT's format.
pub(super) fn new_jti() -> Result<String, AuthError> {
    Ok(hex::encode(random_bytes::<JTI_BYTES>()?.as_slice()))
}
