//! Detects that PostgreSQL does not answer. Requests then fail at once instead of waiting for their time limits.
//!
//! A slow statement alone proves nothing: it may wait for a lock or for a free connection. After [`PATIENCE`] it starts
//! a probe: a new connection outside of the pool. If the probe fails, and no statement was answered while it ran, there
//! is an *outage*: every statement that waits fails, and further ones fail without being sent, until a probe succeeds.

use std::{
    fmt, io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::Error;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// Maximum wait for an answer without a probe. A statement of this crate takes milliseconds.
const PATIENCE: Duration = Duration::from_millis(500);
/// Maximum time of a probe. A connection over TLS to another region takes about half of it.
const PROBE_LIMIT: Duration = Duration::from_secs(1);
/// Pause between two probes, and so the maximum delay after the end of an outage.
const PROBE_PAUSE: Duration = Duration::from_millis(100);

/// `true`: the database has answered.
type Answered = Pin<Box<dyn Future<Output = bool> + Send>>;

/// The state of one database, shared by its statements. A clone is a pointer to the same state.
#[derive(Clone)]
pub struct Outage(Arc<Shared>);

struct Shared {
    probe: Box<dyn Fn() -> Answered + Send + Sync>,
    is_probing: AtomicBool,
    /// Number of statements that were answered.
    answers: AtomicU64,
    is_present: watch::Sender<bool>,
}

impl Outage {
    pub(super) fn new(probe: impl Fn() -> Answered + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared {
            probe: Box::new(probe),
            is_probing: AtomicBool::new(false),
            answers: AtomicU64::new(0),
            is_present: watch::Sender::new(false),
        }))
    }

    pub(super) fn is_present(&self) -> bool {
        *self.0.is_present.borrow()
    }

    /// Runs a statement, and fails as soon as there is an outage. The caller pins the statement: as a plain argument,
    /// it would double the size of every future around it.
    pub(crate) async fn or_fail<T>(
        &self,
        statement: Pin<&mut (impl Future<Output = Result<T, Error>> + ?Sized)>,
    ) -> Result<T, Error> {
        self.or_none(statement).await.unwrap_or_else(|| Err(no_answer()))
    }

    /// Runs a statement. `None`: there is an outage, and the statement has not ended.
    pub(super) async fn or_none<T>(
        &self,
        mut statement: Pin<&mut (impl Future<Output = Result<T, Error>> + ?Sized)>,
    ) -> Option<Result<T, Error>> {
        let mut is_present = self.0.is_present.subscribe();
        loop {
            tokio::select! {
                biased;
                _ = is_present.wait_for(|is_present| *is_present) => return None,
                result = statement.as_mut() => {
                    self.note(&result);
                    return Some(result);
                }
                () = sleep(PATIENCE) => self.suspect(),
            }
        }
    }

    fn note<T>(&self, result: &Result<T, Error>) {
        match result {
            Err(error) if !is_answer(error) => self.suspect(),
            _ => _ = self.0.answers.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Starts to probe, unless a task does so already.
    fn suspect(&self) {
        if !self.0.is_probing.swap(true, Ordering::AcqRel) {
            tokio::spawn(self.clone().probe());
        }
    }

    /// Probes until the database answers.
    async fn probe(self) {
        let shared = &self.0;
        loop {
            let answers = shared.answers.load(Ordering::Relaxed);
            let probe_answered = timeout(PROBE_LIMIT, (shared.probe)()).await.unwrap_or(false);
            let is_present = !probe_answered && answers == shared.answers.load(Ordering::Relaxed);
            if shared.is_present.send_replace(is_present) != is_present {
                if is_present {
                    tracing::error!("PostgreSQL does not answer: no statement is sent until it does");
                } else {
                    tracing::info!("PostgreSQL answers again");
                }
            }
            if !is_present {
                break;
            }
            sleep(PROBE_PAUSE).await;
        }
        shared.is_probing.store(false, Ordering::Release);
    }
}

/// Does this error come from a database that serves statements? One that starts or stops (57P01 to 57P03) does not.
pub(super) fn is_answer(error: &Error) -> bool {
    match error {
        Error::Database(error) => !error.code().is_some_and(|code| code.starts_with("57P0")),
        Error::Io(_) | Error::PoolTimedOut => false,
        _ => true,
    }
}

pub(super) fn no_answer() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::TimedOut, "PostgreSQL does not answer"))
}

impl fmt::Debug for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outage").field("is_present", &self.is_present()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, pin::pin};

    use tokio::time::Instant;

    use super::*;

    /// A database that answers probes while the switch is on.
    fn database(is_on: &Arc<AtomicBool>) -> Outage {
        let is_on = Arc::clone(is_on);
        Outage::new(move || {
            let is_on = Arc::clone(&is_on);
            Box::pin(async move { if is_on.load(Ordering::SeqCst) { true } else { pending().await } })
        })
    }

    fn switch(is_on: bool) -> Arc<AtomicBool> {
        Arc::new(AtomicBool::new(is_on))
    }

    async fn never() -> Result<(), Error> {
        pending().await
    }

    async fn slow(time: Duration) -> Result<(), Error> {
        sleep(time).await;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_statement_without_an_answer_fails_after_the_probe() {
        let (outage, begin) = (database(&switch(false)), Instant::now());
        assert!(outage.or_fail(pin!(never())).await.is_err());
        assert_eq!(begin.elapsed(), PATIENCE + PROBE_LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn in_an_outage_no_statement_is_sent() {
        let outage = database(&switch(false));
        assert!(outage.or_fail(pin!(never())).await.is_err());
        let sent = async { panic!("the statement was sent") };
        let outcome: Result<(), Error> = outage.or_fail(pin!(sent)).await;
        assert!(outcome.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn statements_are_sent_again_after_a_probe_succeeds() {
        let is_on = switch(false);
        let outage = database(&is_on);
        assert!(outage.or_fail(pin!(never())).await.is_err());
        is_on.store(true, Ordering::SeqCst);
        sleep(PROBE_LIMIT + PROBE_PAUSE).await;
        assert!(outage.or_fail(pin!(slow(Duration::ZERO))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_statement_of_a_database_that_answers_is_waited_for() {
        let outage = database(&switch(true));
        assert!(outage.or_fail(pin!(slow(PROBE_LIMIT * 9))).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_to_another_statement_outweighs_a_probe_without_one() {
        let outage = database(&switch(false));
        let others = async {
            for _ in 0..20 {
                outage.or_fail(pin!(slow(PATIENCE / 2))).await?;
            }
            Ok::<_, Error>(())
        };
        let waiting = pin!(slow(PATIENCE * 9));
        let (waited, others) = tokio::join!(outage.or_fail(waiting), others);
        assert!(waited.is_ok() && others.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_connection_starts_a_probe_at_once() {
        let outage = database(&switch(false));
        let lost = async { Err::<(), _>(Error::Io(io::ErrorKind::ConnectionReset.into())) };
        assert!(outage.or_fail(pin!(lost)).await.is_err());
        sleep(PROBE_LIMIT + Duration::from_millis(1)).await;
        assert!(outage.is_present());
    }
}
