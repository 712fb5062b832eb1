//! The database: SQLite for one machine, PostgreSQL for many, the same SQL text on both.
//!
//! `statements.rs` has the macros that run every statement.

mod postgres;
mod statements;
mod tables;

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use self::postgres::Protection;
pub(crate) use self::statements::{
    db_execute, db_fetch, db_fetch_all, db_fetch_optional, db_returning, recorded, transaction, tx_execute, tx_fetch,
    tx_fetch_all, tx_fetch_optional,
};
pub use self::{postgres::DatabaseTls, tables::Table};
use crate::{
    error::AuthError,
    work::{Rows, Started},
};

/// Maximum time that a request waits for a connection. An unreachable database must not hold every request.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum time that SQLite waits for the lock of another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
const WITHOUT_LIMITS: &str = "set statement_timeout = 0; set lock_timeout = 0";

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite: one file on this machine.
    Sqlite(SqliteFile),
    /// PostgreSQL: a server.
    Postgres(PgPool),
}

/// SQLite has one writer at a time. This queue is fair; SQLite's own busy handler polls and starves waiters.
#[derive(Clone, Debug)]
pub struct SqliteFile {
    pub(crate) readers: SqlitePool,
    pub(crate) writer: SqlitePool,
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
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .connect_with(options.clone())
        };
        Ok(Self::Sqlite(SqliteFile { writer: pool(1).await?, readers: pool(readers).await? }))
    }

    pub(crate) async fn open_postgres(options: PgConnectOptions) -> Result<Self, AuthError> {
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(postgres::with_limits(options))
            .await?;
        Ok(Self::Postgres(pool))
    }

    pub(crate) async fn migrate(&self) -> Result<(), AuthError> {
        let mut migrations = sqlx::migrate!("../../migrations");
        // A team that deletes a mode deletes its migration. An existing database may keep the table.
        migrations.set_ignore_missing(true);
        match self {
            Self::Sqlite(file) => migrations.run(&file.writer).await?,
            Self::Postgres(pool) => {
                // The migration of a large table, or the wait for another migrating instance, takes longer than the
                // limits of a request.
                let mut connection = pool.acquire().await?;
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
            Self::Sqlite(file) => {
                file.readers.close().await;
                file.writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// An open transaction. Dropping it without a commit rolls it back.
pub enum Tx {
    /// A transaction on the one writing connection of SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// A transaction on a connection of the PostgreSQL pool.
    Postgres(Transaction<'static, Postgres>),
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
            Self::Sqlite(file) => file.writer.begin_with("begin immediate").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
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
            Self::Postgres(transaction) => transaction.commit().await,
        };
        started.ended("commit", "commit", &committed);
        Ok(committed?)
    }

    /// Drops a connection that fails to roll back. The database then rolls back by itself.
    pub(crate) async fn rollback(self) {
        let outcome = match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction) => transaction.rollback().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "the rollback of a transaction failed");
        }
    }
}
