//! The macros that run every statement: one place that can count, time and name statements.
//!
//! A statement is one `const &str` with its parameters in order. The macro compiles it against both drivers.
//!
//! | macro | runs on | returns |
//! |---|---|---|
//! | `db_fetch_all!`, `db_fetch_optional!` | a reading connection | rows |
//! | `db_execute!` | a writing connection | the number of rows changed |
//! | `db_returning!` | a writing connection | the row that the statement returns, if any |
//! | `tx_execute!`, `tx_fetch_optional!`, `tx_fetch_all!` | an open [`Tx`](super::Tx) | as above |
//! | `transaction!` | begins, commits and, after a conflict, repeats | the value of its body |

/// Runs a statement and records it: see [`crate::work`].
macro_rules! recorded {
    ($sql:expr, $run:expr) => {{
        let started = $crate::work::Started::now();
        let result = $run;
        started.ended(concat!(module_path!(), "::", stringify!($sql)), $sql, &result);
        result?
    }};
}

/// Runs a query on a reading connection. A failure returns the connection to the pool, which tests it.
macro_rules! read {
    ($pools:expr, $call:ident, $query:expr) => {
        match $pools.readers.lease().await {
            Ok(mut lease) => {
                let result = $query.$call(&mut *lease).await;
                if result.is_ok() {
                    lease.keep();
                }
                result
            }
            Err(error) => Err(error),
        }
    };
}

/// Runs a statement on PostgreSQL, and fails in an outage: see `outage.rs`.
macro_rules! or_fail {
    ($outage:expr, $statement:expr) => {
        $outage.or_fail(std::pin::pin!($statement)).await
    };
}

/// Runs `$call` on the reading side of a [`Db`](super::Db).
macro_rules! db_fetch {
    ($db:expr, $call:ident, $sql:expr $(, $bind:expr)*) => {
        $crate::db::recorded!($sql, match $db {
            $crate::db::Db::Sqlite(pools) => $crate::db::read!(pools, $call, sqlx::query_as($sql)$(.bind($bind))*),
            $crate::db::Db::Postgres(server) => $crate::db::or_fail!(server.outage, async {
                $crate::db::read!(server.pools, $call, sqlx::query_as($sql)$(.bind($bind))*)
            }),
        })
    };
}

macro_rules! db_fetch_all {
    ($db:expr, $sql:expr $(, $bind:expr)* $(,)?) => { $crate::db::db_fetch!($db, fetch_all, $sql $(, $bind)*) };
}

macro_rules! db_fetch_optional {
    ($db:expr, $sql:expr $(, $bind:expr)* $(,)?) => { $crate::db::db_fetch!($db, fetch_optional, $sql $(, $bind)*) };
}

macro_rules! db_execute {
    ($db:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::db::recorded!($sql, match $db {
            $crate::db::Db::Sqlite(pools) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&pools.writers).await.map(|done| done.rows_affected())
            }
            $crate::db::Db::Postgres(server) => {
                $crate::db::or_fail!(server.outage, sqlx::query($sql)$(.bind($bind))*.execute(&server.pools.writers))
                    .map(|done| done.rows_affected())
            }
        })
    };
}

macro_rules! db_returning {
    ($db:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::db::recorded!($sql, match $db {
            $crate::db::Db::Sqlite(pools) => sqlx::query_as($sql)$(.bind($bind))*.fetch_optional(&pools.writers).await,
            $crate::db::Db::Postgres(server) => $crate::db::or_fail!(
                server.outage,
                sqlx::query_as($sql)$(.bind($bind))*.fetch_optional(&server.pools.writers)
            ),
        })
    };
}

macro_rules! tx_fetch {
    ($tx:expr, $call:ident, $sql:expr $(, $bind:expr)*) => {
        $crate::db::recorded!($sql, match $tx {
            $crate::db::Tx::Sqlite(tx) => sqlx::query_as($sql)$(.bind($bind))*.$call(&mut **tx).await,
            $crate::db::Tx::Postgres(tx, outage) => {
                $crate::db::or_fail!(outage, sqlx::query_as($sql)$(.bind($bind))*.$call(&mut **tx))
            }
        })
    };
}

macro_rules! tx_fetch_all {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => { $crate::db::tx_fetch!($tx, fetch_all, $sql $(, $bind)*) };
}

macro_rules! tx_fetch_optional {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => { $crate::db::tx_fetch!($tx, fetch_optional, $sql $(, $bind)*) };
}

macro_rules! tx_execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::db::recorded!($sql, match $tx {
            $crate::db::Tx::Sqlite(tx) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::db::Tx::Postgres(tx, outage) => {
                $crate::db::or_fail!(outage, sqlx::query($sql)$(.bind($bind))*.execute(&mut **tx))
                    .map(|done| done.rows_affected())
            }
        })
    };
}

/// Runs several statements, all or none: `transaction!(db, |tx| { … Ok(value) })`.
///
/// `Ok` commits, `Err` rolls back. A refusal that must be recorded is therefore a value of the body, not an error.
/// After a deadlock or a serialization failure on PostgreSQL the body runs again from its beginning, so it must not
/// move out of its captures.
macro_rules! transaction {
    ($db:expr, |$tx:ident| $body:expr) => {{
        let mut attempts_left = $crate::db::TRANSACTION_ATTEMPTS;
        loop {
            attempts_left -= 1;
            let mut transaction = $crate::db::Db::begin($db).await?;
            let outcome: Result<_, $crate::error::AuthError> = async {
                let $tx = &mut transaction;
                $body
            }
            .await;
            let outcome = match outcome {
                Ok(value) => transaction.commit().await.map(|()| value),
                Err(error) => {
                    transaction.rollback().await;
                    Err(error)
                }
            };
            match outcome {
                Err(error) if attempts_left > 0 && error.is_conflict() => {}
                outcome => break outcome,
            }
        }
    }};
}

pub(crate) use {
    db_execute, db_fetch, db_fetch_all, db_fetch_optional, db_returning, or_fail, read, recorded, transaction,
    tx_execute, tx_fetch, tx_fetch_all, tx_fetch_optional,
};
