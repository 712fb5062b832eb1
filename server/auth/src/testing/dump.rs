//! The data that a thief of the database has.

use sqlx::{ColumnIndex, Decode, Row, Type};

use super::World;
use crate::{AuthError, Db};

impl World {
    /// The complete content of the database, as text.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn dump(&self) -> Result<String, AuthError> {
        let values = self.every_value().await?.concat();
        Ok(match self.auth.db() {
            // The file and its log: a deleted row may still be in them.
            Db::Sqlite(_) => ["test.db", "test.db-wal"]
                .iter()
                .filter_map(|name| std::fs::read(self.files.path().join(name)).ok())
                .fold(values, |text, bytes| text + &String::from_utf8_lossy(&bytes)),
            Db::Postgres(_) => values,
        })
    }

    /// The distinct values of all columns of all rows, as text.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn every_value(&self) -> Result<Vec<String>, AuthError> {
        let mut values = Vec::new();
        match self.auth.db() {
            Db::Sqlite(file) => {
                let tables: Vec<String> = sqlx::query_scalar("select name from sqlite_master where type = 'table'")
                    .fetch_all(&file.readers)
                    .await?;
                for table in tables {
                    for row in sqlx::query(select_all(&table)).fetch_all(&file.readers).await? {
                        values.extend(texts(&row));
                    }
                }
            }
            Db::Postgres(pool) => {
                let tables: Vec<String> =
                    sqlx::query_scalar("select tablename::text from pg_tables where schemaname = current_schema()")
                        .fetch_all(pool)
                        .await?;
                for table in tables {
                    for row in sqlx::query(select_all(&table)).fetch_all(pool).await? {
                        values.extend(texts(&row));
                    }
                }
            }
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }
}

fn select_all(table: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select * from {table}"))
}

/// Columns are text or integers. The migration table of the library has others. It contains no credential.
fn texts<'r, R>(row: &'r R) -> Vec<String>
where
    R: Row,
    usize: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
{
    (0..row.len())
        .filter_map(|column| {
            let text = row.try_get::<Option<String>, _>(column).ok().flatten();
            text.or_else(|| row.try_get::<Option<i64>, _>(column).ok().flatten().map(|number| number.to_string()))
        })
        .collect()
}
