//! Opaque token: the client holds a random string, the server its hash.

mod lookup;
mod token;

use async_trait::async_trait;
use http::request::Parts;

use self::token::{hash, new_token, presented_hash};
use crate::{
    base::Base,
    clock::{Seconds, Timestamp},
    db::{Db, old_transaction, read, write},
    error::{AuthError, Refusal},
    mode::carrier::Client,
    mode::issued::{Delivery, Issued, IssuedBy, Revocation, SetCookie},
    mode::principal::{Credential, CredentialId, Lifetime, Principal},
    mode::{AuthMode, ModeId, ModeInfo, Owner, Transport},
    secret::{SecretHash, SecretString},
    settings::SettingsError,
    token_service::Introspection,
    users::{User, UserId},
};

static INFO: ModeInfo = ModeInfo {
    id: ModeId("opaque"),
    name: "Opaque token",
    transport: Transport::Bearer,
    cookie: None,
    renews_silently: false,
    client_holds: "A random string of 256 bits, wherever the program puts it. A page keeps it in memory, or exposes it to \
                   every script in the page's storage.",
    server_holds: "A row for each token: its SHA-256, whose it is, its dates. The token itself is nowhere.",
    request_costs: "One hash and one read by primary key, and one small write a minute to move the idle limit.",
    ended_by: "Logout, at once: the row is marked. Else 24 hours without use, or 30 days in all.",
    choose_when: "For programs: command lines, mobile apps, partners. Easy to issue, to scope, to list, to revoke.",
    often_said: "Tokens are strong on security, because they are kept on the client side.",
    in_fact: "Being on the client is the weak side: any script that runs in the page can take one from storage, which it \
              cannot do with an HttpOnly cookie. The strength is on the server, where it can be revoked.",
};

/// Without use: a day, so a script that runs nightly keeps its token.
const IDLE: Seconds = Seconds::hours(24);
/// In all: a month, after which a person has to log in again.
const ABSOLUTE: Seconds = Seconds::days(30);
/// "Last seen" is written at most this often.
const TOUCH_EVERY: Seconds = Seconds(60);

const INSERT: &str = "insert into opaque_tokens (token_hash, user_id, generation, created_at, issued_at, last_seen_at,
        expires_at, absolute_expires_at, user_agent, address) values ($1, $2, 1, $3, $3, $3, $4, $5, $6, $7)";
const TOUCH: &str =
    "update opaque_tokens set last_seen_at = $2, expires_at = $3 where token_hash = $1 and revoked_at is null";
// The row that lives goes on living, under another hash: logging out everywhere while this runs finds it, before or after.
const CYCLE: &str = "update opaque_tokens set token_hash = $2, generation = generation + 1, issued_at = $3,
        last_seen_at = $3, expires_at = $4 where token_hash = $1 and revoked_at is null returning generation";
// What remains of the predecessor: enough to tell its holder that it was replaced.
const BURY: &str = "insert into opaque_tokens (token_hash, user_id, generation, created_at, issued_at, last_seen_at,
        expires_at, absolute_expires_at, revoked_at, user_agent, address)
    select $1, user_id, generation - 1, created_at, issued_at, issued_at, expires_at, absolute_expires_at, $3, user_agent,
        address from opaque_tokens where token_hash = $2";
const END: &str = "update opaque_tokens set revoked_at = $3
    where token_hash = $2 and user_id = $1 and revoked_at is null and expires_at > $3 and absolute_expires_at > $3";
const PRUNE: &str = "delete from opaque_tokens where token_hash in
    (select token_hash from opaque_tokens where expires_at <= $1 order by expires_at limit $2)";
const REVOKE: &str = "update opaque_tokens set revoked_at = $2 where token_hash = $1 and revoked_at is null";
const REVOKE_ALL: &str = "update opaque_tokens set revoked_at = $2 where user_id = $1 and revoked_at is null";
const LIST: &str = "select token_hash as id, created_at, last_seen_at, expires_at, user_agent, address from opaque_tokens
    where user_id = $1 and revoked_at is null and expires_at > $2 and absolute_expires_at > $2 order by created_at desc";

pub(super) struct OpaqueToken {
    db: Db,
    idle: Seconds,
    absolute: Seconds,
}

impl OpaqueToken {
    pub(super) fn new(base: &Base) -> Result<Self, SettingsError> {
        Ok(Self {
            db: base.db.clone(),
            idle: base.settings.seconds("OPAQUE_IDLE_LIFETIME", IDLE)?,
            absolute: base.settings.seconds("OPAQUE_ABSOLUTE_LIFETIME", ABSOLUTE)?,
        })
    }

    fn issued(token: SecretString, by: IssuedBy, lifetime: Lifetime, now: Timestamp) -> Issued {
        let expires_in = lifetime.expires_at.since(now);
        Issued {
            by,
            credential: Some(SecretHash::of(token.expose().as_bytes()).into()),
            lifetime,
            set_cookies: Vec::new(),
            delivery: Delivery::Token { token, expires_in },
        }
    }
}

#[async_trait]
impl AuthMode for OpaqueToken {
    fn info(&self) -> &'static ModeInfo {
        &INFO
    }

    async fn issue(&self, user: &User, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let replaced = presented_hash(req).ok().flatten();
        let client = Client::of(req);
        let token = new_token()?;
        let absolute_expires_at = now.plus(self.absolute);
        let expires_at = Lifetime::idle_end(now, self.idle, absolute_expires_at);
        old_transaction!(&self.db, |tx| {
            if let Some(replaced) = &replaced {
                sqlx::query(REVOKE).bind(replaced.as_str()).bind(now).execute(&mut *tx).await?;
            }
            sqlx::query(INSERT)
                .bind(SecretHash::of(token.expose().as_bytes()).as_str())
                .bind(user.id.as_str())
                .bind(now)
                .bind(expires_at)
                .bind(absolute_expires_at)
                .bind(&client.user_agent)
                .bind(&client.address)
                .execute(&mut *tx)
                .await?;
        });
        Ok(Self::issued(
            token,
            IssuedBy::Login,
            Lifetime { issued_at: now, expires_at, absolute_expires_at, generation: 1 },
            now,
        ))
    }

    async fn authenticate(&self, req: &Parts, now: Timestamp) -> Result<Option<Principal>, AuthError> {
        let Some((hash, row)) = self.find(req, now).await? else { return Ok(None) };
        let mut lifetime = row.lifetime;
        if now.since(row.last_seen_at) >= TOUCH_EVERY {
            lifetime.expires_at = Lifetime::idle_end(now, self.idle, row.lifetime.absolute_expires_at);
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
        Ok(Some(Principal { user_id, username, role, mode: INFO.id, credential: Some(hash.into()), lifetime }))
    }

    async fn rotate(&self, req: &Parts, now: Timestamp) -> Result<Issued, AuthError> {
        let (old, row) = self.find(req, now).await?.ok_or(AuthError::Missing)?;
        let token = new_token()?;
        let absolute_expires_at = row.lifetime.absolute_expires_at;
        let expires_at = Lifetime::idle_end(now, self.idle, absolute_expires_at);
        let new = SecretHash::of(token.expose().as_bytes());
        let generation: Option<i64> = old_transaction!(&self.db, |tx| {
            let generation = sqlx::query_scalar(CYCLE)
                .bind(old.as_str())
                .bind(new.as_str())
                .bind(now)
                .bind(expires_at)
                .fetch_optional(&mut *tx)
                .await?;
            if generation.is_some() {
                sqlx::query(BURY).bind(old.as_str()).bind(new.as_str()).bind(now).execute(&mut *tx).await?;
            }
            generation
        });
        // Another request has rotated or revoked it meanwhile.
        let generation = generation.ok_or(Refusal::Revoked)?;
        let lifetime = Lifetime { issued_at: now, expires_at, absolute_expires_at, generation };
        Ok(Self::issued(token, IssuedBy::Rotation, lifetime, now))
    }

    async fn revoke(&self, req: &Parts, now: Timestamp) -> Result<Revocation, AuthError> {
        if let Ok(Some(hash)) = presented_hash(req) {
            write!(&self.db, |db| sqlx::query(REVOKE).bind(hash.as_str()).bind(now).execute(db).await?.rows_affected());
        }
        Ok(Revocation::Immediate)
    }

    async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<Revocation, AuthError> {
        write!(&self.db, |db| sqlx::query(REVOKE_ALL).bind(user.as_str()).bind(now).execute(db).await?.rows_affected());
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

    async fn owner(&self, req: &Parts, _now: Timestamp) -> Result<Option<Owner>, AuthError> {
        let Ok(Some(hash)) = presented_hash(req) else { return Ok(None) };
        self.owner_of(hash).await
    }

    fn clear(&self) -> Vec<SetCookie> {
        Vec::new()
    }

    async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        Ok(write!(&self.db, |db| sqlx::query(PRUNE).bind(now).bind(limit).execute(db).await?.rows_affected()))
    }

    async fn introspect(&self, token: &str, now: Timestamp) -> Result<Option<Introspection>, AuthError> {
        let Some(hash) = hash(token) else { return Ok(None) };
        let row = match self.find_live(&hash, now).await {
            Ok(row) => row,
            Err(AuthError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Introspection {
            mode: INFO.id,
            token_use: "access",
            sub: row.user.id,
            username: row.user.username,
            iat: row.lifetime.issued_at,
            exp: row.lifetime.expires_at,
            jti: None,
            iss: None,
        }))
    }

    async fn revoke_token(&self, token: &str, now: Timestamp) -> Result<Option<Owner>, AuthError> {
        let Some(hash) = hash(token) else { return Ok(None) };
        write!(&self.db, |db| sqlx::query(REVOKE).bind(hash.as_str()).bind(now).execute(db).await?.rows_affected());
        self.owner_of(hash).await
    }
}
