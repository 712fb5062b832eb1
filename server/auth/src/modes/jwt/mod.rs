//! JWT with rotating refresh: a signed token that lives for minutes, and a refresh token that is good for one use.

mod denylist;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod model;
mod rotation;
mod service;
mod signing;
#[cfg(test)]
mod tests;
mod token;

use async_trait::async_trait;
use http::{header, request::Parts};

use self::{
    denylist::Denylist,
    rotation::{Families, Head, Verdict},
    service::Sliding,
    token::{Claims, Kind, Tokens},
};
use crate::{
    base::{Base, EpochCheck},
    carrier::{Client, bearer_token, clear_cookie, cookie_value, set_cookie},
    clock::{Seconds, Timestamp},
    db::Db,
    error::{AuthError, Refusal},
    issued::{Delivery, Issued, IssuedBy, Revocation, SetCookie},
    mode::{AuthMode, BodyCredential, ModeId, ModeInfo, Owner, Transport},
    principal::{Credential, CredentialId, Lifetime, Principal},
    secret::SecretString,
    settings::SettingsError,
    token_service::{Introspection, TokenService},
    user::{self, User, UserId},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("jwt"),
    name: "JWT with refresh",
    transport: Transport::Bearer,
    cookie: Some(COOKIE),
    renews_silently: true,
    client_holds: "A signed access token for five minutes, in memory, readable by anyone who holds it; and a refresh token \
                   for days, in a cookie that scripts cannot read.",
    server_holds: "The key, and a row for each sign-in: the family of its refresh tokens, with the one that is next.",
    request_costs: "One signature check, and one read to compare the user's counter; without that check, no read at all. \
                    A renewal every few minutes costs a transaction.",
    ended_by: "Logout ends the refresh token at once; an access token lives out its minutes. Else 14 days without use, or \
               30 days in all. A refresh token that is used twice ends the whole family.",
    choose_when: "When several services check callers without asking one another, or when you do not own the one that does.",
    often_said: "JWT is stateless, so the server keeps nothing and it is secure.",
    in_fact: "Stateless means that nothing can be taken back. Each thing that makes it safe (rotation, reuse detection, \
              logout) is state on the server. The payload is signed, not secret.",
};

/// `__Secure-`: only over a secure channel. Not `__Host-`, which would demand `Path=/` and send the long-lived token along
/// with every request (RFC 6265bis, 4.1.3.1).
const COOKIE: &str = "__Secure-refresh";
const COOKIE_PATH: &str = "/api/jwt";
/// How long a stolen access token is good for. SimpleJWT's default.
const ACCESS: Seconds = Seconds::minutes(5);
/// A sign-in that is not used for so long is over (seed 001: 14 days).
const REFRESH_IDLE: Seconds = Seconds::days(14);
/// A sign-in is over after so long, however busy: without it, a thief who renews in time stays for ever.
const FAMILY_ABSOLUTE: Seconds = Seconds::days(30);
/// A refresh token that was just used may be shown again for so long, by a retry or a second tab, and gets the same
/// successor. 0: every repetition is a theft.
const GRACE: Seconds = Seconds(10);

pub(super) struct JwtPair {
    db: Db,
    families: Families,
    tokens: Tokens,
    denylist: Option<Denylist>,
    sliding: Sliding,
    epoch_check: EpochCheck,
    renewal: Renewal,
    access: Seconds,
    absolute: Seconds,
    header_types: Vec<String>,
}

/// Setting `ROTATE_REFRESH_TOKENS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Renewal {
    /// `true`, the default: each refresh token is good for one use, and a second use is found out.
    Rotates,
    /// `false`: the same refresh token until the sign-in ends. A stolen one is not found out.
    Keeps,
}

impl JwtPair {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let settings = &base.settings;
        // Names that tutorials set. A rotated token that goes on working is what rotation is there to prevent; and a token that
        // is not verified is anybody's.
        for name in ["BLACKLIST_AFTER_ROTATION", "JWT_VERIFY", "JWT_VERIFY_EXPIRATION"] {
            if !settings.switch(name, true)? {
                return Err(SettingsError { name, expected: "true".to_owned() });
            }
        }
        let rotates = settings.switch("ROTATE_REFRESH_TOKENS", true)?;
        let denies = settings.switch("ACCESS_TOKEN_DENYLIST", false)?;
        Ok(Self {
            db: base.db.clone(),
            families: Families {
                db: base.db.clone(),
                idle: settings.seconds("REFRESH_TOKEN_LIFETIME", REFRESH_IDLE)?,
                grace: settings.seconds_from("REFRESH_GRACE", 0, GRACE)?,
            },
            tokens: Tokens::new(base)?,
            denylist: denies.then(|| Denylist { db: base.db.clone() }),
            sliding: Sliding::new(settings)?,
            epoch_check: base.epoch_check,
            renewal: if rotates { Renewal::Rotates } else { Renewal::Keeps },
            access: settings.seconds("ACCESS_TOKEN_LIFETIME", ACCESS)?,
            absolute: settings.seconds("FAMILY_ABSOLUTE_LIFETIME", FAMILY_ABSOLUTE)?,
            header_types: settings.list("AUTH_HEADER_TYPES", &["Bearer"]),
        })
    }

    /// Starts a family.
    async fn begin(
        &self,
        user: &User,
        req: &Parts,
        carrier: RefreshCarrier,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let head = self.families.begin(&user.id, &Client::of(req), now, now.plus(self.absolute)).await?;
        self.issued(user, &head, IssuedBy::Login, carrier, now).await
    }

    /// Uses a refresh token.
    async fn renew(&self, token: &str, carrier: RefreshCarrier, now: Timestamp) -> Result<Issued, AuthError> {
        let claims = self.tokens.verify(token, Kind::Refresh, now).await?;
        // Before the rotation: who is logged out everywhere from here on has raised the epoch that the new access token carries.
        let user = user::find_by_id(&self.db, &claims.sub).await?.ok_or(Refusal::UserGone)?;
        if !user.is_active() {
            self.end_family(&claims.sid, now).await?;
            return Err(Refusal::UserInactive.into());
        }
        let verdict = match self.renewal {
            Renewal::Rotates => self.families.rotate(&claims.jti, now).await?,
            Renewal::Keeps => match self.families.state(&claims.jti, now).await? {
                Ok(head) => Verdict::Retry(head),
                Err(refusal) => Verdict::Refused(refusal),
            },
        };
        let (head, by) = match verdict {
            Verdict::Rotated(head) => (head, IssuedBy::Rotation),
            Verdict::Retry(head) => (head, IssuedBy::Retry),
            Verdict::Refused(refusal) => {
                if let Refusal::Replayed(_) = refusal {
                    self.deny_family(&claims.sid, now).await?;
                }
                return Err(refusal.into());
            }
        };
        self.issued(&user, &head, by, carrier, now).await
    }

    /// Both tokens for the head of a family. The refresh token is minted from its row alone, so that a retry gets it again.
    async fn issued(
        &self,
        user: &User,
        head: &Head,
        by: IssuedBy,
        carrier: RefreshCarrier,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        // An access token must not outlive its sign-in.
        let access_expires_at = Lifetime::idle_end(now, self.access, head.lifetime.absolute_expires_at);
        let access = self.mint_access(Claims::access(user, head, now, access_expires_at)?, now).await?;
        let refresh = self.tokens.mint(Claims::refresh(user, head), now).await?;
        let refresh_expires_in = head.lifetime.expires_at.since(now);
        let (set_cookies, refresh) = match carrier {
            RefreshCarrier::Body => (Vec::new(), Some(refresh)),
            RefreshCarrier::Cookie => {
                let value = refresh.expose().to_owned();
                (vec![set_cookie(COOKIE, COOKIE_PATH, value, refresh_expires_in)], None)
            }
        };
        Ok(Issued {
            by,
            credential: Some(CredentialId::new(head.family_id.clone())),
            lifetime: Lifetime { issued_at: now, expires_at: access_expires_at, ..head.lifetime },
            set_cookies,
            delivery: Delivery::Pair {
                access,
                access_expires_in: access_expires_at.since(now),
                refresh,
                refresh_expires_in,
            },
        })
    }

    /// An access token, or one that counts as one. Whoever may have to deny it later takes note of it now.
    async fn mint_access(&self, claims: Claims, now: Timestamp) -> Result<SecretString, AuthError> {
        if let Some(denylist) = &self.denylist {
            let family = (claims.token_type == Kind::Access).then_some(claims.sid.as_str());
            denylist.note(&claims, family).await?;
        }
        self.tokens.mint(claims, now).await
    }

    /// The caller that an access token names.
    async fn principal(&self, claims: Claims) -> Result<Principal, AuthError> {
        if let Some(denylist) = &self.denylist {
            denylist.check(&claims.jti).await?;
        }
        let lifetime = claims.lifetime();
        let credential = Some(CredentialId::new(claims.sid.clone()));
        let (user_id, username, role) = match self.epoch_check {
            EpochCheck::OnRenewal => claims.identity()?,
            EpochCheck::EveryRequest => {
                let user = self.current_user(&claims).await?;
                (user.id, user.username, user.role)
            }
        };
        Ok(Principal { user_id, username, role, mode: INFO.id, credential, lifetime })
    }

    /// The account behind a token, unless the account's credentials have been revoked since.
    async fn current_user(&self, claims: &Claims) -> Result<User, AuthError> {
        let user = user::find_by_id(&self.db, &claims.sub).await?.ok_or(Refusal::UserGone)?;
        if !user.is_active() {
            return Err(Refusal::UserInactive.into());
        }
        if claims.epoch != Some(user.epoch) {
            return Err(Refusal::Revoked.into());
        }
        Ok(user)
    }

    async fn end_family(&self, family: &str, now: Timestamp) -> Result<(), AuthError> {
        self.families.revoke(family, now).await?;
        self.deny_family(family, now).await
    }

    async fn deny_family(&self, family: &str, now: Timestamp) -> Result<(), AuthError> {
        match &self.denylist {
            Some(denylist) => denylist.deny_family(family, now).await,
            None => Ok(()),
        }
    }

    /// When an access token ends whose sign-in has ended now.
    fn access_ends(&self, now: Timestamp) -> Revocation {
        match &self.denylist {
            Some(_) => Revocation::Immediate,
            None => Revocation::AtExpiry(now.plus(self.access)),
        }
    }

    /// What the genuine tokens claim that the request shows: the refresh token, then the access token.
    async fn presented(&self, req: &Parts, now: Timestamp) -> Result<Vec<Claims>, AuthError> {
        let refresh = presented_refresh(req).ok().flatten().map(|(token, _)| (token, Kind::Refresh));
        let access =
            bearer_token(&req.headers).ok().flatten().map(|token| (SecretString::new(token.to_owned()), Kind::Access));
        let mut presented = Vec::new();
        for (token, kind) in [refresh, access].into_iter().flatten() {
            match self.tokens.verify(token.expose(), kind, now).await {
                Ok(claims) => presented.push(claims),
                Err(AuthError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(presented)
    }
}

/// Where the refresh token travels. It goes back the way it came.
#[derive(Clone, Copy)]
enum RefreshCarrier {
    /// To a browser: no script may ever read it.
    Cookie,
    /// To a program, which has no cookies.
    Body,
}

/// Does a browser ask? Every current one sends Fetch Metadata, and no script can add, change or remove a `Sec-` header.
fn is_browser(req: &Parts) -> bool {
    req.headers.contains_key("sec-fetch-site") || req.headers.contains_key(header::ORIGIN)
}

fn presented_refresh(req: &Parts) -> Result<Option<(SecretString, RefreshCarrier)>, AuthError> {
    if let Some(BodyCredential(token)) = req.extensions.get() {
        return Ok(Some((token.clone(), RefreshCarrier::Body)));
    }
    let cookie = cookie_value(&req.headers, COOKIE)?;
    Ok(cookie.map(|token| (SecretString::new(token.to_owned()), RefreshCarrier::Cookie)))
}

#[async_trait]
impl AuthMode for JwtPair {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    async fn issue(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        for claims in self.presented(req, now).await? {
            self.end_family(&claims.sid, now).await?;
        }
        // A browser never gets the refresh token into a body, whoever asks: injected script asks as nicely as ours.
        let carrier = if is_browser(req) { RefreshCarrier::Cookie } else { RefreshCarrier::Body };
        self.begin(user, req, carrier, now).await
    }

    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        let Some(token) = bearer_token(&req.headers)? else { return Ok(None) };
        let claims = self.tokens.verify(token, Kind::Access, now).await?;
        self.principal(claims).await.map(Some)
    }

    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let (token, carrier) = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        self.renew(token.expose(), carrier, now).await
    }

    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError> {
        let presented = self.presented(req, now).await?;
        for claims in &presented {
            self.end_family(&claims.sid, now).await?;
        }
        // No access token that this family can have given out lives longer.
        Ok(if presented.is_empty() { Revocation::Immediate } else { self.access_ends(now) })
    }

    async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        self.families.revoke_all(user, now).await?;
        if let Some(denylist) = &self.denylist {
            denylist.deny_user(user, now).await?;
        }
        Ok(self.access_ends(now))
    }

    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError> {
        self.families.list(user, now).await
    }

    async fn end(&self, user: &UserId, credential: &CredentialId, now: Timestamp) -> Result<bool, AuthError> {
        let ended = self.families.end(user, credential, now).await?;
        if ended {
            self.deny_family(credential.as_str(), now).await?;
        }
        Ok(ended)
    }

    async fn owner(&self, req: &Parts, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        Ok(self
            .presented(req, now)
            .await?
            .into_iter()
            .next()
            .map(|claims| Owner { user_id: claims.sub, credential: Some(CredentialId::new(claims.sid)) }))
    }

    fn clear(&self) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE, COOKIE_PATH)]
    }

    async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        let denied = match &self.denylist {
            Some(denylist) => denylist.prune(now, limit).await?,
            None => 0,
        };
        Ok(denied + self.families.prune(now, limit).await?)
    }

    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspection>, AuthError> {
        self.introspected(token, now).await
    }

    async fn revoke_token(&self, token: &str, now: Timestamp) -> Result<Option<Revocation>, AuthError> {
        let claims = match self.tokens.verify_any(token, now).await {
            Ok(claims) => claims,
            Err(AuthError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(denylist) = &self.denylist {
            denylist.deny(&claims.jti, now).await?;
        }
        self.end_family(&claims.sid, now).await?;
        Ok(Some(self.access_ends(now)))
    }

    fn token_service(&self) -> Option<&dyn TokenService> {
        Some(self)
    }
}
