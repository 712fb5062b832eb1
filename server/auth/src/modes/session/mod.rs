//! Server session: the browser holds a random id, the server holds everything else. Applications keep their session
//! data through tower-sessions.

mod korean;
mod store;

use async_trait::async_trait;
use http::request::Parts;
use tower_sessions::session::Id;

pub use self::store::data;
use crate::{
    base::{AccessCheck, Base},
    clock::{Seconds, Timestamp},
    db::{Db, Tx, lookup::Lookup, tx_execute},
    error::{AuthError, Refusal},
    mode::{
        AuthMode, ModeId, ModeInfo, Transport,
        carrier::{clear_cookie, cookie_values, set_cookie},
        issued::{Delivery, Issued, IssuedBy, Rotation, SetCookie, Trigger},
        lifetimes::Lifetimes,
        principal::{Lifetime, Recognised},
        replaceable::{Found, Restored, Statements, replaceable_statements},
        replay::{Previous, Replayable},
        shown::{Owner, Purpose, Shown},
    },
    random::random_bytes,
    secret::SecretHash,
    settings::SettingsError,
    sign_in::{SignIn, SignInId},
    users::User,
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("session"),
    name: "Server session",
    transport: Transport::Cookie,
    remembers: true,
    needs_key: false,
    cookie: Some(COOKIE),
    renews_silently: false,
    client_holds: "A random id of 128 bits, in a cookie that scripts cannot read. It contains no data about you.",
    server_holds: "A row per sign-in with its dates, the hash of the current id, and the application's session data.",
    request_costs: "One read by primary key, and at most one small write per minute, because a use moves the end.",
    ended_by: "Logout, immediately: the sign-in's row is marked as ended. Without a logout: after 30 minutes if not used, \
               after 12 hours at the latest.",
    injected_script: "It cannot read the cookie (HttpOnly), so it takes nothing away. While the page is open, it can send \
                      requests as you.",
    other_site: "The browser attaches the cookie by itself, also to some requests of other sites. So the server checks \
                 where each change comes from (Fetch Metadata, else Origin), and refuses those of other sites.",
    choose_when: "The default. For a site that renders pages and has a database, no mode is simpler or safer.",
    often_said: "Sessions do not scale, because the server stores every user's session.",
    in_fact: "It stores one small row per sign-in, and reads it by primary key like every other row of a page. Only a \
              session in the memory of one process does not scale.",
    korean: korean::KOREAN,
};

/// `__Host-`: only this host can set the cookie, for the whole host, over HTTPS (RFC 6265bis, 4.1.3.2).
const COOKIE: &str = "__Host-session";
/// Maximum time without use. OWASP's upper bound for ordinary applications. A shorter one signs users out during a
/// lunch break.
const IDLE: Seconds = Seconds::minutes(30);
/// Maximum time in total. A working day, so that a stolen id is worthless the next morning (ASVS 5.0, 7.3.2).
const ABSOLUTE: Seconds = Seconds::hours(12);

const IDS: Statements = replaceable_statements!("session_ids", "id_hash");
const INSERT_DATA: &str = "insert into sessions (sign_in_id, data) values ($1, '{}')";
const DELETE_DATA: &str = "delete from sessions where sign_in_id = $1";

pub(super) struct ServerSession {
    db: Db,
    ids: Lookup<Found>,
    lifetimes: Lifetimes,
}

impl ServerSession {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        let idle = ("SESSION_IDLE_LIFETIME", IDLE);
        let lifetimes = Lifetimes::read(&base.settings, idle, ("SESSION_ABSOLUTE_LIFETIME", ABSOLUTE))?;
        Ok(Self { db: base.db.clone(), ids: IDS.lookup(&base.db), lifetimes })
    }
}

#[async_trait]
impl AuthMode for ServerSession {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    fn lifetimes(&self, _req: &Parts) -> Lifetimes {
        self.lifetimes
    }

    async fn shown(&self, req: &Parts, _purpose: Purpose, now: Timestamp) -> Result<Shown, AuthError> {
        match presented(req) {
            Ok(hashes) => self.ids.shown(&hashes, now).await,
            Err(refusal) => Ok(Shown::Unreadable(refusal)),
        }
    }

    async fn authenticate(
        &self,
        req: &Parts,
        _check: AccessCheck,
        now: Timestamp,
    ) -> Result<Option<Recognised>, AuthError> {
        self.ids.authenticate(&presented(req)?, now).await
    }

    // Never reuse the id in the request: an attacker may have planted it (session fixation).
    async fn issue(
        &self,
        tx: &mut Tx,
        new: &SignIn,
        _user: &User,
        _req: &Parts,
        now: Timestamp,
    ) -> Result<Issued, AuthError> {
        let id = new_id()?;
        let lifetime = IDS.insert(tx, &hash(id), new, now).await?;
        tx_execute!(tx, INSERT_DATA, &new.id);
        Ok(issued(id, IssuedBy::Login, &new.id, lifetime, now))
    }

    async fn rotate(
        &self,
        tx: &mut Tx,
        _user: &User,
        locked: Option<&SignIn>,
        trigger: Trigger<'_>,
        now: Timestamp,
    ) -> Result<Rotation, AuthError> {
        let (locked, new) = (locked.ok_or(AuthError::Missing)?, new_id()?);
        let hashes = (&*presented(trigger.req())?, &hash(new));
        Ok(match IDS.rotate(tx, locked, hashes, self.lifetimes, now).await? {
            Some(lifetime) => Rotation::Next(issued(new, IssuedBy::Rotation, &locked.id, lifetime, now)),
            None => Rotation::Refused(Refusal::Replaced(now)),
        })
    }

    fn clear(&self, _owner: Option<&Owner>, _now: Timestamp) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE)]
    }

    async fn forget(&self, tx: &mut Tx, ended: &SignInId) -> Result<u64, AuthError> {
        Ok(IDS.forget(tx, ended).await? + tx_execute!(tx, DELETE_DATA, ended))
    }

    fn replayable(&self) -> Option<&dyn Replayable> {
        Some(self)
    }
}

#[async_trait]
impl Replayable for ServerSession {
    async fn previous(&self, req: &Parts, owner: &Owner, _now: Timestamp) -> Result<Option<Previous>, AuthError> {
        IDS.previous(&self.db, req, owner).await
    }
}

fn issued(id: Id, by: IssuedBy, sign_in: &SignInId, lifetime: Lifetime, now: Timestamp) -> Issued {
    let max_age = lifetime.absolute_expires_at.since(now);
    Issued {
        by,
        sign_in: Some(sign_in.clone()),
        lifetime,
        set_cookies: vec![set_cookie(COOKIE, id.to_string(), max_age)],
        delivery: Delivery::Cookie,
    }
}

fn new_id() -> Result<Id, AuthError> {
    Ok(Id(i128::from_le_bytes(*random_bytes::<16>()?)))
}

fn hash(id: Id) -> SecretHash {
    SecretHash::of(&id.0.to_le_bytes())
}

/// The session ids in the request. A malformed one is an error only if there is no other.
fn presented_ids(req: &Parts) -> Result<Vec<Id>, Refusal> {
    let values = cookie_values(&req.headers, COOKIE)?;
    let ids: Vec<Id> = values.iter().filter_map(|text| text.parse().ok()).collect();
    if ids.is_empty() && !values.is_empty() { Err(Refusal::Malformed) } else { Ok(ids) }
}

fn presented(req: &Parts) -> Result<Vec<SecretHash>, Refusal> {
    if let Some(hash) = Restored::of(req) {
        return Ok(vec![hash]);
    }
    Ok(presented_ids(req)?.into_iter().map(hash).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::request;

    fn shown(text: &str) -> Result<Vec<Id>, Refusal> {
        presented_ids(&request(&[("cookie", &format!("{COOKIE}={text}"))]))
    }

    proptest! {
        #[test]
        fn a_session_id_is_read_as_it_was_written(id in any::<i128>()) {
            prop_assert_eq!(shown(&Id(id).to_string()).unwrap(), [Id(id)]);
        }

        #[test]
        fn a_session_id_has_one_spelling(text in "[A-Za-z0-9_-]{22}") {
            match shown(&text) {
                Ok(ids) => prop_assert_eq!(ids[0].to_string(), text),
                Err(refusal) => prop_assert_eq!(refusal, Refusal::Malformed),
            }
        }

        #[test]
        fn a_malformed_session_id_is_refused(text in "[!-:<-~]{1,21}|[!-:<-~]{23,64}|[!-,./:<-@]{22}|[A-Za-z0-9_-]{21}=") {
            prop_assert_eq!(shown(&text), Err(Refusal::Malformed));
        }
    }
}
