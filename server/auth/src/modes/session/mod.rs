//! Server session: the browser holds a random id, the server everything else. Stands on tower-sessions.

mod store;

use std::sync::Arc;

use async_trait::async_trait;
use http::request::Parts;
use tower_sessions::{Expiry, Session, session::Id};

use self::store::{SIGN_IN, SessionRows, SignIn};
use crate::{
    base::Base,
    clock::{Seconds, Timestamp},
    db::{Db, read, write},
    error::{AuthError, Refusal},
    mode::carrier::{Client, clear_cookie, cookie_value, set_cookie},
    mode::issued::{Delivery, Issued, IssuedBy, Revocation, SetCookie},
    mode::principal::{Credential, CredentialId, Lifetime, Principal},
    mode::{AuthMode, ModeId, ModeInfo, Transport},
    settings::SettingsError,
    users::{User, UserId},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("session"),
    name: "Server session",
    transport: Transport::Cookie,
    cookie: Some(COOKIE),
    renews_silently: false,
    client_holds: "A random id of 128 bits, in a cookie that scripts cannot read. It says nothing about you.",
    server_holds: "A row for each sign-in: the hash of the id, whose it is, its dates, and anything the application adds.",
    request_costs: "One read by primary key, and one small write a minute to move the idle limit.",
    ended_by: "Logout, at once: the row is deleted. Else 30 minutes without use, or 12 hours in all.",
    choose_when: "By default. For a site that renders pages and has a database, nothing is simpler or safer.",
    often_said: "Sessions do not scale: the server has to remember everybody.",
    in_fact: "It remembers one small row for each sign-in, found by its primary key, as every other row that the page shows. \
              What does not scale is a session in the memory of one process.",
};

/// `__Host-`: only this origin can set it, for all of it, over a secure channel (RFC 6265bis, 4.1.3.2).
const COOKIE: &str = "__Host-session";
/// Without use. OWASP's upper end for ordinary applications: shorter, and a lunch break signs people out.
const IDLE: Seconds = Seconds::minutes(30);
/// In all, however busy. A working day, so a stolen id is worthless the next morning (ASVS 5.0, 7.3.2).
const ABSOLUTE: Seconds = Seconds::hours(12);
/// "Last seen" is written at most this often, so that reading a page does not write a row.
const TOUCH_EVERY: Seconds = Seconds(60);

const FIND: &str = "select s.generation, s.issued_at, s.last_seen_at, s.expires_at, s.absolute_expires_at,
        u.id, u.username, u.role, u.epoch, u.disabled_at
    from sessions s join users u on u.id = s.user_id where s.id_hash = $1";
const TOUCH: &str = "update sessions set last_seen_at = $2, expires_at = $3 where id_hash = $1";
// One statement: two requests that rotate at once get one winner, and no crash falls between the old id and the new.
// (`Session::cycle_id` deletes first and creates later, for everybody who asks.)
const CYCLE: &str = "update sessions set id_hash = $2, generation = generation + 1, issued_at = $3, last_seen_at = $3,
        expires_at = $4 where id_hash = $1 returning generation";
const DELETE_ALL: &str = "delete from sessions where user_id = $1";
const END: &str =
    "delete from sessions where id_hash = $2 and user_id = $1 and expires_at > $3 and absolute_expires_at > $3";
const PRUNE: &str = "delete from sessions where id_hash in
    (select id_hash from sessions where expires_at <= $1 order by expires_at limit $2)";
const LIST: &str = "select id_hash as id, created_at, last_seen_at, expires_at, user_agent, address from sessions
    where user_id = $1 and expires_at > $2 and absolute_expires_at > $2 order by created_at desc";

#[derive(sqlx::FromRow)]
struct Row {
    last_seen_at: Timestamp,
    #[sqlx(flatten)]
    lifetime: Lifetime,
    #[sqlx(flatten)]
    user: User,
}

pub(super) struct ServerSession {
    db: Db,
    idle: Seconds,
    absolute: Seconds,
}

impl ServerSession {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        Ok(Self {
            db: base.db.clone(),
            idle: base.settings.seconds("SESSION_IDLE_LIFETIME", IDLE)?,
            absolute: base.settings.seconds("SESSION_ABSOLUTE_LIFETIME", ABSOLUTE)?,
        })
    }

    fn session(&self, id: Option<Id>, expires_at: Timestamp) -> Session {
        let store = SessionRows::new(self.db.clone());
        Session::new(id, Arc::new(store), Some(Expiry::AtDateTime(expires_at.to_offset_date_time())))
    }

    fn issued(id: Id, by: IssuedBy, lifetime: Lifetime, now: Timestamp) -> Issued {
        let max_age = lifetime.absolute_expires_at.since(now);
        Issued {
            by,
            credential: Some(store::hash(id).into()),
            lifetime,
            set_cookies: vec![set_cookie(COOKIE, "/", id.to_string(), max_age)],
            delivery: Delivery::Cookie,
        }
    }

    /// The caller, and the id that it showed.
    async fn find(&self, req: &Parts, now: Timestamp) -> Result<Option<(Id, Principal)>, AuthError> {
        let Some(id) = presented_id(req)? else { return Ok(None) };
        let hash = store::hash(id);
        let row: Option<Row> =
            read!(&self.db, |db| sqlx::query_as(FIND).bind(hash.as_str()).fetch_optional(db).await?);
        let row = row.ok_or(Refusal::Unknown)?;
        let mut lifetime = row.lifetime;
        if lifetime.is_over(now) {
            return Err(Refusal::Expired.into());
        }
        if !row.user.is_active() {
            return Err(Refusal::UserInactive.into());
        }
        if now.since(row.last_seen_at) >= TOUCH_EVERY {
            lifetime.expires_at = Lifetime::idle_end(now, self.idle, lifetime.absolute_expires_at);
            write!(&self.db, |db| {
                sqlx::query(TOUCH)
                    .bind(hash.as_str())
                    .bind(now)
                    .bind(lifetime.expires_at)
                    .execute(db)
                    .await?
                    .rows_affected()
            });
        }
        let User { id: user_id, username, role, .. } = row.user;
        Ok(Some((id, Principal { user_id, username, role, mode: INFO.id, credential: Some(hash.into()), lifetime })))
    }
}

fn presented_id(req: &Parts) -> Result<Option<Id>, AuthError> {
    cookie_value(&req.headers, COOKIE)?.map(|text| text.parse().map_err(|_| Refusal::Malformed.into())).transpose()
}

fn library(error: tower_sessions::session::Error) -> AuthError {
    AuthError::SessionStore(error.into())
}

#[async_trait]
impl AuthMode for ServerSession {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    async fn issue(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        // Never the id that the browser came with: an attacker may have planted it (session fixation).
        if let Ok(Some(planted)) = presented_id(req) {
            self.session(Some(planted), now).delete().await.map_err(library)?;
        }
        let absolute_expires_at = now.plus(self.absolute);
        let expires_at = Lifetime::idle_end(now, self.idle, absolute_expires_at);
        let Client { user_agent, address } = Client::of(req);
        let sign_in = SignIn { user_id: user.id.clone(), created_at: now, absolute_expires_at, user_agent, address };
        let session = self.session(None, expires_at);
        session.insert(SIGN_IN, sign_in).await.map_err(library)?;
        session.save().await.map_err(library)?;
        let id = session.id().ok_or(AuthError::Internal("a saved session has no id"))?;
        Ok(Self::issued(
            id,
            IssuedBy::Login,
            Lifetime { issued_at: now, expires_at, absolute_expires_at, generation: 1 },
            now,
        ))
    }

    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        Ok(self.find(req, now).await?.map(|(_, caller)| caller))
    }

    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let (old, caller) = self.find(req, now).await?.ok_or(AuthError::Missing)?;
        let absolute_expires_at = caller.lifetime.absolute_expires_at;
        let expires_at = Lifetime::idle_end(now, self.idle, absolute_expires_at);
        let new = Id::default();
        let (old_hash, new_hash) = (store::hash(old), store::hash(new));
        let generation: Option<i64> = write!(&self.db, |db| {
            sqlx::query_scalar(CYCLE)
                .bind(old_hash.as_str())
                .bind(new_hash.as_str())
                .bind(now)
                .bind(expires_at)
                .fetch_optional(db)
                .await?
        });
        // Another request was faster, and has the new id.
        let generation = generation.ok_or(Refusal::Revoked)?;
        Ok(Self::issued(
            new,
            IssuedBy::Rotation,
            Lifetime { issued_at: now, expires_at, absolute_expires_at, generation },
            now,
        ))
    }

    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError> {
        if let Ok(Some(id)) = presented_id(req) {
            self.session(Some(id), now).delete().await.map_err(library)?;
        }
        Ok(Revocation::Immediate)
    }

    async fn revoke_all(&self, user: &UserId, _now: Timestamp) -> Result<Revocation, AuthError> {
        write!(&self.db, |db| sqlx::query(DELETE_ALL).bind(user.as_str()).execute(db).await?.rows_affected());
        Ok(Revocation::Immediate)
    }

    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError> {
        Ok(read!(&self.db, |db| sqlx::query_as(LIST).bind(user.as_str()).bind(now).fetch_all(db).await?))
    }

    async fn end(&self, user: &UserId, credential: &CredentialId, now: Timestamp) -> Result<bool, AuthError> {
        Ok(write!(&self.db, |db| {
            sqlx::query(END).bind(user.as_str()).bind(credential.as_str()).bind(now).execute(db).await?.rows_affected()
        }) == 1)
    }

    fn clear(&self) -> Vec<SetCookie> {
        vec![clear_cookie(COOKIE, "/")]
    }

    async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        Ok(write!(&self.db, |db| sqlx::query(PRUNE).bind(now).bind(limit).execute(db).await?.rows_affected()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::request;

    fn presented(text: &str) -> Result<Option<Id>, AuthError> {
        presented_id(&request(&[("cookie", &format!("{COOKIE}={text}"))]))
    }

    proptest! {
        #[test]
        fn an_id_is_read_as_it_was_written(id in any::<i128>()) {
            prop_assert_eq!(presented(&Id(id).to_string()).unwrap(), Some(Id(id)));
        }

        #[test]
        fn an_id_has_one_spelling(text in "[A-Za-z0-9_-]{22}") {
            match presented(&text) {
                Ok(id) => prop_assert_eq!(id.unwrap().to_string(), text),
                Err(error) => prop_assert!(matches!(error, AuthError::Refused(Refusal::Malformed))),
            }
        }

        #[test]
        fn whatever_is_no_id_is_refused(text in "[!-:<-~]{1,21}|[!-:<-~]{23,64}|[!-,./:<-@]{22}|[A-Za-z0-9_-]{21}=") {
            let outcome = presented(&text);
            prop_assert!(matches!(outcome, Err(AuthError::Refused(Refusal::Malformed))), "{:?}", outcome);
        }
    }
}
