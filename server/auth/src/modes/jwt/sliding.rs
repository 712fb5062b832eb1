//! Sliding tokens: SimpleJWT's alternative to the pair. Off unless `AUTH_TOKEN_CLASSES` contains them.

use http::request::Parts;

use super::{
    claims::{Claims, Kind},
    presented::presented_refresh,
    token::Tokens,
};
use crate::{
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
    mode::{
        issued::{Delivery, Issued, IssuedBy, Rotation},
        lifetimes::Lifetimes,
        principal::Lifetime,
    },
    settings::{Settings, SettingsError},
    sign_in::SignIn,
    users::User,
};

/// Maximum time without renewal. SimpleJWT's default.
const SLIDING: Seconds = Seconds::minutes(5);
/// Maximum time in total, however often the token is renewed. SimpleJWT's default.
const SLIDING_REFRESH: Seconds = Seconds::days(1);
/// The token classes that can be accepted as access tokens, each with the name of its class and of its type.
const CLASSES: [(&str, &str); 2] = [("AccessToken", "access"), ("SlidingToken", "sliding")];

/// Sliding tokens: one token for access and renewal. A thief can renew a stolen one as well as its owner, so each use
/// is checked against its sign-in, whatever the access check. Prefer the pair.
pub(super) struct Sliding {
    pub(super) lifetime: Seconds,
    refresh_lifetime: Seconds,
    /// Setting `AUTH_TOKEN_CLASSES`.
    pub(super) classes: Vec<(&'static str, &'static str)>,
}

impl Sliding {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let classes = settings.list("AUTH_TOKEN_CLASSES", &["AccessToken"]);
        let classes = classes
            .iter()
            .map(|name| CLASSES.into_iter().find(|(class, _)| class == name))
            .collect::<Option<Vec<_>>>()
            .filter(|classes| !classes.is_empty())
            .ok_or_else(|| SettingsError {
                name: "AUTH_TOKEN_CLASSES",
                expected: "AccessToken, SlidingToken or both".to_owned(),
            })?;
        let idle = ("SLIDING_TOKEN_LIFETIME", SLIDING);
        let read = Lifetimes::read(settings, idle, ("SLIDING_TOKEN_REFRESH_LIFETIME", SLIDING_REFRESH))?;
        Ok(Self { lifetime: read.idle, refresh_lifetime: read.absolute, classes })
    }

    /// Is a token of this type accepted as an access token?
    pub(super) fn accepts(&self, kind: Kind) -> bool {
        self.classes.iter().any(|(_, name)| *name == kind.as_str())
    }

    /// The lifetimes of the sign-in: until renewal ends. The token itself expires earlier.
    pub(super) fn lifetimes(&self) -> Lifetimes {
        Lifetimes { idle: self.refresh_lifetime, absolute: self.refresh_lifetime }
    }

    /// Mints a sliding token of this generation.
    pub(super) async fn token(
        &self,
        tokens: &Tokens,
        user: &User,
        sign_in: &SignIn,
        by: IssuedBy,
        generation: i64,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let absolute_expires_at = sign_in.absolute_expires_at;
        let expires_at = Lifetime::idle_end(now, self.lifetime, absolute_expires_at);
        let lifetime = Lifetime { issued_at: now, expires_at, absolute_expires_at, generation };
        let claims = Claims {
            token_type: Kind::Sliding,
            refresh_exp: Some(absolute_expires_at),
            ..Claims::access(user, sign_in, lifetime)?
        };
        let token = tokens.mint(claims, now).await?;
        let delivery = Delivery::Token { token, expires_in: expires_at.since(now) };
        Ok(Issued { by, sign_in: Some(sign_in.id.clone()), lifetime, set_cookies: Vec::new(), delivery })
    }

    /// Renews the sliding token in the request. The old one works until it expires.
    pub(super) async fn rotate(
        &self,
        tokens: &Tokens,
        user: &User,
        locked: &SignIn,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let presented = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        let text = presented.texts.first().ok_or(AuthError::Missing)?;
        let claims = tokens.verify(text.expose(), Kind::Sliding, now).await?;
        if claims.sid != locked.id || claims.epoch != Some(locked.epoch) {
            return Ok(Rotation::Refused(Refusal::Revoked));
        }
        let issued = self.token(tokens, user, locked, IssuedBy::Rotation, claims.generation + 1, now).await?;
        Ok(Rotation::Next(issued))
    }
}
