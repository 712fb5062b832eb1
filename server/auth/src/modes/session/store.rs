//! The tower-sessions store over [`Db`]. Ids are hashed, and each row knows whose it is: the published sqlx store does
//! neither, so a copy of its table signs everybody in, and nobody can list or end a user's sessions.

use std::{collections::HashMap, fmt::Display};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::{
    clock::Timestamp,
    db::{Db, read, write},
    secret::SecretHash,
    users::UserId,
};

const INSERT: &str = "insert into sessions (id_hash, user_id, data, generation, created_at, issued_at, last_seen_at,
        expires_at, absolute_expires_at, user_agent, address) values ($1, $2, $3, 1, $4, $4, $4, $5, $6, $7, $8)";
// Never an upsert: saving must not bring back a session that was ended meanwhile.
const UPDATE: &str = "update sessions set data = $2, expires_at = $3 where id_hash = $1";
const FIND: &str = "select data, expires_at from sessions where id_hash = $1";
const DELETE: &str = "delete from sessions where id_hash = $1";

/// The key in a session's data under which a new session says whose it is.
pub(super) const SIGN_IN: &str = "sign_in";

/// What becomes the columns of a row.
#[derive(Serialize, Deserialize)]
pub(super) struct SignIn {
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub absolute_expires_at: Timestamp,
    pub user_agent: String,
    pub address: String,
}

#[derive(Clone, Debug)]
pub(super) struct SessionRows {
    db: Db,
}

impl SessionRows {
    pub(super) fn new(db: Db) -> Self {
        Self { db }
    }
}

pub(super) fn hash(id: Id) -> SecretHash {
    SecretHash::of(&id.0.to_le_bytes())
}

#[async_trait]
impl SessionStore for SessionRows {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let mut data = record.data.clone();
        // A session without a user is refused: nothing here needs one, and strangers could fill the table.
        let sign_in = data.remove(SIGN_IN).ok_or_else(|| Error::Encode("a session needs a user".to_owned()))?;
        let sign_in: SignIn = serde_json::from_value(sign_in).map_err(encode)?;
        let data = serde_json::to_string(&data).map_err(encode)?;
        // No retry on a collision of 128 random bits: the primary key refuses it.
        write!(&self.db, |db| {
            sqlx::query(INSERT)
                .bind(hash(record.id).as_str())
                .bind(sign_in.user_id.as_str())
                .bind(&data)
                .bind(sign_in.created_at)
                .bind(record.expiry_date.unix_timestamp())
                .bind(sign_in.absolute_expires_at)
                .bind(&sign_in.user_agent)
                .bind(&sign_in.address)
                .execute(db)
                .await
                .map_err(backend)?
                .rows_affected()
        });
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data: HashMap<_, _> = record.data.iter().filter(|(key, _)| *key != SIGN_IN).collect();
        let data = serde_json::to_string(&data).map_err(encode)?;
        let rows = write!(&self.db, |db| {
            sqlx::query(UPDATE)
                .bind(hash(record.id).as_str())
                .bind(&data)
                .bind(record.expiry_date.unix_timestamp())
                .execute(db)
                .await
                .map_err(backend)?
                .rows_affected()
        });
        if rows == 0 { Err(Error::Backend("the session has ended".to_owned())) } else { Ok(()) }
    }

    // Whether it is still alive is for the mode to say, which has the time as an argument.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row: Option<(String, Timestamp)> = read!(&self.db, |db| {
            sqlx::query_as(FIND).bind(hash(*id).as_str()).fetch_optional(db).await.map_err(backend)?
        });
        row.map(|(data, expires_at)| {
            let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
            Ok(Record { id: *id, data, expiry_date: expires_at.to_offset_date_time() })
        })
        .transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        write!(&self.db, |db| {
            sqlx::query(DELETE).bind(hash(*id).as_str()).execute(db).await.map_err(backend)?.rows_affected()
        });
        Ok(())
    }
}

fn backend(error: impl Display) -> Error {
    Error::Backend(error.to_string())
}

fn encode(error: impl Display) -> Error {
    Error::Encode(error.to_string())
}
