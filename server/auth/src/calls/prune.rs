//! Deleting what nothing can come of any more.

use crate::{Auth, audit, db::transaction, error::AuthError, sign_in};

/// Sign-ins whose rows are deleted in one transaction. Small, because SQLite has one writer.
const SIGN_INS_AT_ONCE: i64 = 50;

impl Auth {
    /// Deletes at most about `limit` rows of each kind, and answers how many went. Each kind is deleted by itself: one that fails
    /// does not stop the others. The first failure is the answer.
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

    /// The rows of the modes first, then the sign-ins themselves, all of them counted.
    async fn prune_sign_ins(&self, limit: i64) -> Result<u64, AuthError> {
        let (auth, now) = (self.clone(), self.now());
        self.whole(async move {
            transaction!(&auth.base.db, |tx| {
                let mut deleted = 0;
                for id in sign_in::over(tx, now, limit.min(SIGN_INS_AT_ONCE)).await? {
                    // In the order of locks: a rotation may still hold the sign-in.
                    sign_in::lock(tx, &id).await?;
                    for mode in auth.modes.iter() {
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
