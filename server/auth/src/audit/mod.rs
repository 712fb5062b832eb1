//! The audit log: user, action, mode, time, client and outcome of each event. It never contains a credential or a
//! password. It contains no user name without an account, because users sometimes type a password into that field (ASVS
//! 5.0, 16.2.5).
//!
//! Every event is a database row and a structured log line. The line lacks the address and the `User-Agent`: a log is
//! often kept longer, and read by more people, than the database.

mod event;
mod repeated;

use http::request::Parts;
use serde::Serialize;

pub use self::event::{Action, REQUEST_ID, REQUEST_ID_MAX_BYTES};
pub(crate) use self::{
    event::{AuditOutcome, Event},
    repeated::Repeated,
};
use crate::{
    Auth,
    clock::{Seconds, Timestamp},
    db::{Db, Tx, db_execute, db_fetch_all, transaction, tx_execute},
    error::{AuthError, Denied},
    mode::ModeId,
    random::{AFTER_EVERY_ID, new_id_in_sequence},
    secret::SecretHash,
    users::UserId,
};

/// Retention of events: 90 days, so that a theft which is noticed late can still be investigated.
pub const KEEP: Seconds = Seconds::days(90);

const INSERT: &str =
    "insert into audit_events (id, at, action, mode, user_id, actor_id, outcome, credential_hash, address,
        user_agent, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
/// A select of [`AuditEvent`]s before the id `$1`, with a further condition.
macro_rules! latest {
    ($condition:literal) => {
        concat!(
            "select e.id, e.at, e.action, e.mode, e.user_id, u.username, e.actor_id, a.username as actor, e.outcome,
                e.credential_hash, e.address, e.user_agent, e.request_id
            from audit_events e left join users u on u.id = e.user_id left join users a on a.id = e.actor_id
            where e.id < $1",
            $condition,
            " order by e.id desc limit $2"
        )
    };
}
const LATEST: &str = latest!("");
const LATEST_OF: &str = latest!(" and e.user_id = $3");
const PRUNE: &str =
    "delete from audit_events where id in (select id from audit_events where at <= $1 order by at limit $2)";

/// One event of the audit log.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct AuditEvent {
    /// The id. It is also the cursor of the next page.
    pub id: String,
    /// When the event happened.
    pub at: Timestamp,
    /// The stored spelling of an [`Action`].
    pub action: String,
    /// The mode, if the event concerns one.
    pub mode: Option<String>,
    /// The account that the event concerns.
    pub user_id: Option<String>,
    /// The current user name of that account.
    pub username: Option<String>,
    /// The acting account, where it differs from `user_id`.
    pub actor_id: Option<String>,
    /// The current user name of the acting account.
    pub actor: Option<String>,
    /// `ok` or a more specific success, or the error text of the failure.
    pub outcome: String,
    /// SHA-256 of the credential's id: correlates the events of one credential.
    pub credential_hash: Option<String>,
    /// The client address. Empty if unknown.
    pub address: String,
    /// The `User-Agent` header of the request.
    pub user_agent: String,
    /// The `X-Request-Id` header of the request.
    pub request_id: String,
}

impl Auth {
    /// Completes an event with its outcome, id and time.
    pub(crate) fn entry<T: AuditOutcome>(
        &self,
        event: &Event,
        outcome: Result<&T, &AuthError>,
    ) -> Result<Entry, AuthError> {
        let now = self.now();
        Ok(Entry {
            id: new_id_in_sequence(now, self.next_in_sequence())?,
            at: now,
            is_ok: outcome.is_ok(),
            outcome: match outcome {
                Ok(value) => value.audit_text().to_owned(),
                Err(error) => error.to_string(),
            },
            event: event.clone(),
        })
    }

    /// Records an event without an effect, in a transaction of its own. An event that any client can repeat at no cost
    /// is written once a minute, to the table and to the log: see [`Repeated`]. A failure to write is logged.
    pub(crate) async fn record<T: AuditOutcome>(&self, event: &Event, outcome: Result<&T, &AuthError>) {
        let written: Result<(), AuthError> = async {
            let entry = self.entry(event, outcome)?;
            let is_admitted = match outcome {
                _ if !is_repeatable(event.action, outcome.err()) => true,
                Ok(_) => self.repeated.admit_success(entry.key(), entry.at),
                Err(_) => self.repeated.admit_failure(entry.key(), entry.at),
            };
            if !is_admitted {
                return Ok(());
            }
            entry.log();
            // The database has just failed. Another wait for it would double the time of the refusal.
            if matches!(outcome, Err(error) if error.is_outage()) {
                return Ok(());
            }
            let db = self.base.db.clone();
            self.run_to_completion(async move { transaction!(&db, |tx| entry.insert(tx).await) }).await
        }
        .await;
        if let Err(error) = written {
            tracing::error!(%error, cause = ?std::error::Error::source(&error), "an event was not written to the audit log");
        }
    }

    /// Logs an entry after its transaction has committed. The same event without an effect is then suppressed: see
    /// [`Repeated`].
    pub(crate) fn log_committed(&self, entry: &Entry) {
        entry.log();
        self.repeated.mark_written(entry.key(), entry.at);
    }

    /// Records a request that was denied before it reached a mode.
    pub async fn record_denial(&self, denied: Denied, mode: Option<ModeId>, req: &Parts) {
        let event = Event { mode, ..Event::new(Action::Deny, req) };
        self.record::<()>(&event, Err(&AuthError::Denied(denied))).await;
    }
}

/// A page of events, latest first, of one user or of all. `before` is the id of the last event of the previous page.
pub(crate) async fn page(
    db: &Db,
    user: Option<&UserId>,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<AuditEvent>, AuthError> {
    let before = before.unwrap_or(AFTER_EVERY_ID);
    Ok(match user {
        None => db_fetch_all!(db, LATEST, before, limit),
        Some(user) => db_fetch_all!(db, LATEST_OF, before, limit, user),
    })
}

/// An event with its outcome, ready to be written.
pub(crate) struct Entry {
    id: String,
    at: Timestamp,
    event: Event,
    outcome: String,
    is_ok: bool,
}

impl Entry {
    /// Writes the event, in the transaction of the operation that it records.
    pub(crate) async fn insert(&self, tx: &mut Tx) -> Result<(), AuthError> {
        let Event { action, mode, user, actor, credential, client, request_id } = &self.event;
        tx_execute!(
            tx,
            INSERT,
            &self.id,
            self.at,
            action.as_str(),
            mode.map(|mode| mode.0),
            user.as_ref(),
            actor.as_ref(),
            &self.outcome,
            credential.as_ref(),
            &client.address,
            &client.user_agent,
            request_id,
        );
        Ok(())
    }

    /// Writes one structured log line. Call it after the commit: a rollback leaves no event.
    fn log(&self) {
        let [action, mode, user, actor, credential] = self.fields();
        let (outcome, request_id) = (&self.outcome, &self.event.request_id);
        if self.is_ok {
            tracing::info!(target: "audit", action, mode, user, actor, outcome, credential, request_id);
        } else {
            tracing::warn!(target: "audit", action, mode, user, actor, outcome, credential, request_id);
        }
    }

    /// Action, mode, user, actor, credential.
    fn fields(&self) -> [Option<&str>; 5] {
        let Event { action, mode, user, actor, credential, .. } = &self.event;
        [
            Some(action.as_str()),
            mode.map(|mode| mode.0),
            user.as_ref().map(UserId::as_str),
            actor.as_ref().map(UserId::as_str),
            credential.as_ref().map(SecretHash::as_str),
        ]
    }

    /// Two events with the same key count as the same event.
    fn key(&self) -> SecretHash {
        // The separator occurs in none of the texts.
        let [action, mode, user, actor, credential] = self.fields().map(Option::unwrap_or_default);
        let texts = [action, mode, user, actor, credential, &self.outcome, ""].join("\0");
        // A failure from two networks may be two clients. A success is that of one credential, from wherever.
        let network = if self.is_ok { Vec::new() } else { self.event.client.network() };
        SecretHash::of(&[texts.into_bytes(), network].concat())
    }
}

/// Can a client repeat this event at no cost and without effect? A wrong password is not such an event: the throttle
/// counts it, and the audit log has to show each guess.
fn is_repeatable(action: Action, failure: Option<&AuthError>) -> bool {
    match (failure, action) {
        (Some(AuthError::InvalidCredentials | AuthError::WrongPassword), _) => false,
        // A logout that ended a row is recorded by its own transaction. This one had none: it was that of a sealed
        // cookie, or of a sign-in that had ended.
        (Some(_), _) | (None, Action::Logout | Action::LogoutAll) => true,
        (None, _) => false,
    }
}

/// Deletes at most `limit` events that are older than [`KEEP`].
pub(crate) async fn prune(db: &Db, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
    let until = Timestamp(now.0 - KEEP.0);
    Ok(db_execute!(db, PRUNE, until, limit))
}
