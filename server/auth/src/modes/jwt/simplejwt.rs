//! The one door to SimpleJWT's endpoints: what djangorestframework-simplejwt does over HTTP, without the HTTP.
//!
//! A tutorial's client gets the same answers. Behind them is a sign-in like any other: where SimpleJWT keeps a list of refresh
//! tokens that were used, we keep the one that is next.

use http::request::Parts;

pub use super::presented::TokenForm;
use super::{
    INFO, JwtPair,
    claims::{Claims, Kind},
    presented::presented_refresh,
    rotation::{Line, Verdict},
};
use crate::{
    Auth,
    base::AccessCheck,
    clock::{Seconds, Timestamp},
    error::{AuthError, Refusal},
    mode::{
        BearerToken as _,
        issued::{Delivery, Issued, IssuedBy, Rotation},
        lifetimes::Lifetimes,
        principal::{Lifetime, Recognised},
        shown::{BodyCredential, Introspected},
    },
    secret::SecretString,
    settings::{Settings, SettingsError},
    sign_in::{EndReason, SignIn},
    users::User,
};

/// What djangorestframework-jwt calls the same settings. Ours, which are SimpleJWT's, come first.
pub(super) const ALIASES: [(&str, &str); 7] = [
    ("ACCESS_TOKEN_LIFETIME", "JWT_EXPIRATION_DELTA"),
    ("ALGORITHM", "JWT_ALGORITHM"),
    ("AUDIENCE", "JWT_AUDIENCE"),
    ("AUTH_HEADER_TYPES", "JWT_AUTH_HEADER_PREFIX"),
    ("ISSUER", "JWT_ISSUER"),
    ("LEEWAY", "JWT_LEEWAY"),
    ("REFRESH_TOKEN_LIFETIME", "JWT_REFRESH_EXPIRATION_DELTA"),
];
/// Until it has to have been renewed. SimpleJWT's default.
const SLIDING: Seconds = Seconds::minutes(5);
/// In all, however often it is renewed. SimpleJWT's default.
const SLIDING_REFRESH: Seconds = Seconds::days(1);
/// The classes of token that are taken for access, each by the name of its class and of its type.
const CLASSES: [(&str, &str); 2] = [("AccessToken", "access"), ("SlidingToken", "sliding")];

/// Refuses settings that tutorials name and that nobody should set. A rotated token that goes on working is what rotation
/// prevents, and a token that is not verified is anybody's.
pub(super) fn refuse_unsafe(settings: &Settings) -> Result<(), SettingsError> {
    for name in ["BLACKLIST_AFTER_ROTATION", "JWT_VERIFY", "JWT_VERIFY_EXPIRATION"] {
        if !settings.switch(name, true)? {
            return Err(SettingsError { name, expected: "true".to_owned() });
        }
    }
    Ok(())
}

/// Sliding tokens: one token that is access and refresh at once. A stolen one can be renewed by the thief as well as by its
/// owner, so each use is checked against its sign-in, whatever the access check. Prefer the pair.
pub(super) struct Sliding {
    pub(super) lifetime: Seconds,
    refresh_lifetime: Seconds,
    /// Setting `AUTH_TOKEN_CLASSES`.
    classes: Vec<(&'static str, &'static str)>,
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

    fn accepts(&self, kind: Kind) -> bool {
        self.classes.iter().any(|(_, name)| *name == kind.as_str())
    }

    /// A sliding token expires by itself; its sign-in lasts until it can no longer be renewed.
    pub(super) fn lifetimes(&self) -> Lifetimes {
        Lifetimes { idle: self.refresh_lifetime, absolute: self.refresh_lifetime }
    }
}

impl JwtPair {
    pub(super) async fn sliding_token(
        &self,
        user: &User,
        sign_in: &SignIn,
        by: IssuedBy,
        generation: i64,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let absolute_expires_at = sign_in.absolute_expires_at;
        let expires_at = Lifetime::idle_end(now, self.sliding.lifetime, absolute_expires_at);
        let lifetime = Lifetime { issued_at: now, expires_at, absolute_expires_at, generation };
        let claims = Claims {
            token_type: Kind::Sliding,
            refresh_exp: Some(absolute_expires_at),
            ..Claims::access(user, sign_in, lifetime)?
        };
        let token = self.tokens.mint(claims, now).await?;
        let delivery = Delivery::Token { token, expires_in: expires_at.since(now) };
        Ok(Issued { by, sign_in: Some(sign_in.id.clone()), lifetime, set_cookies: Vec::new(), delivery })
    }

    pub(super) async fn rotate_sliding(
        &self,
        user: &User,
        locked: &SignIn,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let presented = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        let text = presented.texts.first().ok_or(AuthError::Missing)?;
        let claims = self.tokens.verify(text.expose(), Kind::Sliding, now).await?;
        if claims.epoch != Some(locked.epoch) {
            return Ok(Rotation::Refused(Refusal::Revoked));
        }
        let issued = self.sliding_token(user, locked, IssuedBy::Rotation, claims.generation + 1, now).await?;
        Ok(Rotation::Next(issued))
    }
}

fn jwt(auth: &Auth) -> Result<&JwtPair, AuthError> {
    auth.mode_of_type::<JwtPair>(INFO.id)
}

/// The mode, if it offers tokens of this form. Sliding tokens are off unless `AUTH_TOKEN_CLASSES` names them.
fn offering(auth: &Auth, form: TokenForm) -> Result<&JwtPair, AuthError> {
    let jwt = jwt(auth)?;
    let is_offered = form == TokenForm::Pair || jwt.sliding.accepts(Kind::Sliding);
    if is_offered { Ok(jwt) } else { Err(AuthError::UnknownMode) }
}

fn with_form(req: &Parts, form: TokenForm, token: Option<&str>) -> Parts {
    let mut req = req.clone();
    req.extensions.insert(form);
    if let Some(token) = token {
        req.extensions.insert(BodyCredential(SecretString::new(token.to_owned())));
    }
    req
}

/// Setting `AUTH_HEADER_TYPES`: the schemes of an `Authorization` header under which an access token is taken.
///
/// # Errors
/// [`AuthError::UnknownMode`] if the mode is not there.
pub fn header_types(auth: &Auth) -> Result<&[String], AuthError> {
    Ok(&jwt(auth)?.header_types)
}

/// The classes of token that are taken for access, each by the name of its class and of its type.
///
/// # Errors
/// [`AuthError::UnknownMode`] if the mode is not there.
pub fn access_classes(auth: &Auth) -> Result<&[(&'static str, &'static str)], AuthError> {
    Ok(&jwt(auth)?.sliding.classes)
}

/// Exchanges a password for tokens. They travel in the body, also to a browser.
///
/// # Errors
/// As [`Auth::login`]. [`AuthError::UnknownMode`] if tokens of this form are not offered.
pub async fn obtain(
    auth: &Auth,
    form: TokenForm,
    username: &str,
    password: &str,
    req: &Parts,
) -> Result<Issued, AuthError> {
    offering(auth, form)?;
    // These endpoints take no notice of credentials in the request: SimpleJWT's views do not either.
    let mut req = with_form(req, form, None);
    req.headers.remove(http::header::AUTHORIZATION);
    req.headers.remove(http::header::COOKIE);
    req.extensions.remove::<BodyCredential>();
    auth.login(INFO.id.0, username, password, &req).await
}

/// Exchanges a refresh token, or a sliding token, for its successor.
///
/// # Errors
/// As [`Auth::rotate`]. [`AuthError::UnknownMode`] if tokens of this form are not offered.
pub async fn refresh(auth: &Auth, form: TokenForm, token: &str, req: &Parts) -> Result<Issued, AuthError> {
    let jwt = offering(auth, form)?;
    // What a token is for is asked before anything else of it, as SimpleJWT does.
    let kind = match form {
        TokenForm::Pair => Kind::Refresh,
        TokenForm::Sliding => Kind::Sliding,
    };
    jwt.tokens.verify(token, kind, auth.now()).await?;
    let mut issued = auth.rotate(INFO.id.0, &with_form(req, form, Some(token))).await?;
    if let (super::Renewal::Keeps, Delivery::Pair { refresh, .. }) = (jwt.renewal, &mut issued.delivery) {
        // SimpleJWT hands over what is new, and nothing else.
        *refresh = None;
    }
    Ok(issued)
}

/// Is a token genuine, alive and not revoked, whatever it is for? To ask about a used refresh token is as dangerous as to use it:
/// the sign-in ends.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn verify(auth: &Auth, token: &str, req: &Parts) -> Result<(), AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify_any(token, now).await?;
    if claims.token_type != Kind::Refresh {
        claims.user()?;
    }
    // As SimpleJWT: an access token is judged by itself, and no account is looked up. `/oauth/introspect` looks it up.
    if claims.token_type == Kind::Access && jwt.check != AccessCheck::SignIn {
        return Ok(());
    }
    let found = jwt.introspect(token, now).await?.ok_or(Refusal::Unknown)?;
    end_if_replayed(auth, &found, req).await?;
    Ok(found.owner.verdict?)
}

/// Ends the sign-in of a refresh token, also where it was used before: its owner wants to be out, or a thief has shown himself.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn blacklist(auth: &Auth, token: &str, req: &Parts) -> Result<(), AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify(token, Kind::Refresh, now).await?;
    let found = jwt.introspect(token, now).await?.ok_or(Refusal::Unknown)?;
    // No grace here: the answer tells nothing that the end of the sign-in does not tell as well.
    let line = Line::read(&jwt.db, &claims.sid).await?.ok_or(Refusal::Unknown)?;
    let verdict = line.judge_without_use(&claims, Seconds(0), now);
    auth.end_by_token(INFO.id, &found.owner, EndReason::Logout, req).await?;
    found.owner.verdict?;
    if verdict == Verdict::Head { Ok(()) } else { Err(Refusal::Revoked.into()) }
}

async fn end_if_replayed(auth: &Auth, found: &Introspected, req: &Parts) -> Result<(), AuthError> {
    match found.replay {
        Some(_) => auth.end_by_token(INFO.id, &found.owner, EndReason::Reused, req).await,
        None => Ok(()),
    }
}

/// Recognises the caller by an access token, or a sliding token where those are accepted. The account is looked up with each
/// request, as SimpleJWT does, whatever the access check.
///
/// # Errors
/// [`AuthError::Refused`], [`AuthError::Database`]
pub async fn authenticate(auth: &Auth, token: &str) -> Result<Recognised, AuthError> {
    let (jwt, now) = (jwt(auth)?, auth.now());
    let claims = jwt.tokens.verify_any(token, now).await?;
    if !jwt.sliding.accepts(claims.token_type) {
        return Err(Refusal::WrongType.into());
    }
    let check =
        if claims.token_type == Kind::Sliding { AccessCheck::SignIn } else { jwt.check.max(AccessCheck::Account) };
    jwt.recognised(claims, check, now).await
}
