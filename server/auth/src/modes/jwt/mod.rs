//! JWT with rotating refresh: a signed token that lives for minutes, and a refresh token that is good for one use.

#[cfg(test)]
mod model;
mod rotation;
#[cfg(test)]
mod tests;
mod token;

use async_trait::async_trait;
use http::{header, request::Parts};

use self::{
    rotation::{Families, Head, Verdict},
    token::{Claims, Kind, Tokens},
};
use crate::{
    carrier::{bearer_token, clear_cookie, cookie_value, set_cookie, user_agent},
    clock::{Seconds, Timestamp},
    db::Db,
    error::{AuthError, Refusal},
    mode::{
        AuthMode, Base, BodyCredential, Delivery, EpochCheck, Issued, ModeId, ModeInfo, Revocation, SetCookie,
        Transport,
    },
    principal::{Credential, Lifetime, Principal},
    secret::SecretString,
    settings::SettingsError,
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
    epoch_check: EpochCheck,
    access: Seconds,
    absolute: Seconds,
}

impl JwtPair {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        Ok(Self {
            db: base.db.clone(),
            families: Families {
                db: base.db.clone(),
                idle: base.settings.seconds("REFRESH_TOKEN_LIFETIME", REFRESH_IDLE)?,
                grace: base.settings.seconds_from("REFRESH_GRACE", 0, GRACE)?,
            },
            tokens: Tokens::new(base.keys.clone()),
            epoch_check: base.epoch_check,
            access: base.settings.seconds("ACCESS_TOKEN_LIFETIME", ACCESS)?,
            absolute: base.settings.seconds("FAMILY_ABSOLUTE_LIFETIME", FAMILY_ABSOLUTE)?,
        })
    }

    /// Both tokens for the head of a family. The refresh token is minted from its row alone, so that a retry gets it again.
    fn issued(&self, user: &User, head: &Head, carrier: RefreshCarrier, now: Timestamp) -> Result<Issued, AuthError> {
        // An access token must not outlive its sign-in.
        let access_expires_at = Lifetime::idle_end(now, self.access, head.lifetime.absolute_expires_at);
        let access = self.tokens.mint(&Claims::access(user, head, now, access_expires_at)?)?;
        let refresh = self.tokens.mint(&Claims::refresh(user, head))?;
        let refresh_expires_in = head.lifetime.expires_at.since(now);
        let (set_cookies, refresh) = match carrier {
            RefreshCarrier::Body => (Vec::new(), Some(refresh)),
            RefreshCarrier::Cookie => {
                let value = refresh.expose().to_owned();
                (vec![set_cookie(COOKIE, COOKIE_PATH, value, refresh_expires_in)], None)
            }
        };
        Ok(Issued {
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

    /// The families that the request shows a genuine token of, be it an access or a refresh token, and when the latest
    /// access token of it ends that may be about.
    fn presented_families(&self, req: &Parts, now: Timestamp) -> Vec<String> {
        let refresh = presented_refresh(req).ok().flatten().map(|(token, _)| (token, Kind::Refresh));
        let access =
            bearer_token(&req.headers).ok().flatten().map(|token| (SecretString::new(token.to_owned()), Kind::Access));
        [refresh, access]
            .into_iter()
            .flatten()
            .filter_map(|(token, kind)| self.tokens.verify(token.expose(), kind, now).ok())
            .map(|claims| claims.sid)
            .collect()
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
        for family in self.presented_families(req, now) {
            self.families.revoke(&family, now).await?;
        }
        let head = self.families.begin(&user.id, &user_agent(req), now, now.plus(self.absolute)).await?;
        // A browser never gets the refresh token into a body, whoever asks: injected script asks as nicely as ours.
        let carrier = if is_browser(req) { RefreshCarrier::Cookie } else { RefreshCarrier::Body };
        self.issued(user, &head, carrier, now)
    }

    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        let Some(token) = bearer_token(&req.headers)? else { return Ok(None) };
        let claims = self.tokens.verify(token, Kind::Access, now)?;
        let lifetime = claims.lifetime();
        let (user_id, username, role) = match self.epoch_check {
            EpochCheck::OnRenewal => claims.identity()?,
            EpochCheck::EveryRequest => {
                let user = user::find_by_id(&self.db, &claims.sub).await?.filter(User::is_active);
                let user = user.ok_or(Refusal::UserInactive)?;
                if claims.epoch != Some(user.epoch) {
                    return Err(Refusal::Revoked.into());
                }
                (user.id, user.username, user.role)
            }
        };
        Ok(Some(Principal { user_id, username, role, mode: INFO.id, lifetime }))
    }

    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let (token, carrier) = presented_refresh(req)?.ok_or(AuthError::Missing)?;
        let claims = self.tokens.verify(token.expose(), Kind::Refresh, now)?;
        let head = match self.families.rotate(&claims.jti, now).await? {
            Verdict::Rotated(head) | Verdict::Retry(head) => head,
            Verdict::Refused(refusal) => return Err(refusal.into()),
        };
        let Some(user) = user::find_by_id(&self.db, &head.user_id).await?.filter(User::is_active) else {
            self.families.revoke(&head.family_id, now).await?;
            return Err(Refusal::UserInactive.into());
        };
        self.issued(&user, &head, carrier, now)
    }

    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError> {
        let families = self.presented_families(req, now);
        for family in &families {
            self.families.revoke(family, now).await?;
        }
        // No access token that this family can have given out lives longer.
        Ok(if families.is_empty() { Revocation::Immediate } else { Revocation::AtExpiry(now.plus(self.access)) })
    }

    async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        self.families.revoke_all(user, now).await?;
        Ok(Revocation::AtExpiry(now.plus(self.access)))
    }

    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError> {
        self.families.list(user, now).await
    }

    fn clear(&self) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE, COOKIE_PATH)]
    }
}
