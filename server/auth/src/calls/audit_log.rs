//! Access to the audit log.

use crate::{
    Auth,
    audit::{self, AuditEvent},
    error::AuthError,
    random::is_id,
    users::UserId,
};

impl Auth {
    /// A page of the events of all users, latest first, for administrators. `before` is the id of the last event of the
    /// previous page.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn audit_log(&self, before: Option<&str>, limit: i64) -> Result<Vec<AuditEvent>, AuthError> {
        self.events(None, before, limit).await
    }

    /// A page of the events of one user, latest first, for that user. Address and program of an event by an
    /// administrator are left out: they are the administrator's data.
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
        // A malformed cursor selects an empty page.
        if before.is_some_and(|id| !is_id(id)) {
            return Ok(Vec::new());
        }
        audit::page(&self.base.db, user, before, limit).await
    }
}
