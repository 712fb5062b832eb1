//! The pair of tokens: its issue, its renewal, and how its refresh token travels.

use http::{header, request::Parts};

use super::{
    COOKIE, COOKIE_PATH, JwtPair,
    claims::{Claims, Kind},
    rotation::{Head, Verdict},
};
use crate::{
    clock::Timestamp,
    error::{AuthError, Refusal},
    mode::BodyCredential,
    mode::carrier::{Client, bearer_token, cookie_value, set_cookie},
    mode::issued::{Delivery, Issued, IssuedBy},
    mode::principal::{CredentialId, Lifetime},
    secret::SecretString,
    users::{self, User},
};

/// Setting `ROTATE_REFRESH_TOKENS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewal {
    /// `true`, the default: each refresh token is good for one use, and a second use is found out.
    Rotates,
    /// `false`: the same refresh token until the sign-in ends. A stolen one is not found out.
    Keeps,
}

impl JwtPair {
    /// Starts a family.
    pub(super) async fn begin(
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
    pub(super) async fn renew(
        &self,
        token: &str,
        carrier: RefreshCarrier,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let claims = self.tokens.verify(token, Kind::Refresh, now).await?;
        // Before the rotation: who is logged out everywhere from here on has raised the epoch that the new access token carries.
        let user = users::find_by_id(&self.db, &claims.sub).await?.ok_or(Refusal::UserGone)?;
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

    /// What the genuine tokens claim that the request shows: the refresh token, then the access token.
    pub(super) async fn presented(&self, req: &Parts, now: Timestamp) -> Result<Vec<Claims>, AuthError> {
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
pub(super) enum RefreshCarrier {
    /// To a browser: no script may ever read it.
    Cookie,
    /// To a program, which has no cookies.
    Body,
}

/// Does a browser ask? Every current one sends Fetch Metadata, and no script can add, change or remove a `Sec-` header.
pub(super) fn is_browser(req: &Parts) -> bool {
    req.headers.contains_key("sec-fetch-site") || req.headers.contains_key(header::ORIGIN)
}

pub(super) fn presented_refresh(req: &Parts) -> Result<Option<(SecretString, RefreshCarrier)>, AuthError> {
    if let Some(BodyCredential(token)) = req.extensions.get() {
        return Ok(Some((token.clone(), RefreshCarrier::Body)));
    }
    let cookie = cookie_value(&req.headers, COOKIE)?;
    Ok(cookie.map(|token| (SecretString::new(token.to_owned()), RefreshCarrier::Cookie)))
}
