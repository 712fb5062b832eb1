//! An application's session data, by tower-sessions over this crate's tables.
//!
//! The library only loads and saves the data. Its store has no transaction, no user and no clock, so `rotate` and
//! `logout` of the mode create and end the ids.

use std::{fmt::Display, sync::Arc};

use async_trait::async_trait;
use http::request::Parts;
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::{hash, presented_ids};
use crate::{
    Auth, AuthError,
    clock::Timestamp,
    db::{Db, db_execute, db_fetch_optional},
};

// Never an upsert: saving must not restore a session that has ended in the meantime.
const SAVE: &str = "update sessions set data = $2 where sign_in_id in
    (select c.sign_in_id from session_ids c join sign_ins s on s.id = c.sign_in_id
        join users u on u.id = s.user_id
        where c.id_hash = $1 and c.replaced_at is null and s.ended_at is null and u.epoch = s.epoch and u.disabled_at is null)";
const LOAD: &str = "select d.data, s.absolute_expires_at from session_ids c
    join sign_ins s on s.id = c.sign_in_id join sessions d on d.sign_in_id = c.sign_in_id
    where c.id_hash = $1 and c.replaced_at is null and s.ended_at is null";

/// The session data of a caller who is signed in by this mode. Change it, then call `save`.
///
/// # Errors
/// [`AuthError::Missing`] and [`AuthError::Refused`] if the request has no live session.
pub async fn data(auth: &Auth, req: &Parts) -> std::result::Result<Session, AuthError> {
    let caller = auth.caller(super::INFO.id.0, req).await?;
    let db = auth.db();
    for id in presented_ids(req)? {
        let found = IdOwner::find(db, id).await?;
        if found.is_some_and(|owner| Some(owner.0) == caller.sign_in.as_ref().map(|id| id.as_str().to_owned())) {
            let expiry = Expiry::AtDateTime(caller.lifetime.absolute_expires_at.to_offset_date_time());
            return Ok(Session::new(Some(id), Arc::new(SessionRows { db: db.clone() }), Some(expiry)));
        }
    }
    Err(AuthError::Missing)
}

/// The sign-in of a session id.
#[derive(sqlx::FromRow)]
struct IdOwner(String);

impl IdOwner {
    async fn find(db: &Db, id: Id) -> std::result::Result<Option<Self>, AuthError> {
        const FIND: &str = "select sign_in_id from session_ids where id_hash = $1 and replaced_at is null";
        Ok(db_fetch_optional!(db, FIND, hash(id)))
    }
}

#[derive(Clone, Debug)]
struct SessionRows {
    db: Db,
}

impl SessionRows {
    async fn write(&self, record: &Record) -> std::result::Result<u64, AuthError> {
        let data = serde_json::to_string(&record.data)
            .map_err(|_| AuthError::Internal("the session data could not be serialised"))?;
        Ok(db_execute!(&self.db, SAVE, hash(record.id), &data))
    }

    async fn read(&self, id: Id) -> std::result::Result<Option<(String, Timestamp)>, AuthError> {
        Ok(db_fetch_optional!(&self.db, LOAD, hash(id)))
    }
}

#[async_trait]
impl SessionStore for SessionRows {
    async fn create(&self, _record: &mut Record) -> Result<()> {
        Err(Error::Backend("only a login creates a session".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        match self.write(record).await.map_err(backend)? {
            0 => Err(Error::Backend("the session has ended".to_owned())),
            _ => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires_at)) = self.read(*id).await.map_err(backend)? else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: expires_at.to_offset_date_time() }))
    }

    async fn delete(&self, _id: &Id) -> Result<()> {
        Err(Error::Backend("only a logout ends a session".to_owned()))
    }
}

fn backend(error: impl Display) -> Error {
    Error::Backend(error.to_string())
}

#[cfg(test)]
mod tests {
    use crate::{
        modes::session::{INFO, data},
        on_both_databases,
        testing::{World, present},
    };

    on_both_databases! {
        async fn session_data_survives_a_rotation_and_ends_with_a_logout(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            world.sign_up("alice").await.unwrap();
            let req = world.log_in(INFO.id, "alice").await.unwrap();
            let session = data(&world.auth, &req).await.unwrap();
            session.insert("colour", "green").await.unwrap();
            session.save().await.unwrap();

            let rotated = present(&world.auth.rotate(INFO.id.0, &req).await.unwrap());
            let colour: Option<String> = data(&world.auth, &rotated).await.unwrap().get("colour").await.unwrap();
            assert_eq!(colour.as_deref(), Some("green"));
            assert!(session.save().await.is_err(), "the replaced id can still write");

            world.auth.logout(INFO.id.0, &rotated).await.unwrap();
            assert!(data(&world.auth, &rotated).await.is_err());
        }
    }
}
