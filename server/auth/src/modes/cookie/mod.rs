//! Encrypted cookie. The browser holds the whole identity, sealed. The server holds two numbers per user: the account's
//! epoch, and the epoch of this mode.

mod account;
#[cfg(test)]
mod forgeries;
mod korean;
mod marker;
mod seal;

use async_trait::async_trait;
use http::request::Parts;

use self::{
    account::{ACCOUNT, Account},
    seal::{COOKIE, Payload, Seal},
};
use crate::{
    base::{AccessCheck, Base},
    clock::{CLOCK_TOLERANCE, Seconds, Timestamp},
    db::{Tx, lookup::Lookup, tx_execute, tx_fetch_optional},
    error::{AuthError, Refusal},
    mode::{
        AuthMode, ModeId, ModeInfo, Stateless, Transport,
        carrier::{clear_cookie, cookie_values, set_cookie},
        issued::{Delivery, Ending, Issued, IssuedBy, LaterCopies, Resealed, Revocation, Rotation, SetCookie, Trigger},
        lifetimes::Lifetimes,
        principal::Recognised,
        shown::{Owner, Purpose, Shown},
    },
    settings::SettingsError,
    sign_in::{EndReason, SignIn, SignInId, touch_interval},
    users::{User, UserId},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("cookie"),
    name: "Encrypted cookie",
    transport: Transport::Cookie,
    remembers: false,
    needs_key: true,
    cookie: Some(COOKIE),
    renews_silently: false,
    client_holds: "Your identity and its expiry, encrypted and authenticated (AES-256-GCM), in a cookie that scripts cannot read.",
    server_holds: "The key, and two epoch numbers per user: one of the account, one of this mode. No list of signed-in users.",
    request_costs: "One decryption, and one read to compare the epochs. Without that check (ACCESS_CHECK=signature), no read.",
    ended_by: "Logout deletes the cookie in this browser. A copy works until it expires: after 30 minutes if not used, \
               after 12 hours at the latest. Raising an epoch ends all copies at once, except with ACCESS_CHECK=signature.",
    injected_script: "It can neither read the cookie (HttpOnly) nor decrypt it. While the page is open, it can send \
                      requests as you.",
    other_site: "The browser attaches the cookie by itself, also to some requests of other sites. So the server checks \
                 where each change comes from (Fetch Metadata, else Origin), and refuses those of other sites.",
    choose_when: "For small sites without a session store, or at the edge, where a delayed revocation is acceptable.",
    often_said: "Cookies are insecure: they can be read and changed in the browser.",
    in_fact: "This one can be neither read nor changed: it is sealed with a key that never leaves the server. Its \
              weakness is revocation: a logout does not reach a stolen copy.",
    korean: korean::KOREAN,
};

/// Maximum time without use. An unused copy works for this long.
const IDLE: Seconds = Seconds::minutes(30);
/// Maximum time in total. It is inside the seal, so a renewal cannot extend it (ASVS 5.0, 7.3.2).
const ABSOLUTE: Seconds = Seconds::hours(12);

const COUNTER: &str = "select epoch from cookie_epochs where user_id = $1";
// At least the current time, so that a restored backup never repeats an epoch.
const RAISE_COUNTER: &str = "insert into cookie_epochs (user_id, epoch) values ($1, $2)
    on conflict (user_id) do update set
        epoch = case when cookie_epochs.epoch < $2 then $2 else cookie_epochs.epoch + 1 end";

pub(super) struct SealedCookie {
    accounts: Lookup<Account>,
    seal: Seal,
    check: AccessCheck,
    lifetimes: Lifetimes,
}

impl SealedCookie {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let idle = ("COOKIE_IDLE_LIFETIME", IDLE);
        Ok(Self {
            accounts: Lookup::new(&base.db, ACCOUNT),
            seal: Seal::new(base.keys.clone()),
            check: base.access_check,
            lifetimes: Lifetimes::read(&base.settings, idle, ("COOKIE_ABSOLUTE_LIFETIME", ABSOLUTE))?,
        })
    }

    /// The payload of the first cookie in the request that can be opened, alive or dead.
    async fn open(&self, req: &Parts, now: Timestamp) -> Result<Option<Payload>, AuthError> {
        let mut refusal = None;
        for text in cookie_values(&req.headers, COOKIE)? {
            match self.seal.open(text, now).await {
                Ok(payload) => return Ok(Some(payload)),
                Err(AuthError::Refused(why)) => refusal = Some(why),
                Err(error) => return Err(error),
            }
        }
        refusal.map_or(Ok(None), |refusal| Err(refusal.into()))
    }

    /// Reads the account of a payload, and compares both epochs.
    async fn account(&self, payload: &Payload) -> Result<User, AuthError> {
        let account = self.accounts.find(payload.user_id.as_str()).await?.ok_or(Refusal::UserGone)?;
        account.user.verdict(payload.epoch)?;
        // Only a logout of this mode on every device raises the epoch of the mode.
        let ended = Refusal::Ended(EndReason::LogoutAll);
        if account.cookie_epoch == payload.cookie_epoch { Ok(account.user) } else { Err(ended.into()) }
    }

    async fn issued(&self, payload: &Payload, by: IssuedBy, now: Timestamp) -> Result<Issued, AuthError> {
        Ok(Issued {
            by,
            sign_in: None,
            lifetime: payload.lifetime(),
            set_cookies: vec![self.cookie(payload, now).await?],
            delivery: Delivery::Cookie,
        })
    }

    // `Max-Age` equals the idle limit: keeping the cookie longer would only cause refusals.
    async fn cookie(&self, payload: &Payload, now: Timestamp) -> Result<SetCookie, AuthError> {
        Ok(set_cookie(COOKIE, self.seal.seal(payload, now).await?, payload.expires_at.since(now)))
    }
}

/// Is a payload valid, according to the request alone?
fn verdict(payload: &Payload, req: &Parts, now: Timestamp) -> Result<(), Refusal> {
    if payload.sealed_at > now.plus(CLOCK_TOLERANCE) {
        return Err(Refusal::NotYetValid);
    }
    if payload.lifetime().is_over(now) {
        return Err(Refusal::Expired);
    }
    if marker::is_marked(&payload.id, req) { Err(Refusal::Revoked) } else { Ok(()) }
}

#[async_trait]
impl AuthMode for SealedCookie {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    fn lifetimes(&self, _req: &Parts) -> Lifetimes {
        self.lifetimes
    }

    async fn shown(&self, req: &Parts, _purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError> {
        let payload = match self.open(req, now).await {
            Ok(Some(payload)) => payload,
            Ok(None) => return Ok(Shown::Absent),
            Err(AuthError::Refused(why)) => return Ok(Shown::Unreadable(why)),
            Err(error) => return Err(error),
        };
        Ok(Shown::Genuine(Owner {
            verdict: verdict(&payload, req, now),
            user_id: payload.user_id,
            sign_in: None,
            rowless_id: Some(payload.id.as_str().to_owned()),
            absolute_expires_at: payload.absolute_expires_at,
        }))
    }

    async fn authenticate(
        &self,
        req: &Parts,
        check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError> {
        let Some(payload) = self.open(req, now).await? else { return Ok(None) };
        verdict(&payload, req, now)?;
        let lifetime = LaterCopies::lifetime(req, INFO.id).unwrap_or(payload.lifetime());
        let user = match check {
            AccessCheck::Signature => payload.user(),
            AccessCheck::Account | AccessCheck::SignIn => self.account(&payload).await?,
        };
        Ok(Some(Recognised { user, sign_in: None, lifetime, used: None }))
    }

    // The server cannot end the sealed cookie that a login replaces: a copy stays valid. The marker stops a response in
    // flight from restoring the previous user in this browser.
    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        user: &User,
        req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let counter: Option<(i64,)> = tx_fetch_optional!(tx, COUNTER, &user.id);
        let payload = Payload {
            id: new.id.clone(),
            user_id: user.id.clone(),
            username: user.username.clone(),
            role: user.role,
            epoch: new.epoch,
            cookie_epoch: counter.map_or(0, |(epoch,)| epoch),
            issued_at: now,
            sealed_at: now,
            expires_at: new.idle_expires_at,
            absolute_expires_at: new.absolute_expires_at,
            generation: 1,
        };
        let replaced = self.open(req, now).await.ok().flatten();
        let mut issued = self.issued(&payload, IssuedBy::Login, now).await?;
        issued.set_cookies.extend(replaced.map(|old| marker::mark(&old.id, old.absolute_expires_at, now)));
        Ok(issued)
    }

    async fn rotate(
        &self,
        _tx: &mut Tx,
        user: &User,
        _locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let old = self.open(trigger.req(), now).await?.ok_or(AuthError::Missing)?;
        let payload = Payload {
            username: user.username.clone(),
            role: user.role,
            // A rotation copies the epoch: if all sign-ins end concurrently, its successor is born dead.
            epoch: match trigger {
                Trigger::Asked(_) => old.epoch,
                Trigger::CarriedAlong(_) => user.epoch,
            },
            issued_at: now,
            generation: old.generation + 1,
            ..old.sealed_again(self.lifetimes.idle, now)
        };
        Ok(Rotation::Next(self.issued(&payload, IssuedBy::Rotation, now).await?))
    }

    fn clear(&self, owner: Option<&Owner>, now: Timestamp) -> Vec<SetCookie> {
        let marker = owner.and_then(|owner| {
            let id = SignInId::parse(owner.rowless_id.as_deref()?)?;
            Some(marker::mark(&id, owner.absolute_expires_at, now))
        });
        [clear_cookie(COOKIE)].into_iter().chain(marker).collect()
    }

    fn stateless(&self) -> Option<&dyn Stateless> {
        Some(self)
    }
}

#[async_trait]
impl Stateless for SealedCookie {
    fn revocation(&self, ending: Ending<'_>, now: Timestamp) -> Revocation {
        match (ending, self.check) {
            (Ending::One(owner), _) if owner.verdict == Err(Refusal::Expired) => Revocation::Immediate,
            // Until the absolute end, a client can keep renewing a copy.
            (Ending::One(owner), _) => Revocation::AtExpiry(owner.absolute_expires_at),
            (Ending::Mode | Ending::Everything, AccessCheck::Account | AccessCheck::SignIn) => Revocation::Immediate,
            // A renewal compares the epochs whatever the access check, so a copy works for one idle time at most.
            (Ending::Mode | Ending::Everything, AccessCheck::Signature) => {
                Revocation::AtExpiry(now.plus(self.lifetimes.idle))
            }
        }
    }

    async fn reseal(&self, req: &Parts, now: Timestamp) -> Result<Option<Resealed>, AuthError> {
        let Some(payload) = self.open(req, now).await? else { return Ok(None) };
        verdict(&payload, req, now)?;
        let later = payload.sealed_again(self.lifetimes.idle, now);
        let is_due = now.since(payload.sealed_at) >= touch_interval(self.lifetimes.idle);
        if !is_due || later.expires_at <= payload.expires_at {
            return Ok(None);
        }
        self.account(&payload).await?;
        Ok(Some(Resealed { set_cookie: self.cookie(&later, now).await?, lifetime: later.lifetime() }))
    }

    async fn end_all(&self, tx: &mut Tx, user: &UserId, now: Timestamp) -> Result<bool, AuthError> {
        Ok(tx_execute!(tx, RAISE_COUNTER, user, now) == 1)
    }

    fn signed_for(&self) -> Seconds {
        self.lifetimes.idle
    }
}
