//! The work of a request: its statements and its cryptographic operations, with their times.
//!
//! Nothing is recorded outside of [`Recording::of`]. A statement is recorded by name and text, never with the values of
//! its parameters.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::futures::TaskLocalFuture;

use crate::clock::Stopwatch;

/// Maximum number of recorded steps. A request runs about ten.
const STEPS_MAX: usize = 1000;

tokio::task_local! {
    /// `None` in a task that a request without a recording spawned.
    static CURRENT: Option<Recording>;
}

/// The steps of one request, in the order of their ends. A clone is a pointer to the same steps.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<Step>>>);

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The statement or the operation.
    pub kind: StepKind,
    /// Its time. It includes the wait for a connection, and not the wait for a free hashing thread.
    pub time: Duration,
}

/// A statement or an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A statement of the database.
    Statement {
        /// The constant with its module, as `users::FIND_BY_NAME`.
        name: &'static str,
        /// The text, without the values of its parameters.
        sql: &'static str,
        /// The rows that it returned or changed. `None` for `begin` and `commit`, and if it failed.
        rows: Option<u64>,
    },
    /// A cryptographic operation.
    Crypto(Crypto),
}

/// A cryptographic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crypto {
    /// Argon2id, or the slow hash of an imported password.
    PasswordHash,
    /// SHA-256 of a credential or of an `Idempotency-Key`: the database holds the hash only.
    Sha256,
    /// The derivation of a key from `APP_SECRET`.
    KeyDerivation,
    /// The encryption of a cookie.
    Encryption,
    /// The decryption of a cookie.
    Decryption,
    /// The signature of a token.
    Signature,
    /// The verification of a token's signature.
    Verification,
}

impl Crypto {
    /// The name on the page and in `Server-Timing`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordHash => "password hash",
            Self::Sha256 => "SHA-256",
            Self::KeyDerivation => "key derivation",
            Self::Encryption => "encryption",
            Self::Decryption => "decryption",
            Self::Signature => "signature",
            Self::Verification => "verification",
        }
    }
}

impl Recording {
    /// Runs `request`, and records its work. Work in tasks that it spawns for a transaction counts, too.
    pub async fn of<F: Future>(&self, request: F) -> F::Output {
        CURRENT.scope(Some(self.clone()), request).await
    }

    /// The steps until now.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, kind: StepKind, time: Duration) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.len() < STEPS_MAX {
            steps.push(Step { kind, time });
        }
    }

    fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok().flatten()
    }
}

/// The number of rows in the result of a statement.
pub(crate) trait Rows {
    fn count(&self) -> Option<u64>;
}

impl<T> Rows for Vec<T> {
    fn count(&self) -> Option<u64> {
        self.len().try_into().ok()
    }
}

impl<T> Rows for Option<T> {
    fn count(&self) -> Option<u64> {
        Some(u64::from(self.is_some()))
    }
}

impl Rows for u64 {
    fn count(&self) -> Option<u64> {
        Some(*self)
    }
}

/// `begin` and `commit`.
impl Rows for () {
    fn count(&self) -> Option<u64> {
        None
    }
}

/// The start of a statement. `None` if the request is not recorded.
pub(crate) struct Started(Option<(Recording, Stopwatch)>);

impl Started {
    pub(crate) fn now() -> Self {
        Self(Recording::current().map(|recording| (recording, Stopwatch::start())))
    }

    /// Records the statement. A function and no wrapper around the statement's future: that would double the size of
    /// every future around it.
    pub(crate) fn ended<T: Rows, E>(self, name: &'static str, sql: &'static str, result: &Result<T, E>) {
        if let Some((recording, watch)) = self.0 {
            let rows = result.as_ref().ok().and_then(Rows::count);
            recording.add(StepKind::Statement { name: short(name), sql, rows }, watch.elapsed());
        }
    }
}

/// Without the crate, and without the form of a statement by key. Of a statement that a field holds, the name of the
/// field.
fn short(name: &'static str) -> &'static str {
    let name = name.strip_prefix("auth::").unwrap_or(name);
    let name = name.strip_suffix(".one").unwrap_or(name);
    name.rsplit_once("self.").map_or(name, |(_, field)| field)
}

/// Runs an operation on this thread, and records it if the request is recorded.
pub(crate) fn crypto<T>(kind: Crypto, run: impl FnOnce() -> T) -> T {
    let Some(recording) = Recording::current() else { return run() };
    let watch = Stopwatch::start();
    let result = run();
    recording.add(StepKind::Crypto(kind), watch.elapsed());
    result
}

/// Records an operation that ran on another thread.
pub(crate) fn crypto_elsewhere(kind: Crypto, time: Duration) {
    if let Some(recording) = Recording::current() {
        recording.add(StepKind::Crypto(kind), time);
    }
}

/// `task`, recorded for the request that spawns it.
pub(crate) fn inherited<F: Future>(task: F) -> TaskLocalFuture<Option<Recording>, F> {
    CURRENT.scope(Recording::current(), task)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Driver, World, request};

    async fn statements_of<F: Future>(request: F) -> Vec<&'static str> {
        let recording = Recording::default();
        recording.of(request).await;
        let name = |step: &Step| match step.kind {
            StepKind::Statement { name, .. } => Some(name),
            StepKind::Crypto(_) => None,
        };
        recording.steps().iter().filter_map(name).collect()
    }

    #[tokio::test]
    async fn the_statements_of_a_call_are_recorded_by_name() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let user = world.sign_up("alice").await.unwrap();
        let statements = statements_of(crate::users::find_by_id(world.auth.db(), &user)).await;
        assert_eq!(statements, ["users::BY_ID"]);
    }

    #[tokio::test]
    async fn a_login_records_the_transaction_that_outlives_its_connection() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in world.modes() {
            let statements = statements_of(Box::pin(world.log_in(mode, "alice"))).await;
            assert!(statements.contains(&"begin") && statements.contains(&"commit"), "{mode}: {statements:?}");
        }
    }

    #[tokio::test]
    async fn a_login_records_one_password_hash() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let recording = Recording::default();
        let mode = world.modes()[0];
        _ = recording.of(world.auth.login(mode.0, "nobody", "gravel otter lampshade", &request(&[]))).await;
        let hashes = recording.steps().into_iter().filter(|step| step.kind == StepKind::Crypto(Crypto::PasswordHash));
        assert_eq!(hashes.count(), 1);
    }

    #[tokio::test]
    async fn nothing_is_recorded_for_another_request() {
        let world = World::new(Driver::Sqlite).await.unwrap();
        let (one, other) = (Recording::default(), Recording::default());
        tokio::join!(one.of(world.auth.db().ping()), other.of(async {})).0.unwrap();
        assert_eq!((one.steps().len(), other.steps().len()), (1, 0));
    }

    #[test]
    fn the_steps_are_bounded() {
        let recording = Recording::default();
        for _ in 0..2 * STEPS_MAX {
            recording.add(StepKind::Crypto(Crypto::Signature), Duration::ZERO);
        }
        assert_eq!(recording.steps().len(), STEPS_MAX);
    }
}
