//! The data that a thief of the database has.

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
        let tables = self.auth.db().tables(|_| true).await?;
        let mut values: Vec<_> = tables.into_iter().flat_map(|table| table.rows).flatten().flatten().collect();
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }
}
