//! Opaque token: a random string that references a row. Easy to issue, list and revoke.

mod korean;
mod token;

use async_trait::async_trait;
use http::request::Parts;

use self::token::{hash, new_token, presented_hash};
use crate::{
    base::{AccessCheck, Base},
    clock::{Seconds, Timestamp},
    db::{Db, Tx, lookup::Lookup},
    error::{AuthError, Refusal},
    mode::{
        AuthMode, BearerToken, ModeId, ModeInfo, Transport,
        issued::{Delivery, Issued, IssuedBy, Rotation, SetCookie, Trigger},
        lifetimes::Lifetimes,
        principal::{Lifetime, Recognised},
        replaceable::{Found, Statements, replaceable_statements},
        replay::{Previous, Replayable},
        shown::{Introspected, Introspection, Owner, Purpose, Shown},
    },
    secret::{SecretHash, SecretString},
    settings::SettingsError,
    sign_in::{SignIn, SignInId},
    users::User,
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("opaque"),
    name: "Opaque token",
    transport: Transport::Bearer,
    remembers: true,
    needs_key: false,
    cookie: None,
    renews_silently: false,
    client_holds: "A random string of 256 bits. The program decides where to store it: in memory, or in a storage that \
                   every script of the page can read.",
    server_holds: "A row per sign-in with its dates, and the SHA-256 of the current token. The token itself is not stored.",
    request_costs: "One hash and one read by primary key, and at most one small write per minute, because a use moves the end.",
    ended_by: "Logout, immediately: the sign-in's row is marked as ended. Without a logout: after 24 hours if not used, \
               after 30 days at the latest.",
    injected_script: "It can read the token from the storage, or from the next request of the page. The copy works \
                      everywhere, until the token is replaced or the sign-in ends.",
    other_site: "Its requests carry no token: a browser adds no Authorization header by itself. There is nothing to \
                 check.",
    choose_when: "For programs: command lines, mobile apps, partners. Easy to issue, to scope, to list, to revoke.",
    often_said: "Tokens are strong on security, because they are kept on the client side.",
    in_fact: "The client is the weak side: every script in the page can read a token from storage, but not an HttpOnly \
              cookie. The strength is on the server, where the token can be revoked.",
    korean: korean::KOREAN,
};

/// Maximum time without use. A day, so that a nightly script keeps its token.
const IDLE: Seconds = Seconds::hours(24);
/// Maximum time in total. A month, after which the user has to log in again.
const ABSOLUTE: Seconds = Seconds::days(30);

const TOKENS: Statements = replaceable_statements!("opaque_tokens", "token_hash");

pub(super) struct OpaqueToken {
    db: Db,
    tokens: Lookup<Found>,
    lifetimes: Lifetimes,
}

impl OpaqueToken {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let idle = ("OPAQUE_IDLE_LIFETIME", IDLE);
        let lifetimes = Lifetimes::read(&base.settings, idle, ("OPAQUE_ABSOLUTE_LIFETIME", ABSOLUTE))?;
        Ok(Self { db: base.db.clone(), tokens: TOKENS.lookup(&base.db), lifetimes })
    }
}

#[async_trait]
impl AuthMode for OpaqueToken {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    fn lifetimes(&self, _req: &Parts) -> Lifetimes {
        self.lifetimes
    }

    async fn shown(&self, req: &Parts, _purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError> {
        match presented_hash(req) {
            Ok(hash) => self.tokens.shown(hash.as_slice(), now).await,
            Err(refusal) => Ok(Shown::Unreadable(refusal)),
        }
    }

    async fn authenticate(
        &self,
        req: &Parts,
        _check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError> {
        self.tokens.authenticate(presented_hash(req)?.as_slice(), now).await
    }

    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        _user: &User,
        _req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let token = new_token()?;
        let lifetime = TOKENS.insert(tx, &hash_of(&token), new, now).await?;
        Ok(issued(token, IssuedBy::Login, &new.id, lifetime, now))
    }

    async fn rotate(
        &self,
        tx: &mut Tx,
        _user: &User,
        locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let (locked, token) = (locked.ok_or(AuthError::Missing)?, new_token()?);
        let old = presented_hash(trigger.req())?;
        let hashes = (old.as_slice(), &hash_of(&token));
        Ok(match TOKENS.rotate(tx, locked, hashes, self.lifetimes, now).await? {
            Some(lifetime) => Rotation::Next(issued(token, IssuedBy::Rotation, &locked.id, lifetime, now)),
            None => Rotation::Refused(Refusal::Replaced(now)),
        })
    }

    fn clear(&self, _owner: Option<&Owner>, _now: Timestamp) -> Vec<SetCookie> {
        Vec::new()
    }

    async fn forget(&self, tx: &mut Tx, ended: &SignInId) -> Result<u64, AuthError> {
        TOKENS.forget(tx, ended).await
    }

    fn bearer(&self) -> Option<&dyn BearerToken> {
        Some(self)
    }

    fn replayable(&self) -> Option<&dyn Replayable> {
        Some(self)
    }
}

#[async_trait]
impl Replayable for OpaqueToken {
    async fn previous(&self, req: &Parts, owner: &Owner, _now: Timestamp) -> Result<Option<Previous>, AuthError> {
        TOKENS.previous(&self.db, req, owner).await
    }
}

#[async_trait]
impl BearerToken for OpaqueToken {
    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspected>, AuthError> {
        let Some(hash) = hash(token) else { return Ok(None) };
        let Some(found) = self.tokens.find(hash.as_str()).await? else { return Ok(None) };
        let (owner, user, iat, exp) = found.introspected(now);
        let (mode, sub, username) = (INFO.id, user.id, user.username);
        let claims = Introspection { mode, token_use: "access", sub, username, iat, exp, jti: None, iss: None };
        Ok(Some(Introspected { owner, claims, replay: None }))
    }
}

fn issued(token: SecretString, by: IssuedBy, sign_in: &SignInId, lifetime: Lifetime, now: Timestamp) -> Issued {
    let expires_in = lifetime.expires_at.since(now);
    Issued {
        by,
        sign_in: Some(sign_in.clone()),
        lifetime,
        set_cookies: Vec::new(),
        delivery: Delivery::Token { token, expires_in },
    }
}

fn hash_of(token: &SecretString) -> SecretHash {
    SecretHash::of(token.expose().as_bytes())
}
