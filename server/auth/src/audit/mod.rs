//! The audit trail: who, what, by which mode, when, from where, with what outcome. Never a credential, never a password, and
//! no name that somebody merely typed, which is now and then a password (ASVS 5.0, 16.2.5).
//!
//! Every event is a row and a structured log line with the same contents.

mod event;

use std::sync::atomic::Ordering;

use http::request::Parts;
use serde::Serialize;

pub use self::event::Action;
pub(crate) use self::event::{Event, Outcome};
use crate::{
    Auth,
    clock::{Seconds, Timestamp},
    db::{Db, db_execute, db_fetch_all},
    error::{AuthError, Refusal},
    mode::AuthMode,
    mode::carrier::Client,
    secret::{SecretHash, is_id, new_id_in_sequence},
    users::UserId,
};

/// How long events are kept. Long enough to look into a theft that is noticed late.
pub const KEEP: Seconds = Seconds::days(90);
/// An event that anybody can repeat as often as they like, at no cost, is written once in this time. The log has each.
const REPEATED_AFTER: Seconds = Seconds(60);
const REQUEST_ID: &str = "x-request-id";
/// Code points of a request id that are kept: it may come from outside.
const REQUEST_ID_MAX_CHARS: usize = 64;

const INSERT: &str =
    "insert into audit_events (id, at, action, mode, user_id, actor_id, outcome, credential_hash, address,
        user_agent, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const LATEST: &str = "select e.id, e.at, e.action, e.mode, e.user_id, u.username, e.actor_id, a.username as actor,
        e.outcome, e.credential_hash, e.address, e.user_agent, e.request_id
    from audit_events e left join users u on u.id = e.user_id left join users a on a.id = e.actor_id
    where e.id < $1 order by e.id desc limit $2";
const LATEST_OF: &str = "select e.id, e.at, e.action, e.mode, e.user_id, u.username, e.actor_id, a.username as actor,
        e.outcome, e.credential_hash, e.address, e.user_agent, e.request_id
    from audit_events e left join users u on u.id = e.user_id left join users a on a.id = e.actor_id
    where e.id < $1 and e.user_id = $3 order by e.id desc limit $2";
const PRUNE: &str =
    "delete from audit_events where id in (select id from audit_events where at <= $1 order by at limit $2)";
/// Sorts after every UUID.
const END_OF_TIME: &str = "g";

/// One event, as it is shown.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct AuditEvent {
    /// Its id; also the cursor for the page after it.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What: see [`Action`].
    pub action: String,
    /// By which mode.
    pub mode: Option<String>,
    /// Whom it is about.
    pub user_id: Option<String>,
    /// The name of that account today.
    pub username: Option<String>,
    /// Who did it, where that is somebody else.
    pub actor_id: Option<String>,
    /// The name of that account today.
    pub actor: Option<String>,
    /// How it came out.
    pub outcome: String,
    /// SHA-256 of the credential's id.
    pub credential_hash: Option<String>,
    /// From where.
    pub address: String,
    /// By what program.
    pub user_agent: String,
    /// In which request.
    pub request_id: String,
}

impl Auth {
    /// Records how it came out. That the trail cannot be written is logged, and does not undo what has happened.
    pub(crate) async fn record<T: Outcome>(&self, event: Event<'_>, outcome: Result<&T, &AuthError>) {
        let Event { action, mode, user, actor, credential, req } = event;
        let action_text = action.as_str();
        let (mode, user, actor) = (mode.map(|mode| mode.0), user.map(UserId::as_str), actor.map(UserId::as_str));
        // The one that was shown; where none was, the one that was made.
        let credential = credential
            .or(outcome.ok().and_then(Outcome::credential))
            .map(|id| SecretHash::of(id.as_str().as_bytes()).into_string());
        let client = req.map(Client::of).unwrap_or_default();
        let request_id = req.map(request_id).unwrap_or_default();
        let outcome_text = match outcome {
            Ok(value) => value.word().to_owned(),
            Err(error) => error.to_string(),
        };
        if outcome.is_ok() {
            tracing::info!(target: "audit", action = action_text, mode, user, actor, outcome = outcome_text, credential, request_id);
        } else {
            tracing::warn!(target: "audit", action = action_text, mode, user, actor, outcome = outcome_text, credential, request_id);
        }
        let now = self.now();
        if is_free(action, credential.is_some(), outcome.err()) {
            let key = [
                Some(action_text),
                mode,
                user,
                actor,
                Some(&outcome_text),
                credential.as_deref(),
                Some(&client.address),
            ];
            // None of them can hold the separator.
            let key = SecretHash::of(key.map(Option::unwrap_or_default).join("\0").as_bytes());
            if !self.repeated.is_first(key, now.plus(REPEATED_AFTER), now) {
                return;
            }
        }
        let written: Result<(), AuthError> = async {
            let id = new_id_in_sequence(now, self.events.fetch_add(1, Ordering::Relaxed))?;
            db_execute!(
                &self.base.db,
                INSERT,
                &id,
                now,
                action_text,
                mode,
                user,
                actor,
                &outcome_text,
                &credential,
                &client.address,
                &client.user_agent,
                &request_id,
            );
            Ok(())
        }
        .await;
        if let Err(error) = written {
            tracing::error!(%error, cause = ?std::error::Error::source(&error), "an event is missing in the audit trail");
        }
    }

    /// Records that a credential was refused, where that means something: one that never was ours is noise, and anybody can
    /// make it.
    pub(crate) async fn record_refusal(&self, mode: &dyn AuthMode, req: &Parts, error: &AuthError) {
        let AuthError::Refused(refusal) = error else { return };
        if matches!(refusal, Refusal::Malformed | Refusal::Unknown | Refusal::Expired) {
            return;
        }
        let owner = mode.owner(req, self.now()).await.ok().flatten();
        let event = Event::new(Action::Present, req).about(mode.info().id, owner.as_ref());
        self.record::<()>(event, Err(error)).await;
    }

    /// Events, latest first: those of one user, or all. `before`: the id of the last one of the page before; before what is no id
    /// there is nothing.
    ///
    /// # Errors
    /// [`AuthError::Database`]
    pub async fn audit_trail(
        &self,
        user: Option<&UserId>,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<AuditEvent>, AuthError> {
        if before.is_some_and(|id| !is_id(id)) {
            return Ok(Vec::new());
        }
        let before = before.unwrap_or(END_OF_TIME);
        Ok(match user {
            None => db_fetch_all!(&self.base.db, LATEST, before, limit),
            Some(user) => db_fetch_all!(&self.base.db, LATEST_OF, before, limit, user.as_str()),
        })
    }
}

/// Whether doing it again costs nothing and changes nothing: to be refused, and to end what has ended. A wrong password is
/// counted by the throttle, and each one is a guess that the trail should show.
fn is_free(action: Action, by_listed: bool, failure: Option<&AuthError>) -> bool {
    match (failure, action) {
        (Some(AuthError::InvalidCredentials | AuthError::WrongPassword), _) => false,
        (Some(_), _) | (None, Action::Logout) => true,
        // By the same credential as before, which this ends, or has ended. One that is on no list ends with its epoch.
        (None, Action::LogoutAll | Action::LogoutEverywhere) => by_listed,
        (None, _) => false,
    }
}

/// Deletes at most `limit` events that are old enough.
pub(crate) async fn prune(db: &Db, now: Timestamp, limit: i64) -> Result<u64, AuthError> {
    let until = Timestamp(now.0 - KEEP.0);
    Ok(db_execute!(db, PRUNE, until, limit))
}

fn request_id(req: &Parts) -> String {
    let text = req.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    text.chars().take(REQUEST_ID_MAX_CHARS).collect()
}
