//! The seam: what a mode is. A *mode* is how a signed-in caller is recognised on the next request; checking a password the
//! first time is not one.

use std::fmt;

use async_trait::async_trait;
use http::request::Parts;
use serde::Serialize;

use crate::{
    clock::{Seconds, Timestamp},
    db::Db,
    error::AuthError,
    keys::{Keys, Kid, SigningAlgorithm},
    principal::{Credential, CredentialId, Lifetime, Principal},
    secret::SecretString,
    settings::{Settings, SettingsError},
    user::{User, UserId},
};

/// Names one mode, as in `/api/{mode}/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ModeId(pub &'static str);

impl fmt::Display for ModeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How a credential reaches the server. This, and not the token's format, decides whether CSRF is a threat, what logging
/// out clears, and whether the server can render a page for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The browser sends it by itself.
    Cookie,
    /// A program puts it into the `Authorization` header.
    Bearer,
}

/// A mode in its own words. The pages, the documentation and `GET /api/modes` print these, so they cannot disagree.
#[derive(Debug, Serialize)]
pub struct ModeInfo {
    /// Its id.
    pub id: ModeId,
    /// For people.
    pub name: &'static str,
    /// How its credential travels.
    pub transport: Transport,
    /// The cookie that it sets, if it sets one: the credential itself, or the refresh token of a bearer mode.
    pub cookie: Option<&'static str>,
    /// A browser can renew the bearer credential without the user, by that cookie.
    pub renews_silently: bool,
    /// What the browser holds.
    pub client_holds: &'static str,
    /// What the server holds.
    pub server_holds: &'static str,
    /// What recognising the caller costs, on each request.
    pub request_costs: &'static str,
    /// What ends a sign-in, and how soon.
    pub ended_by: &'static str,
    /// When to choose it.
    pub choose_when: &'static str,
    /// What tutorials often say of it …
    pub often_said: &'static str,
    /// … and what is the case.
    pub in_fact: &'static str,
}

/// One way to recognise a caller. `now` is an argument, so that every date of one request is the same date.
///
/// Each method reads the one credential of its own mode from the request and never falls back to another.
#[async_trait]
pub trait AuthMode: Send + Sync {
    /// What the mode says of itself.
    fn info(&self) -> &'static ModeInfo;

    /// Signs a user in whose password was checked, and ends the credential that the request carried, if any.
    async fn issue(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// Recognises the caller. `Ok(None)`: no credential was shown. `Err`: one was shown, and refused.
    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError>;

    /// What to set on the answer so that a caller who is active stays signed in. Nothing, where the server keeps the dates.
    async fn slide(&self, _caller: &Principal, _req: &Parts, _now: Timestamp) -> Result<Vec<SetCookie>, AuthError> {
        Ok(Vec::new())
    }

    /// Replaces the caller's credential by its successor.
    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// Ends the caller's credential. One that is dead already is no error: logging out twice is logging out.
    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError>;

    /// Ends every credential of the user in this mode.
    async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError>;

    /// The user's live credentials in this mode, newest first. Empty where the server does not know them.
    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError>;

    /// Ends one credential of the user, by the name that it has in the list. `false`: there is no such live one.
    async fn end(&self, user: &UserId, credential: &CredentialId, now: Timestamp) -> Result<bool, AuthError>;

    /// Whose credential the request shows, alive or dead, and which: for the audit trail. `None`: none that is genuine.
    async fn owner(&self, req: &Parts, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        match self.authenticate(req, now).await {
            Ok(found) => Ok(found.map(|Principal { user_id, credential, .. }| Owner { user_id, credential })),
            Err(AuthError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the browser is told to forget when the user logs out.
    fn clear(&self) -> Vec<SetCookie>;

    /// Deletes at most `limit` rows that nothing can come of any more, and says how many.
    async fn prune(&self, _now: Timestamp, _limit: i64) -> Result<u64, AuthError> {
        Ok(0)
    }

    /// What a bearer token of this mode stands for, for another service that was shown it (RFC 7662). `None`: nothing, or it
    /// is none of this mode's.
    async fn introspect(&self, _token: &str, _now: Timestamp) -> Result<Option<Introspection>, AuthError> {
        Ok(None)
    }

    /// Ends the sign-in that a token belongs to (RFC 7009). Whoever holds it may end it. `None`: it is none of this mode's.
    async fn revoke_token(&self, _token: &str, _now: Timestamp) -> Result<Option<Revocation>, AuthError> {
        Ok(None)
    }

    /// The endpoints of a token library, where the mode has them.
    fn token_service(&self) -> Option<&dyn TokenService> {
        None
    }
}

/// What djangorestframework-simplejwt does over HTTP, without the HTTP.
///
/// Each method takes the token as text. `Err(AuthError::Refused)` says why it is refused.
#[async_trait]
pub trait TokenService: Send + Sync {
    /// Setting `AUTH_HEADER_TYPES`: the schemes of an `Authorization` header under which an access token is taken.
    fn header_types(&self) -> &[String];

    /// The classes of token that are taken for access, each by the name of its class and of its type.
    fn access_classes(&self) -> &[(&'static str, &'static str)];

    /// A new sign-in, both tokens in the body.
    async fn obtain_pair(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError>;

    /// A new pair for a refresh token.
    async fn refresh(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError>;

    /// Is it genuine, alive and not revoked, whatever it is for?
    async fn verify(&self, token: &str, now: Timestamp) -> Result<(), AuthError>;

    /// Ends the sign-in of a refresh token.
    async fn blacklist(&self, token: &str, now: Timestamp) -> Result<(), AuthError>;

    /// A new sliding token.
    async fn obtain_sliding(&self, user: &User, now: Timestamp) -> Result<Issued, AuthError>;

    /// A later one for a sliding token that is alive.
    async fn refresh_sliding(&self, token: &str, now: Timestamp) -> Result<Issued, AuthError>;

    /// Recognises the caller by an access token.
    async fn authenticate(&self, token: &str, now: Timestamp) -> Result<Principal, AuthError>;

    /// Whose a genuine token is, whatever it is good for.
    async fn owner_of(&self, token: &str, now: Timestamp) -> Result<Option<Owner>, AuthError>;

    /// The keys that others check our tokens with, as a JWK Set has them (RFC 7517, 5).
    async fn jwks(&self, now: Timestamp) -> Result<Vec<serde_json::Value>, AuthError>;

    /// Could a key of this name and algorithm sign?
    ///
    /// # Errors
    /// [`AuthError::Internal`] if not, with the reason.
    fn check_key(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError>;

    /// One key as a JWK, its secret half included, for a service that is to share it.
    async fn export_key(&self, kid: &str, now: Timestamp) -> Result<serde_json::Value, AuthError>;
}

/// Whose a credential is.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The account.
    pub user_id: UserId,
    /// Which of its credentials, where the server keeps a list.
    pub credential: Option<CredentialId>,
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

/// What every mode is built from.
#[derive(Clone)]
pub struct Base {
    /// Where the modes that remember keep their rows.
    pub db: Db,
    /// What the modes that do not remember sign or seal with.
    pub keys: Keys,
    /// Each mode's own settings, by name.
    pub settings: Settings,
    /// When `users.epoch` is compared.
    pub epoch_check: EpochCheck,
}

impl Base {
    /// Reads what all modes share from the settings.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn new(db: Db, keys: Keys, settings: Settings) -> Result<Self, SettingsError> {
        let epoch_check =
            if settings.switch("CHECK_EPOCH", true)? { EpochCheck::EveryRequest } else { EpochCheck::OnRenewal };
        Ok(Self { db, keys, settings, epoch_check })
    }
}

/// Setting `CHECK_EPOCH`: when a stateless credential's epoch is compared with the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochCheck {
    /// `true`, the default. One read for each request; a revocation takes hold at once.
    EveryRequest,
    /// `false`. No read; a revocation takes hold when the credential is renewed or expires.
    OnRenewal,
}

/// A freshly made credential, and how it is handed over.
#[derive(Debug)]
pub struct Issued {
    /// How it came to be.
    pub by: IssuedBy,
    /// Its dates.
    pub lifetime: Lifetime,
    /// What to set.
    pub set_cookies: Vec<SetCookie>,
    /// What the body carries.
    pub delivery: Delivery,
}

/// How a credential came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuedBy {
    /// A password was checked.
    Login,
    /// It replaces its predecessor.
    Rotation,
    /// It has replaced it before, and is handed over again: the first answer was lost, or two tabs asked at once.
    Retry,
}

impl IssuedBy {
    /// As the audit trail and the `X-Rotation` header spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "issued",
            Self::Rotation => "rotated",
            Self::Retry => "retry",
        }
    }
}

/// What the body of a login or rotation carries.
#[derive(Debug)]
pub enum Delivery {
    /// Nothing: the credential is in the cookie.
    Cookie,
    /// One token.
    Token {
        /// For the `Authorization` header.
        token: SecretString,
        /// Until it has to have been used.
        expires_in: Seconds,
    },
    /// A short-lived and a long-lived one.
    Pair {
        /// For the `Authorization` header.
        access: SecretString,
        /// How long it lives.
        access_expires_in: Seconds,
        /// Absent where it travels in a cookie that scripts cannot read.
        refresh: Option<SecretString>,
        /// How long that one lives.
        refresh_expires_in: Seconds,
    },
}

/// When the end of a credential takes hold: statelessness is visible in the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every copy is dead now.
    Immediate,
    /// A copy lives until then.
    AtExpiry(Timestamp),
}

impl Revocation {
    /// Of two, the one that takes longer.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Immediate, slower) | (slower, Self::Immediate) => slower,
            (Self::AtExpiry(a), Self::AtExpiry(b)) => Self::AtExpiry(a.max(b)),
        }
    }
}

/// A `Set-Cookie`, whose value is not printed.
#[derive(Clone)]
pub struct SetCookie(pub cookie::Cookie<'static>);

impl fmt::Debug for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SetCookie").field(&self.0.name()).finish()
    }
}

/// A credential that came in the body of a request, where the transport layer found one. It goes into the request's
/// extensions, because a mode sees [`Parts`] and no body.
#[derive(Clone, Debug)]
pub struct BodyCredential(pub SecretString);
