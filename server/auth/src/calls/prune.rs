//! Deletion of rows that no longer have an effect.

use crate::{Auth, audit, db::transaction, error::AuthError, sign_in};

/// Sign-ins whose rows are deleted in one transaction. Small, because SQLite has one writer.
const SIGN_INS_AT_ONCE: i64 = 50;

impl Auth {
    /// Deletes about `limit` rows of each kind at most, and returns the number of deleted rows. A failure of one kind
    /// does not stop the others. The first failure is returned.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn prune(&self, limit: i64) -> Result<u64, AuthError> {
        let now = self.now();
        let outcomes = [
            audit::prune(&self.base.db, now, limit).await,
            self.throttle.prune(now, limit).await,
            self.prune_sign_ins(limit).await,
        ];
        outcomes.into_iter().try_fold(0, |sum, deleted| deleted.map(|deleted| sum + deleted))
    }

    /// Deletes and counts the rows of the modes first, then the sign-ins.
    async fn prune_sign_ins(&self, limit: i64) -> Result<u64, AuthError> {
        let (auth, now) = (self.clone(), self.now());
        self.run_to_completion(async move {
            transaction!(&auth.base.db, |tx| {
                let mut deleted = 0;
                for id in sign_in::deletable(tx, now, limit.min(SIGN_INS_AT_ONCE)).await? {
                    // Follow the order of locks: a rotation may hold the lock of the sign-in.
                    sign_in::lock(tx, &id).await?;
                    for mode in &auth.modes {
                        deleted += mode.forget(tx, &id).await?;
                    }
                    deleted += sign_in::delete(tx, &id).await?;
                }
                Ok(deleted)
            })
        })
        .await
    }
}
