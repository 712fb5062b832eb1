//! Reading the audit log.

use crate::{
    Auth,
    audit::{self, AuditEvent},
    error::AuthError,
    random::is_id,
    users::UserId,
};

impl Auth {
    /// A page of the events of everybody, latest first, for administrators. `before`: the id of the last event of the page before.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn audit_log(&self, before: Option<&str>, limit: i64) -> Result<Vec<AuditEvent>, AuthError> {
        self.events(None, before, limit).await
    }

    /// A page of the events of one user, latest first, for that user. Where somebody else acted, address and program are left out:
    /// they are an administrator's.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn audit_log_of(
        &self,
        user: &UserId,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<AuditEvent>, AuthError> {
        let mut events = self.events(Some(user), before, limit).await?;
        for event in events.iter_mut().filter(|event| event.actor_id.is_some()) {
            event.address.clear();
            event.user_agent.clear();
            event.request_id.clear();
        }
        Ok(events)
    }

    async fn events(
        &self,
        user: Option<&UserId>,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<AuditEvent>, AuthError> {
        // A cursor that is no id has no page before it.
        if before.is_some_and(|id| !is_id(id)) {
            return Ok(Vec::new());
        }
        audit::page(&self.base.db, user, before, limit).await
    }
}
