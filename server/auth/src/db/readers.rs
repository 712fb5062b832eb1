//! The connections that run a single statement that reads.
//!
//! The pool of sqlx tests a connection before and after each use. For a statement of one round trip, that is three. So
//! a connection is kept out of the pool between statements, for a second at most: the pool still tests it, and still
//! ends it at its maximum age.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{Database, Pool, pool::PoolConnection};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::ACQUIRE_TIMEOUT;
use crate::clock::Stopwatch;

/// Maximum time between two tests of a connection. After a restart of PostgreSQL, a connection that was tested within
/// this time fails one request.
pub(super) const TEST_INTERVAL: Duration = Duration::from_secs(1);

/// The pool of the reading connections. Nothing else uses this pool, or a kept connection could keep it waiting.
#[derive(Debug)]
pub struct Readers<DB: Database> {
    pool: Pool<DB>,
    /// One place for each connection of the pool. Requests wait here, in the order of their arrival.
    places: Arc<Semaphore>,
    kept: Arc<Mutex<Vec<Tested<DB>>>>,
}

/// A connection, and the time since the pool tested it.
#[derive(Debug)]
struct Tested<DB: Database> {
    connection: PoolConnection<DB>,
    since: Stopwatch,
}

impl<DB: Database> Readers<DB> {
    pub(super) fn new(pool: Pool<DB>) -> Self {
        let connections = pool.options().get_max_connections();
        let places = Semaphore::new(usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS));
        Self { pool, places: Arc::new(places), kept: Arc::default() }
    }

    /// A connection for one statement, once one is free.
    pub(crate) async fn lease(&self) -> Result<Lease<'_, DB>, sqlx::Error> {
        let place = timeout(ACQUIRE_TIMEOUT, self.places.acquire()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let tested = match kept.filter(|kept| kept.since.elapsed() < TEST_INTERVAL) {
            Some(kept) => kept,
            None => Tested { connection: self.pool.acquire().await?, since: Stopwatch::start() },
        };
        Ok(Lease { readers: self, tested, _place: place })
    }

    /// Waits for running statements, then closes the connections.
    pub(super) async fn close(&self) {
        // Closes the pool to new uses at once, so that `keep` keeps nothing more.
        let closed = self.pool.close();
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
        closed.await;
    }
}

impl<DB: Database> Clone for Readers<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), places: Arc::clone(&self.places), kept: Arc::clone(&self.kept) }
    }
}

/// A connection in use. Dropping it returns it to the pool, which tests it: its statement may have failed, or may not
/// have ended.
pub struct Lease<'a, DB: Database> {
    readers: &'a Readers<DB>,
    tested: Tested<DB>,
    _place: SemaphorePermit<'a>,
}

impl<DB: Database> Lease<'_, DB> {
    /// Keeps the connection for the next statement. Only after a statement that has succeeded.
    pub(crate) fn keep(self) {
        let mut kept = self.readers.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.readers.pool.is_closed() {
            kept.push(self.tested);
        }
    }
}

impl<DB: Database> Deref for Lease<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.tested.connection
    }
}

impl<DB: Database> DerefMut for Lease<'_, DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.tested.connection
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Sqlite, sqlite::SqlitePoolOptions};
    use tokio::task::JoinSet;

    use super::*;

    /// One connection to a database in memory: a new connection would have another, empty database.
    async fn readers() -> Readers<Sqlite> {
        Readers::new(SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap())
    }

    async fn run(readers: &Readers<Sqlite>, sql: &'static str) -> Result<(), sqlx::Error> {
        let mut lease = readers.lease().await?;
        let result = sqlx::query(sql).execute(&mut *lease).await;
        if result.is_ok() {
            lease.keep();
        }
        result.map(drop)
    }

    #[tokio::test]
    async fn a_connection_that_succeeded_is_kept_out_of_the_pool() {
        let readers = readers().await;
        run(&readers, "select 1").await.unwrap();
        assert_eq!((readers.pool.num_idle(), readers.kept.lock().unwrap().len()), (0, 1));
    }

    #[tokio::test]
    async fn a_connection_whose_statement_failed_is_not_kept() {
        let readers = readers().await;
        assert!(run(&readers, "no statement").await.is_err());
        assert!(readers.kept.lock().unwrap().is_empty());
        run(&readers, "select 1").await.unwrap();
    }

    #[tokio::test]
    async fn requests_wait_for_a_place() {
        let readers = readers().await;
        let mut running = JoinSet::new();
        for _ in 0..50 {
            let readers = readers.clone();
            running.spawn(async move { run(&readers, "select 1").await });
        }
        assert!(running.join_all().await.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn closing_ends_kept_connections_and_waits_for_the_others() {
        let readers = readers().await;
        run(&readers, "select 1").await.unwrap();
        let lease = readers.lease().await.unwrap();
        let (closing, ()) = tokio::join!(timeout(Duration::from_secs(5), readers.close()), async { lease.keep() });
        closing.unwrap();
        assert!(matches!(readers.lease().await, Err(sqlx::Error::PoolClosed)));
    }
}
