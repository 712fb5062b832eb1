//! Encrypted cookie: the browser holds the whole identity, sealed; the server holds one number for each user.

#[cfg(test)]
mod forgeries;
mod seal;

use async_trait::async_trait;
use http::request::Parts;

use self::seal::Payload;
use crate::{
    base::{Base, EpochCheck},
    clock::{Seconds, Timestamp},
    db::Db,
    error::{AuthError, Refusal},
    keys::Keys,
    mode::carrier::{clear_cookie, cookie_value, set_cookie},
    mode::issued::{Delivery, Issued, IssuedBy, Revocation, SetCookie},
    mode::principal::{Credential, CredentialId, Lifetime, Principal},
    mode::{AuthMode, ModeId, ModeInfo, Owner, Transport},
    settings::SettingsError,
    users::{self, User, UserId},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("cookie"),
    name: "Encrypted cookie",
    transport: Transport::Cookie,
    cookie: Some(COOKIE),
    renews_silently: false,
    client_holds: "Who you are and until when, encrypted and authenticated (AES-256-GCM), in a cookie that scripts cannot read.",
    server_holds: "The key, and one counter for each user. No list of who is signed in.",
    request_costs: "One decryption, and one read to compare the counter; without that check, no read at all.",
    ended_by: "Logout makes this browser forget it; a copy works until it expires: 30 minutes without use, 12 hours in \
               all. Raising the user's counter ends all copies at once.",
    choose_when: "For small sites without a session store, or at the edge, where a late logout is acceptable.",
    often_said: "Cookies are insecure: they can be read and changed in the browser.",
    in_fact: "This one can be neither: it is sealed with a key that never leaves the server. What a cookie cannot do is \
              be forgotten by someone who has copied it.",
};

/// `__Host-`: only this origin can set it, for all of it, over a secure channel (RFC 6265bis, 4.1.3.2).
const COOKIE: &str = "__Host-auth";
/// Without use. As long as a copy that was never used again stays good.
const IDLE: Seconds = Seconds::minutes(30);
/// In all. Inside the seal, so that renewing cannot stretch it (ASVS 5.0, 7.3.2).
const ABSOLUTE: Seconds = Seconds::hours(12);

pub(super) struct SealedCookie {
    db: Db,
    keys: Keys,
    epoch_check: EpochCheck,
    idle: Seconds,
    absolute: Seconds,
}

impl SealedCookie {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        Ok(Self {
            db: base.db.clone(),
            keys: base.keys.clone(),
            epoch_check: base.epoch_check,
            idle: base.settings.seconds("COOKIE_IDLE_LIFETIME", IDLE)?,
            absolute: base.settings.seconds("COOKIE_ABSOLUTE_LIFETIME", ABSOLUTE)?,
        })
    }

    async fn find(&self, req: &Parts, now: Timestamp) -> Result<Option<Payload>, AuthError> {
        let Some(text) = cookie_value(&req.headers, COOKIE)? else { return Ok(None) };
        let payload = self.unseal(text, now).await?;
        if payload.lifetime().is_over(now) {
            return Err(Refusal::Expired.into());
        }
        Ok(Some(payload))
    }

    /// The account behind a sealed identity, unless that identity has been revoked.
    async fn current_user(&self, payload: &Payload) -> Result<User, AuthError> {
        let user = users::find_by_id(&self.db, &payload.user_id).await?.ok_or(Refusal::UserInactive)?;
        if !user.is_active() {
            return Err(Refusal::UserInactive.into());
        }
        if user.epoch != payload.epoch {
            return Err(Refusal::Revoked.into());
        }
        Ok(user)
    }

    async fn issue_payload(&self, payload: &Payload, by: IssuedBy, now: Timestamp) -> Result<Issued, AuthError> {
        // The browser forgets it when the idle limit passes: keeping it longer would only produce refusals.
        let cookie = set_cookie(COOKIE, "/", self.seal(payload, now).await?, payload.expires_at.since(now));
        Ok(Issued {
            by,
            credential: None,
            lifetime: payload.lifetime(),
            set_cookies: vec![cookie],
            delivery: Delivery::Cookie,
        })
    }

    fn payload(&self, user: User, now: Timestamp, absolute_expires_at: Timestamp, generation: i64) -> Payload {
        Payload {
            user_id: user.id,
            username: user.username,
            role: user.role,
            epoch: user.epoch,
            issued_at: now,
            expires_at: Lifetime::idle_end(now, self.idle, absolute_expires_at),
            absolute_expires_at,
            generation,
        }
    }
}

#[async_trait]
impl AuthMode for SealedCookie {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    // The cookie that this one replaces in the browser cannot be ended: the server does not know it. A copy lives on.
    async fn issue(&self, user: &User, _req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let payload = self.payload(user.clone(), now, now.plus(self.absolute), 1);
        self.issue_payload(&payload, IssuedBy::Login, now).await
    }

    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        let Some(payload) = self.find(req, now).await? else { return Ok(None) };
        let lifetime = payload.lifetime();
        let (user_id, username, role) = match self.epoch_check {
            EpochCheck::OnRenewal => (payload.user_id, payload.username, payload.role),
            EpochCheck::EveryRequest => {
                let user = self.current_user(&payload).await?;
                (user.id, user.username, user.role)
            }
        };
        Ok(Some(Principal { user_id, username, role, mode: INFO.id, credential: None, lifetime }))
    }

    async fn authenticate_for_renewal(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        if let Some(payload) = self.find(req, now).await? {
            self.current_user(&payload).await?;
        }
        self.authenticate(req, now).await
    }

    // Past half of the idle time the same identity is sealed again with a later date. Not on every request: an answer that
    // is on its way while the user logs out would sign the browser in again, and this keeps that window rare and short.
    async fn slide(&self, _caller: &Principal, req: &Parts, now: Timestamp) -> Result<Vec<SetCookie>, AuthError> {
        let Some(mut payload) = self.find(req, now).await? else { return Ok(Vec::new()) };
        let expires_at = Lifetime::idle_end(now, self.idle, payload.absolute_expires_at);
        if payload.expires_at.since(now).0 > self.idle.0 / 2 || expires_at <= payload.expires_at {
            return Ok(Vec::new());
        }
        self.current_user(&payload).await?;
        payload.expires_at = expires_at;
        Ok(self.issue_payload(&payload, IssuedBy::Rotation, now).await?.set_cookies)
    }

    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let old = self.find(req, now).await?.ok_or(AuthError::Missing)?;
        let user = self.current_user(&old).await?;
        let payload = self.payload(user, now, old.absolute_expires_at, old.generation + 1);
        self.issue_payload(&payload, IssuedBy::Rotation, now).await
    }

    // There is nothing to delete. Whoever has a copy keeps it until it expires, unless the user's epoch is raised.
    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError> {
        Ok(match self.find(req, now).await {
            Ok(Some(payload)) => Revocation::AtExpiry(payload.absolute_expires_at),
            _ => Revocation::Immediate,
        })
    }

    fn is_ended_by_epoch(&self) -> bool {
        true
    }

    async fn revoke_all(&self, _user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        Ok(match self.epoch_check {
            EpochCheck::EveryRequest => Revocation::Immediate,
            EpochCheck::OnRenewal => Revocation::AtExpiry(now.plus(self.idle)),
        })
    }

    // The server knows no single one of them.
    async fn list(&self, _user: &UserId, _now: Timestamp) -> Result<Vec<Credential>, AuthError> {
        Ok(Vec::new())
    }

    async fn end(&self, _user: &UserId, _credential: &CredentialId, _now: Timestamp) -> Result<bool, AuthError> {
        Ok(false)
    }

    // The seal is proof enough, whatever has become of the user since.
    async fn owner(&self, req: &Parts, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        match self.find(req, now).await {
            Ok(payload) => Ok(payload.map(|payload| Owner { user_id: payload.user_id, credential: None })),
            Err(AuthError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn signed_for(&self) -> Seconds {
        self.idle
    }

    fn clear(&self) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE, "/")]
    }
}
