//! Refresh rotation (RFC 9700, 4.14.2): each refresh token is good for one use; its second use ends the sign-in.
//!
//! A *family* is one sign-in: the line of refresh tokens from one login. Its *head* is the one that is not used yet.

use super::claims::new_jti;
use crate::{
    clock::{Seconds, Timestamp},
    db::{Db, old_transaction, read, write},
    error::{AuthError, Refusal, Replay},
    mode::carrier::Client,
    mode::principal::{Credential, CredentialId, Lifetime},
    secret::new_id,
    users::UserId,
};

const INSERT_FAMILY: &str = "insert into jwt_families (id, user_id, created_at, last_seen_at, idle_expires_at,
        absolute_expires_at, user_agent, address) values ($1, $2, $3, $3, $4, $5, $6, $7)";
const INSERT_TOKEN: &str = "insert into jwt_refresh_tokens (jti, family_id, generation, issued_at, expires_at)
    values ($1, $2, $3, $4, $5)";
// First in the transaction: it locks the family's row, so that everything about one family happens in turn.
const LOCK_FAMILY: &str = "update jwt_families set last_seen_at = $2
    where id = (select family_id from jwt_refresh_tokens where jti = $1)
    returning id, user_id, revoked_at, absolute_expires_at";
const FIND_TOKEN: &str =
    "select jti, generation, issued_at, expires_at, used_at, successor from jwt_refresh_tokens where jti = $1";
const FIND_STATE: &str = "select t.jti, t.generation, t.issued_at, t.expires_at, t.used_at, t.successor, t.family_id,
        f.user_id, f.revoked_at, f.absolute_expires_at
    from jwt_refresh_tokens t join jwt_families f on f.id = t.family_id where t.jti = $1";
const USE_TOKEN: &str = "update jwt_refresh_tokens set used_at = $2, successor = $3 where jti = $1 and used_at is null";
const EXTEND_FAMILY: &str = "update jwt_families set idle_expires_at = $2 where id = $1";
const REVOKE_FAMILY: &str =
    "update jwt_families set revoked_at = $2, revoked_reason = $3 where id = $1 and revoked_at is null";
const REVOKE_ALL: &str =
    "update jwt_families set revoked_at = $2, revoked_reason = $3 where user_id = $1 and revoked_at is null";
const END: &str = "update jwt_families set revoked_at = $3, revoked_reason = $4
    where id = $2 and user_id = $1 and revoked_at is null and idle_expires_at > $3";
const IS_LIVE: &str = "select id from jwt_families where id = $1 and revoked_at is null and idle_expires_at > $2";
const LIST: &str =
    "select id, created_at, last_seen_at, idle_expires_at as expires_at, user_agent, address from jwt_families
    where user_id = $1 and revoked_at is null and idle_expires_at > $2 order by created_at desc";
// Its tokens go with it, so not before the last of them. Until then a replay is told from a token that never was.
const PRUNE: &str = "delete from jwt_families where id in
    (select id from jwt_families where idle_expires_at <= $1 and not exists
        (select 1 from jwt_access_tokens where family_id = jwt_families.id and expires_at > $1)
        order by idle_expires_at limit $2)";

/// The families of all sign-ins.
pub(super) struct Families {
    pub db: Db,
    /// How long a head may lie unused.
    pub idle: Seconds,
    /// How long after its use a token may be shown again.
    pub grace: Seconds,
}

/// The refresh token that is next, with what is needed to mint it.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub jti: String,
    pub family_id: String,
    pub user_id: UserId,
    pub lifetime: Lifetime,
}

/// What became of a refresh token that was shown.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It was the head. This is the new one.
    Rotated(Head),
    /// It was the head until a moment ago, and its successor lies unused: a lost answer, or a second tab. The same head
    /// again, so that both converge.
    Retry(Head),
    /// It leads nowhere.
    Refused(Refusal),
}

#[derive(sqlx::FromRow)]
struct FamilyRow {
    id: String,
    user_id: UserId,
    revoked_at: Option<Timestamp>,
    absolute_expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    jti: String,
    generation: i64,
    issued_at: Timestamp,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    successor: Option<String>,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    #[sqlx(flatten)]
    token: TokenRow,
    family_id: String,
    user_id: UserId,
    revoked_at: Option<Timestamp>,
    absolute_expires_at: Timestamp,
}

impl TokenRow {
    fn head_of(self, family: FamilyRow) -> Head {
        Head {
            jti: self.jti,
            family_id: family.id,
            user_id: family.user_id,
            lifetime: Lifetime {
                issued_at: self.issued_at,
                expires_at: self.expires_at,
                absolute_expires_at: family.absolute_expires_at,
                generation: self.generation,
            },
        }
    }
}

impl Families {
    /// A new family with its first token.
    pub(super) async fn begin(
        &self,
        user: &UserId,
        client: &Client,
        now: Timestamp,
        absolute_expires_at: Timestamp,
    ) -> Result<Head, AuthError> {
        let expires_at = Lifetime::idle_end(now, self.idle, absolute_expires_at);
        let head = Head {
            jti: new_jti()?,
            family_id: new_id(now)?,
            user_id: user.clone(),
            lifetime: Lifetime { issued_at: now, expires_at, absolute_expires_at, generation: 1 },
        };
        old_transaction!(&self.db, |tx| {
            sqlx::query(INSERT_FAMILY)
                .bind(&head.family_id)
                .bind(user.as_str())
                .bind(now)
                .bind(expires_at)
                .bind(absolute_expires_at)
                .bind(&client.user_agent)
                .bind(&client.address)
                .execute(&mut *tx)
                .await?;
            sqlx::query(INSERT_TOKEN)
                .bind(&head.jti)
                .bind(&head.family_id)
                .bind(1_i64)
                .bind(now)
                .bind(expires_at)
                .execute(&mut *tx)
                .await?;
        });
        Ok(head)
    }

    /// Uses a refresh token: whoever is first gets the successor. Its signature has been checked.
    pub(super) async fn rotate(&self, jti: &str, now: Timestamp) -> Result<Verdict, AuthError> {
        let successor = new_jti()?;
        // The verdict is a value: a replay has to be committed *and* refused.
        Ok(old_transaction!(&self.db, |tx| 'verdict: {
            let family: Option<FamilyRow> =
                sqlx::query_as(LOCK_FAMILY).bind(jti).bind(now).fetch_optional(&mut *tx).await?;
            let Some(family) = family else { break 'verdict Verdict::Refused(Refusal::Unknown) };
            if family.revoked_at.is_some() {
                break 'verdict Verdict::Refused(Refusal::Replayed(Replay::DeadFamily));
            }
            let token: TokenRow = sqlx::query_as(FIND_TOKEN).bind(jti).fetch_one(&mut *tx).await?;
            if token.expires_at <= now {
                break 'verdict Verdict::Refused(Refusal::Expired);
            }
            let used = sqlx::query(USE_TOKEN).bind(jti).bind(now).bind(&successor).execute(&mut *tx).await?;
            if used.rows_affected() == 1 {
                let next = TokenRow {
                    jti: successor,
                    generation: token.generation + 1,
                    issued_at: now,
                    expires_at: Lifetime::idle_end(now, self.idle, family.absolute_expires_at),
                    used_at: None,
                    successor: None,
                };
                sqlx::query(INSERT_TOKEN)
                    .bind(&next.jti)
                    .bind(&family.id)
                    .bind(next.generation)
                    .bind(next.issued_at)
                    .bind(next.expires_at)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query(EXTEND_FAMILY).bind(&family.id).bind(next.expires_at).execute(&mut *tx).await?;
                break 'verdict Verdict::Rotated(next.head_of(family));
            }
            let heir: Option<TokenRow> =
                sqlx::query_as(FIND_TOKEN).bind(&token.successor).fetch_optional(&mut *tx).await?;
            let in_grace = token.used_at.is_some_and(|used_at| now <= used_at.plus(self.grace)) && self.grace.0 > 0;
            let unused_heir = heir.filter(|heir| heir.used_at.is_none());
            match unused_heir {
                Some(heir) if in_grace => Verdict::Retry(heir.head_of(family)),
                unused_heir => {
                    // Two parties hold this token and one of them stole it. Which one cannot be known: both log in again.
                    let which = if unused_heir.is_some() { Replay::Parent } else { Replay::Older };
                    let replay = Refusal::Replayed(which);
                    sqlx::query(REVOKE_FAMILY)
                        .bind(&family.id)
                        .bind(now)
                        .bind(replay.as_str())
                        .execute(&mut *tx)
                        .await?;
                    Verdict::Refused(replay)
                }
            }
        }))
    }

    /// Has it been used, or has its family ended? For whoever wants to know without using it.
    pub(super) async fn state(&self, jti: &str, now: Timestamp) -> Result<Result<Head, Refusal>, AuthError> {
        let found: Option<StateRow> =
            read!(&self.db, |db| sqlx::query_as(FIND_STATE).bind(jti).fetch_optional(db).await?);
        let Some(StateRow { token, user_id, family_id, revoked_at, absolute_expires_at }) = found else {
            return Ok(Err(Refusal::Unknown));
        };
        Ok(if revoked_at.is_some() || token.used_at.is_some() {
            Err(Refusal::Revoked)
        } else if token.expires_at <= now {
            Err(Refusal::Expired)
        } else {
            Ok(token.head_of(FamilyRow { id: family_id, user_id, revoked_at, absolute_expires_at }))
        })
    }

    pub(super) async fn revoke(&self, family: &str, now: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| sqlx::query(REVOKE_FAMILY)
            .bind(family)
            .bind(now)
            .bind("logout")
            .execute(db)
            .await?
            .rows_affected());
        Ok(())
    }

    pub(super) async fn revoke_all(&self, user: &UserId, now: Timestamp) -> Result<(), AuthError> {
        write!(&self.db, |db| {
            sqlx::query(REVOKE_ALL).bind(user.as_str()).bind(now).bind("logout-all").execute(db).await?.rows_affected()
        });
        Ok(())
    }

    pub(super) async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Credential>, AuthError> {
        Ok(read!(&self.db, |db| sqlx::query_as(LIST).bind(user.as_str()).bind(now).fetch_all(db).await?))
    }

    /// Has this family a future?
    pub(super) async fn is_live(&self, family: &str, now: Timestamp) -> Result<bool, AuthError> {
        let id: Option<String> =
            read!(&self.db, |db| sqlx::query_scalar(IS_LIVE).bind(family).bind(now).fetch_optional(db).await?);
        Ok(id.is_some())
    }

    /// Ends one family of the user. `false`: there is no such live one.
    pub(super) async fn end(&self, user: &UserId, family: &CredentialId, now: Timestamp) -> Result<bool, AuthError> {
        Ok(write!(&self.db, |db| {
            sqlx::query(END)
                .bind(user.as_str())
                .bind(family.as_str())
                .bind(now)
                .bind("ended by its user")
                .execute(db)
                .await?
                .rows_affected()
        }) == 1)
    }

    pub(super) async fn prune(&self, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
        Ok(write!(&self.db, |db| sqlx::query(PRUNE).bind(now).bind(limit).execute(db).await?.rows_affected()))
    }
}
