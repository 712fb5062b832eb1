//! JWT with rotating refresh: a signed token that lives for minutes, and a refresh token that is good for one use.

mod access;
mod claims;
mod denylist;
#[cfg(test)]
mod forgeries;
#[cfg(test)]
mod model;
mod pair;
mod rotation;
mod service;
mod signing;
#[cfg(test)]
mod tests;
mod token;

use async_trait::async_trait;
use http::request::Parts;

use self::{
    claims::Kind,
    denylist::Denylist,
    pair::{RefreshCarrier, Renewal, is_browser, presented_refresh},
    rotation::Families,
    service::Sliding,
    token::Tokens,
};
use crate::{
    base::{Base, EpochCheck},
    clock::{Seconds, Timestamp},
    db::Db,
    error::{AuthError, Refusal},
    mode::carrier::{bearer_token, clear_cookie},
    mode::issued::{Issued, Revocation, SetCookie},
    mode::principal::{Credential, CredentialId, Principal},
    mode::{AuthMode, ModeId, ModeInfo, Owner, Transport},
    settings::SettingsError,
    token_service::{Introspection, TokenService},
    users::{User, UserId},
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

    async fn authenticate_for_renewal(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        let Some(token) = bearer_token(&req.headers)? else { return Ok(None) };
        let claims = self.tokens.verify(token, Kind::Access, now).await?;
        self.current_user(&claims).await?;
        if !self.families.is_live(&claims.sid, now).await? {
            return Err(Refusal::Revoked.into());
        }
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
        Ok(self.all_access_ends(now))
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

    fn signed_for(&self) -> Seconds {
        let longest = self.families.idle.max(self.access).max(self.sliding.lifetime);
        Seconds(longest.0.saturating_add(self.tokens.leeway.0))
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

    async fn revoke_token(&self, token: &str, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        let claims = match self.tokens.verify_any(token, now).await {
            Ok(claims) => claims,
            Err(AuthError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        match (claims.token_type, &self.denylist) {
            (Kind::Access | Kind::Sliding, Some(denylist)) => {
                let until = claims.refresh_exp.unwrap_or(claims.exp).plus(self.tokens.leeway);
                denylist.deny(&claims, until, now).await?;
            }
            // It has no family, and renews itself.
            (Kind::Sliding, None) => return Err(AuthError::NotRevocable),
            (Kind::Refresh, _) | (Kind::Access, None) => {}
        }
        self.end_family(&claims.sid, now).await?;
        Ok(Some(Owner { user_id: claims.sub, credential: Some(CredentialId::new(claims.sid)) }))
    }

    fn token_service(&self) -> Option<&dyn TokenService> {
        Some(self)
    }
}
