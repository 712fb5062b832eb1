//! JWT with rotating refresh: a signed access token that lives for minutes, and a refresh token for a single use.

mod claims;
#[cfg(test)]
mod forgeries;
mod introspection;
mod korean;
#[cfg(test)]
mod model;
mod pair;
mod presented;
pub mod published;
mod replay;
mod rotation;
mod settings;
mod signing;
pub mod simplejwt;
mod sliding;
#[cfg(test)]
mod tests;
mod token;

use async_trait::async_trait;
use http::request::Parts;

use self::{
    claims::{Claims, Kind},
    presented::{COOKIE, TokenForm, is_browser, presented_refresh},
    rotation::{Caller, RefreshRow, TokenState},
    settings::{ALIASES, refuse_unsafe},
    sliding::Sliding,
    token::Tokens,
};
use crate::{
    base::{AccessCheck, Base},
    clock::{Seconds, Timestamp},
    db::{Db, Tx, lookup::Lookup},
    error::{AuthError, Refusal},
    keys::{Keys, Kid, SigningAlgorithm},
    mode::{
        AuthMode, BearerToken, ModeId, ModeInfo, Stateless, Transport,
        carrier::{bearer_token, clear_cookie},
        issued::{Ending, Issued, IssuedBy, Revocation, Rotation, SetCookie, Trigger},
        lifetimes::Lifetimes,
        principal::{Lifetime, Recognised},
        replay::Replayable,
        shown::{Owner, Purpose, Shown},
    },
    settings::SettingsError,
    sign_in::{self, SignIn, SignInId, WithAccount},
    users::{self, User},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("jwt"),
    name: "JWT",
    transport: Transport::Bearer,
    remembers: true,
    needs_key: true,
    cookie: Some(COOKIE),
    renews_silently: true,
    client_holds: "A signed access token for five minutes, in memory: every holder can read its content. And a refresh \
                   token for days, in a cookie that scripts cannot read.",
    server_holds: "The key, and a row per sign-in: its dates, and the id of the current refresh token.",
    request_costs: "One signature check, and one read to compare the account's epoch. Without that check \
                    (ACCESS_CHECK=signature), no read. A renewal every few minutes costs a transaction.",
    ended_by: "Logout ends the refresh token immediately. The access token works until it expires; with \
               ACCESS_CHECK=sign-in it is refused at once. Without a logout: after 14 days if not used, after 30 days \
               at the latest. A second use of a refresh token ends the sign-in, except for a retry within the grace.",
    injected_script: "It can read the access token from the next request of the page, and use it everywhere until it \
                      expires. While the page is open, it can ask for new ones. It cannot read the refresh cookie.",
    other_site: "Its requests carry no access token. The browser attaches only the refresh cookie by itself, so the \
                 endpoints that read this cookie check where a request comes from (Fetch Metadata, else Origin).",
    choose_when: "When several services verify callers without a shared database, or when another team runs a verifying service.",
    often_said: "JWT is stateless, so the server keeps nothing and it is secure.",
    in_fact: "A stateless token cannot be revoked. Each measure that makes it safe (rotation, reuse detection, logout) \
              is state on the server. The payload is signed, not secret.",
    korean: korean::KOREAN,
};

/// The time that a stolen access token works. SimpleJWT's default.
const ACCESS: Seconds = Seconds::minutes(5);
/// Maximum time of a sign-in without use.
const IDLE: Seconds = Seconds::days(14);
/// Maximum time of a sign-in in total. Without it, a thief who keeps renewing could stay signed in without limit.
const ABSOLUTE: Seconds = Seconds::days(30);
/// The same client may present a used refresh token again for this long, and gets the same successor. 0: every repeated
/// use counts as theft.
const GRACE: Seconds = Seconds(10);

/// Setting `ROTATE_REFRESH_TOKENS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Renewal {
    /// `true`, the default: each refresh token is valid for one use, and a second use is detected.
    Rotates,
    /// `false`: the same refresh token until the sign-in ends. The use of a stolen copy is not detected.
    Keeps,
}

pub(super) struct JwtPair {
    db: Db,
    users: Lookup<User>,
    sign_ins: Lookup<WithAccount>,
    keys: Keys,
    tokens: Tokens,
    sliding: Sliding,
    check: AccessCheck,
    renewal: Renewal,
    grace: Seconds,
    access: Seconds,
    lifetimes: Lifetimes,
    header_types: Vec<String>,
}

impl JwtPair {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let settings = base.settings.with_aliases(&ALIASES);
        refuse_unsafe(&settings)?;
        let access = settings.seconds("ACCESS_TOKEN_LIFETIME", ACCESS)?;
        let (idle, absolute) = (("REFRESH_TOKEN_LIFETIME", IDLE), ("JWT_ABSOLUTE_LIFETIME", ABSOLUTE));
        let rotates = settings.switch("ROTATE_REFRESH_TOKENS", true)?;
        Ok(Self {
            db: base.db.clone(),
            users: Lookup::new(&base.db, users::BY_ID),
            sign_ins: Lookup::new(&base.db, sign_in::FIND),
            keys: base.keys.clone(),
            tokens: Tokens::new(base, &settings)?,
            sliding: Sliding::new(&settings)?,
            check: base.access_check,
            renewal: if rotates { Renewal::Rotates } else { Renewal::Keeps },
            grace: settings.seconds_from("REFRESH_GRACE", 0, GRACE)?,
            access,
            lifetimes: Lifetimes::read(&settings, idle, absolute)?,
            header_types: settings.list("AUTH_HEADER_TYPES", &["Bearer"]),
        })
    }

    /// The caller of an access token or sliding token.
    async fn recognised(&self, claims: Claims, check: AccessCheck, now: Timestamp) -> Result<Recognised, AuthError> {
        let claimed = claims.user()?;
        let user = match check {
            AccessCheck::Signature => claimed,
            AccessCheck::Account => {
                let user = self.users.find(claims.sub.as_str()).await?.ok_or(Refusal::UserGone)?;
                user.verdict(claimed.epoch)?;
                user
            }
            AccessCheck::SignIn => {
                let found = self.sign_ins.find(claims.sid.as_str()).await?.ok_or(Refusal::Unknown)?;
                found.sign_in.verdict(&found.user, now)?;
                found.user.verdict(claimed.epoch)?;
                found.user
            }
        };
        Ok(Recognised { user, lifetime: claims.lifetime(), sign_in: Some(claims.sid), used: None })
    }
}

#[async_trait]
impl AuthMode for JwtPair {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    fn lifetimes(&self, req: &Parts) -> Lifetimes {
        match TokenForm::of(req) {
            Some(TokenForm::Sliding) => self.sliding.lifetimes(),
            Some(TokenForm::Pair) | None => self.lifetimes,
        }
    }

    async fn shown(&self, req: &Parts, purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError> {
        self.tokens.shown(req, purpose, now).await
    }

    async fn authenticate(
        &self,
        req: &Parts,
        check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError> {
        let Some(token) = bearer_token(&req.headers)? else { return Ok(None) };
        let claims = self.tokens.verify(token, Kind::Access, now).await?;
        self.recognised(claims, check, now).await.map(Some)
    }

    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        user: &User,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        match TokenForm::of(req) {
            Some(TokenForm::Sliding) => self.sliding.token(&self.tokens, user, new, IssuedBy::Login, 1, now).await,
            form => {
                let row = RefreshRow::begin(tx, new, now).await?;
                // On this mode's own routes, a browser never gets the refresh token in a body: injected script could
                // send the same request as the page. SimpleJWT's routes (`TokenForm`) always return it there.
                let by_cookie = form.is_none() && is_browser(req);
                self.pair(user, new, &row, IssuedBy::Login, by_cookie, now).await
            }
        }
    }

    async fn rotate(
        &self,
        tx: &mut Tx,
        user: &User,
        locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let (locked, req) = (locked.ok_or(AuthError::Missing)?, trigger.req());
        if let Some(TokenForm::Sliding) = TokenForm::of(req) {
            // Records the use only: the dates of a sliding token are in the token.
            sign_in::touch_locked(tx, &locked.id, locked.idle_expires_at, now).await?;
            return self.sliding.rotate(&self.tokens, user, locked, req, now).await;
        }
        let presented = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        let claims = match self.tokens.claims_of(&presented, &locked.id, now).await? {
            Ok(claims) => claims,
            Err(refusal) => return Ok(Rotation::Refused(refusal)),
        };
        // The sign-in of a sliding token has no refresh token.
        let Some(row) = RefreshRow::find(tx, &locked.id).await? else {
            return Ok(Rotation::Refused(Refusal::WrongType));
        };
        let caller = Caller::of(req, &self.keys)?;
        let state = row.state(&claims, &caller, self.grace, now);
        let (row, by) = match (state, trigger) {
            (TokenState::Ahead, _) => return Ok(Rotation::Refused(Refusal::Unknown)),
            (TokenState::Replay(replay), _) => return Ok(Rotation::Replay(replay)),
            // A concurrent rotation of the same client came first. Its answer has the refresh token to try again with.
            (TokenState::Retry, Trigger::CarriedAlong(_)) => return Err(AuthError::Conflict),
            (TokenState::Retry, Trigger::Asked(_)) => (row, IssuedBy::Retry),
            (TokenState::Head, Trigger::Asked(_)) if self.renewal == Renewal::Keeps => {
                // Records the use. The refresh token stays, and so does its expiry.
                sign_in::touch_locked(tx, &locked.id, locked.idle_expires_at, now).await?;
                (row, IssuedBy::Retry)
            }
            (TokenState::Head, trigger) => {
                let used_by = match trigger {
                    Trigger::Asked(_) => caller,
                    // A retry gets the same successor only with the `Idempotency-Key` of this request.
                    Trigger::CarriedAlong(_) => Caller { client: None, ..caller },
                };
                let expires_at = Lifetime::idle_end(now, self.lifetimes.idle, locked.absolute_expires_at);
                sign_in::touch_locked(tx, &locked.id, expires_at, now).await?;
                (row.rotate(tx, locked, &used_by, expires_at, now).await?, IssuedBy::Rotation)
            }
        };
        let issued = self.pair(user, locked, &row, by, presented.by_cookie, now).await?;
        Ok(if by == IssuedBy::Retry { Rotation::Retry(issued) } else { Rotation::Next(issued) })
    }

    fn clear(&self, _owner: Option<&Owner>, _now: Timestamp) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE)]
    }

    async fn forget(&self, tx: &mut Tx, ended: &SignInId) -> Result<u64, AuthError> {
        RefreshRow::delete(tx, ended).await
    }

    fn stateless(&self) -> Option<&dyn Stateless> {
        Some(self)
    }

    fn bearer(&self) -> Option<&dyn BearerToken> {
        Some(self)
    }

    fn replayable(&self) -> Option<&dyn Replayable> {
        Some(self)
    }
}

#[async_trait]
impl Stateless for JwtPair {
    fn revocation(&self, ending: Ending<'_>, now: Timestamp) -> Revocation {
        match (ending, self.check) {
            (_, AccessCheck::SignIn) | (Ending::Everything, AccessCheck::Account) => Revocation::Immediate,
            // An access token of an ended sign-in works until its own expiry.
            _ => Revocation::AtExpiry(now.plus(self.access).plus(self.tokens.leeway)),
        }
    }

    fn signed_for(&self) -> Seconds {
        let longest = self.lifetimes.idle.max(self.access).max(self.sliding.lifetime);
        Seconds(longest.0.saturating_add(self.tokens.leeway.0))
    }

    fn check_key(&self, kid: &Kid, algorithm: SigningAlgorithm) -> Result<(), AuthError> {
        self.tokens.check_key(kid, algorithm)
    }
}
