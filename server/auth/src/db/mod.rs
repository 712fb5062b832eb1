//! The database: SQLite for one machine, PostgreSQL for many, the same SQL text on both.
//!
//! `statements.rs` has the macros that run every statement.

pub(crate) mod lookup;
mod outage;
mod postgres;
mod readers;
mod statements;
mod tables;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection as _, Database, Pool, Postgres, Sqlite, Transaction,
    pool::PoolOptions,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

pub(crate) use self::statements::{
    db_execute, db_fetch, db_fetch_all, db_fetch_optional, db_returning, or_fail, read, recorded, transaction,
    tx_execute, tx_fetch, tx_fetch_all, tx_fetch_optional,
};
use self::{
    outage::Outage,
    postgres::Protection,
    readers::{Readers, TEST_INTERVAL},
};
pub use self::{
    postgres::{DatabaseTls, PostgresServer},
    tables::Table,
};
use tokio::time::sleep;

use crate::{
    error::AuthError,
    work::{Rows, Started},
};

/// Maximum time that a request waits for a connection. An unreachable database must not hold every request.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time that SQLite waits for the lock of another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 4;
/// The switch of a new file to WAL fails at once, whatever the busy timeout, while another process that starts makes
/// the same switch.
const OPEN_ATTEMPTS: u32 = 50;
const OPEN_PAUSE: Duration = Duration::from_millis(100);
const WITHOUT_LIMITS: &str = "set statement_timeout = 0; set lock_timeout = 0";

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite: one file on this machine.
    Sqlite(Pools<Sqlite>),
    /// PostgreSQL: a server.
    Postgres(PostgresServer),
}

/// The connections of a database.
#[derive(Debug)]
pub struct Pools<DB: Database> {
    pub(crate) readers: Readers<DB>,
    /// For statements that write, and for transactions. SQLite has one writer at a time, so this pool has one
    /// connection there. Its queue is fair; SQLite's own busy handler polls and starves waiters.
    pub(crate) writers: Pool<DB>,
}

impl<DB: Database> Clone for Pools<DB> {
    fn clone(&self) -> Self {
        Self { readers: self.readers.clone(), writers: self.writers.clone() }
    }
}

impl<DB: Database> Pools<DB> {
    async fn open(
        options: <DB::Connection as sqlx::Connection>::Options,
        readers: u32,
        writers: u32,
    ) -> Result<Self, sqlx::Error> {
        let pool = |connections| {
            PoolOptions::<DB>::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                // The default tests a connection before each use. Each test is one more round trip.
                .test_before_acquire(false)
                .before_acquire(|connection, state| {
                    Box::pin(async move {
                        // SQLite rolls back by itself when the disk is full. The rollback of sqlx then fails, and sqlx
                        // refuses every later transaction on the connection.
                        if connection.is_in_transaction() {
                            return Ok(false);
                        }
                        if state.idle_for >= TEST_INTERVAL {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                })
                .connect_with(options.clone())
        };
        // The first connection to a new file of SQLite changes its journal mode, so the second one waits for it.
        let writers = pool(writers).await?;
        Ok(Self { readers: Readers::new(pool(readers).await?), writers })
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl Db {
    /// Opens the database of a URL (`sqlite://…` or `postgres://…`) and applies the migrations.
    ///
    /// # Errors
    /// [`AuthError::Settings`] if PostgreSQL runs on another machine without `sslmode=verify-full`;
    /// [`AuthError::Database`], [`AuthError::Migration`]
    pub async fn connect(url: &str) -> Result<Self, AuthError> {
        Self::connect_with(url, DatabaseTls::Required).await
    }

    /// Same as [`Db::connect`]. The caller decides whether the certificate of PostgreSQL must be verified.
    ///
    /// # Errors
    /// As [`Db::connect`].
    pub async fn connect_with(url: &str, tls: DatabaseTls) -> Result<Self, AuthError> {
        let db = if url.starts_with("sqlite:") {
            Self::open_sqlite(SqliteConnectOptions::from_str(url)?, SQLITE_READERS).await?
        } else {
            let options = PgConnectOptions::from_str(url)?;
            if postgres::protection(&options, tls)? == Protection::None {
                tracing::warn!("the certificate of PostgreSQL is not verified: set sslmode=verify-full");
            }
            Self::open_postgres(options).await?
        };
        db.migrate().await?;
        Ok(db)
    }

    // part: comparison, begin
    /// Opens a SQLite database with one reader, for a process that has many.
    ///
    /// # Errors
    /// [`AuthError::Database`], [`AuthError::Migration`]
    pub async fn connect_small(url: &str) -> Result<Self, AuthError> {
        let db = Self::open_sqlite(SqliteConnectOptions::from_str(url)?, 1).await?;
        db.migrate().await?;
        Ok(db)
    }
    // part: comparison, end

    async fn open_sqlite(options: SqliteConnectOptions, readers: u32) -> Result<Self, AuthError> {
        let options = options
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // `normal` may lose the last commits in a power cut, and with them an acknowledged logout.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let mut attempts_left = OPEN_ATTEMPTS;
        loop {
            attempts_left -= 1;
            match Pools::open(options.clone(), readers, 1).await {
                Err(error) if attempts_left > 0 && is_locked(&error) => sleep(OPEN_PAUSE).await,
                opened => return Ok(Self::Sqlite(opened?)),
            }
        }
    }

    pub(crate) async fn open_postgres(options: PgConnectOptions) -> Result<Self, AuthError> {
        Ok(Self::Postgres(PostgresServer::open(options).await?))
    }

    pub(crate) async fn migrate(&self) -> Result<(), AuthError> {
        let mut migrations = sqlx::migrate!("../../migrations");
        // A team that deletes a mode deletes its migration. An existing database may keep the table.
        migrations.set_ignore_missing(true);
        match self {
            Self::Sqlite(pools) => {
                // Processes that start at once wait for each other here: on SQLite, the migrator takes no lock. Each
                // migration is a savepoint of this transaction.
                let mut lock = pools.writers.begin_with("begin immediate").await?;
                migrations.run(&mut *lock).await?;
                lock.commit().await?;
            }
            Self::Postgres(server) => {
                // The migration of a large table, or the wait for another migrating instance, takes longer than the
                // limits of a request.
                let mut connection = server.pools.writers.acquire().await?;
                sqlx::raw_sql(WITHOUT_LIMITS).execute(&mut *connection).await?;
                let outcome = migrations.run(&mut *connection).await;
                connection.close().await?;
                outcome?;
            }
        }
        Ok(())
    }

    /// Checks that the database answers a statement.
    ///
    /// # Errors
    /// [`AuthError::Database`] if it does not.
    pub async fn ping(&self) -> Result<(), AuthError> {
        let _: Option<(i64,)> = db_fetch_optional!(self, "select cast(1 as bigint)");
        Ok(())
    }

    /// Waits for running statements, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pools) => pools.close().await,
            Self::Postgres(server) => server.pools.close().await,
        }
    }
}

/// Does another process have the lock of the file?
fn is_locked(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "5")
}

/// An open transaction. Dropping it without a commit rolls it back.
pub enum Tx {
    /// A transaction on the writing connection of SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// A transaction on a writing connection of PostgreSQL.
    Postgres(Transaction<'static, Postgres>, Outage),
}

/// Number of attempts of a transaction before its conflict is reported.
pub(crate) const TRANSACTION_ATTEMPTS: u32 = 5;

impl Db {
    /// Begins a transaction. Prefer [`transaction!`], which also ends it.
    pub(crate) async fn begin(&self) -> Result<Tx, AuthError> {
        let started = Started::now();
        let begun = match self {
            // A deferred transaction that starts with a read cannot be upgraded to a writer once another connection has
            // written.
            Self::Sqlite(pools) => pools.writers.begin_with("begin immediate").await.map(Tx::Sqlite),
            Self::Postgres(server) => server.begin().await.map(|begun| Tx::Postgres(begun, server.outage.clone())),
        };
        started.ended("begin", "begin", &begun);
        Ok(begun?)
    }
}

impl Rows for Tx {
    fn count(&self) -> Option<u64> {
        None
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), AuthError> {
        let started = Started::now();
        let committed = match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction, outage) => or_fail!(outage, transaction.commit()),
        };
        started.ended("commit", "commit", &committed);
        Ok(committed?)
    }

    /// Drops a connection that fails to roll back. The database then rolls back by itself.
    pub(crate) async fn rollback(self) {
        let outcome = match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction, outage) => or_fail!(outage, transaction.rollback()),
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "the rollback of a transaction failed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Driver, World};

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_rolled_back_by_itself_breaks_no_later_one() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let mut tx = world.auth.db().begin().await.unwrap();
        let Tx::Sqlite(transaction) = &mut tx else { panic!("another database") };
        sqlx::query("rollback").execute(&mut **transaction).await.unwrap();
        tx.rollback().await;
        world.auth.db().begin().await.unwrap().commit().await.unwrap();
    }
}
