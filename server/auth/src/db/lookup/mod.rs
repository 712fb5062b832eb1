//! Reads of one row by its key. The reads of concurrent requests share a statement: under load, the round trip to the
//! database costs more than the rows.

mod shared;

use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

use self::shared::Shared;
use super::{Db, or_fail, read};
use crate::{error::AuthError, work::Started};

/// Maximum number of keys in one statement. [`by_key!`] has as many parameters.
const KEYS_MAX: usize = 16;
/// A statement that selects rows by a key, for one key and for up to [`KEYS_MAX`].
#[derive(Clone, Copy)]
pub(crate) struct ByKey {
    /// The name of the constant, with its module.
    pub name: &'static str,
    pub one: &'static str,
    pub many: &'static str,
}

/// Creates a [`ByKey`]: `by_key!(NAME, "select … where id")`.
macro_rules! by_key {
    ($name:ident, $($select:expr),+ $(,)?) => {
        $crate::db::lookup::ByKey {
            name: concat!(module_path!(), "::", stringify!($name)),
            one: concat!($($select,)+ " = $1"),
            many: concat!(
                $($select,)+
                " in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            ),
        }
    };
}
pub(crate) use by_key;

/// A row that knows the key by which it was selected.
pub(crate) trait Keyed: Clone {
    fn key(&self) -> &str;
}

/// One statement, and the requests that wait for it.
pub(crate) struct Lookup<R> {
    db: Db,
    statement: ByKey,
    shared: Shared<R>,
}

impl<R> Lookup<R>
where
    R: Keyed + Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
{
    pub(crate) fn new(db: &Db, statement: ByKey) -> Self {
        Self { db: db.clone(), statement, shared: Shared::new() }
    }

    /// The row with this key, as it is after the call began.
    pub(crate) async fn find(&self, key: &str) -> Result<Option<R>, AuthError> {
        let started = Started::now();
        let found = self.shared.find(key, |keys| self.select(keys)).await;
        started.ended(self.statement.name, self.statement.one, &found);
        found
    }

    async fn select(&self, keys: Vec<String>) -> Result<Vec<R>, AuthError> {
        // An absent parameter is null, which no key equals.
        macro_rules! rows {
            ($pools:expr) => {
                match keys.as_slice() {
                    // `fetch_all` would wait for the end of the statement: on SQLite one more switch of threads.
                    [key] => {
                        let row: Result<Option<R>, _> =
                            read!($pools, fetch_optional, sqlx::query_as(self.statement.one).bind(key));
                        row.map(|row| row.into_iter().collect())
                    }
                    keys => {
                        let mut query = sqlx::query_as(self.statement.many);
                        for place in 0..KEYS_MAX {
                            query = query.bind(keys.get(place));
                        }
                        read!($pools, fetch_all, query)
                    }
                }
            };
        }
        Ok(match &self.db {
            Db::Sqlite(pools) => rows!(pools),
            Db::Postgres(server) => or_fail!(server.outage, async { rows!(server.pools) }),
        }?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{on_both_databases, testing::World};

    #[derive(Clone, sqlx::FromRow)]
    struct Account {
        id: String,
        username: String,
    }

    impl Keyed for Account {
        fn key(&self) -> &str {
            &self.id
        }
    }

    on_both_databases! {
        async fn a_statement_finds_the_rows_of_all_its_keys(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let names = ["alice", "bob", "carol"];
            let mut keys = Vec::new();
            for name in names {
                keys.push(world.sign_up(name).await.unwrap().as_str().to_owned());
            }
            let last = keys.pop().unwrap();
            keys.resize(KEYS_MAX - 1, "absent".to_owned());
            keys.push(last.clone());
            let lookup = Lookup::<Account>::new(world.auth.db(), by_key!(ACCOUNT, "select id, username from users where id"));
            let mut found: Vec<_> = lookup.select(keys).await.unwrap().into_iter().map(|row| row.username).collect();
            found.sort();
            assert_eq!(found, names);
            assert_eq!(lookup.find(&last).await.unwrap().unwrap().username, "carol");
            assert!(lookup.find("absent").await.unwrap().is_none());
        }
    }
}
