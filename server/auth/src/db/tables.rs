//! Whole tables as text: for what shows or searches a database. No request of a user reads them.

use sqlx::{Column, ColumnIndex, Database, Decode, Row, Type};

use super::Db;
use crate::error::AuthError;

/// The content of a table, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The names of its columns. Empty if it has no rows.
    pub columns: Vec<String>,
    /// The values of its rows, in the order of the columns. `None` is null.
    pub rows: Vec<Vec<Option<String>>>,
}

impl Db {
    /// Reads every row of the tables with these names. The tables of the library that applies the migrations are left
    /// out.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn tables(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<Table>, AuthError> {
        const OURS: &str = "not like '~_sqlx%' escape '~'";
        let mut tables = Vec::new();
        match self {
            Self::Sqlite(pools) => {
                let mut reader = pools.readers.lease().await?;
                let names =
                    format!("select name from sqlite_master where type = 'table' and name {OURS} order by name");
                let names = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(names)).fetch_all(&mut *reader).await?;
                for name in names.into_iter().filter(|name| wanted(name)) {
                    let rows = sqlx::query(select_all(&name)).fetch_all(&mut *reader).await?;
                    tables.push(table(name, &rows));
                }
            }
            Self::Postgres(server) => {
                let mut reader = server.pools.readers.lease().await?;
                let names = format!(
                    "select tablename::text from pg_tables where schemaname = current_schema() and tablename {OURS} \
                     order by tablename"
                );
                let names = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(names)).fetch_all(&mut *reader).await?;
                for name in names.into_iter().filter(|name| wanted(name)) {
                    let rows = sqlx::query(select_all(&name)).fetch_all(&mut *reader).await?;
                    tables.push(table(name, &rows));
                }
            }
        }
        Ok(tables)
    }
}

/// The name is that of a table in the database's own list.
fn select_all(table: &str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("select * from {table}"))
}

fn table<R>(name: String, rows: &[R]) -> Table
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    <R::Database as Database>::Column: Column,
{
    let columns = rows.first().map(|row| row.columns().iter().map(|column| column.name().to_owned()).collect());
    Table { name, columns: columns.unwrap_or_default(), rows: rows.iter().map(values).collect() }
}

/// Columns are text or integers.
fn values<R>(row: &R) -> Vec<Option<String>>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
{
    (0..row.len())
        .map(|column| {
            let text = row.try_get::<Option<String>, _>(column).ok().flatten();
            text.or_else(|| row.try_get::<Option<i64>, _>(column).ok().flatten().map(|number| number.to_string()))
        })
        .collect()
}
