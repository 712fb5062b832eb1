//! What bounds the experiments: how many run at the same time, and that each runs to its end.

use std::{num::NonZero, sync::Arc, thread, time::Duration};

use app::lab::{Hours, Ledger, Matrix, Policies};
use auth::{AuthError, Clock, Hasher, Seconds};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task,
    time::{sleep, timeout},
};
use tracing::{Dispatch, instrument::WithSubscriber as _};

use super::{
    sandboxes::Sandboxes,
    study::{self, Last, Study},
};

/// Half of the machine serves the real pages.
const SHARE: usize = 2;
/// An experiment that cannot begin within this time is refused: its visitor would send it again.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const RETRY_AFTER: Seconds = Seconds(2);
/// Pause between two searches for sandboxes that have ended.
const SWEEP: Duration = Duration::from_mins(1);

/// The experiments of this process. A clone is a pointer to the same ones.
#[derive(Clone)]
pub struct Lab(Arc<Shared>);

/// What the clones of [`Lab`] share.
pub struct Shared {
    pub sandboxes: Sandboxes,
    pub ledger: Last<Ledger>,
    pub matrix: Last<Matrix>,
    pub policies: Last<Policies>,
    pub hours: Last<Hours>,
    /// The real time.
    pub clock: Clock,
    /// Its threads are not those of real logins.
    pub hasher: Hasher,
    running: Semaphore,
}

impl std::ops::Deref for Lab {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Lab {
    /// A lab without a sandbox.
    ///
    /// # Errors
    /// [`AuthError::Randomness`], [`AuthError::Internal`]
    pub fn new(clock: Clock) -> Result<Self, AuthError> {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self(Arc::new(Shared {
            sandboxes: Sandboxes::default(),
            ledger: Last::default(),
            matrix: Last::default(),
            policies: Last::default(),
            hours: Last::default(),
            clock,
            hasher: Hasher::new()?,
            running: Semaphore::new((cores / SHARE).max(1)),
        })))
    }

    /// Ends the sandboxes that are no longer used, until the process ends.
    pub async fn sweep(self) {
        loop {
            sleep(SWEEP).await;
            self.sandboxes.end_unused(self.clock.now()).await;
        }
    }

    /// Runs a study, and keeps its result where `place` says.
    ///
    /// # Errors
    /// Those of the study.
    pub async fn study<T: Send + 'static>(
        self,
        site_root: &str,
        place: fn(&Shared) -> &Last<T>,
        study: for<'s> fn(&'s Study) -> study::Result<'s, T>,
    ) -> Result<(), AuthError> {
        let site_root = site_root.to_owned();
        Self::run(async move {
            // It runs already: the page waits for it and shows its result.
            let Ok(mut last) = place(&self).try_lock() else { return Ok(()) };
            let _permit = self.permit().await?;
            let of = Study { hasher: self.hasher.clone(), site_root, now: self.clock.now() };
            *last = Some(study(&of).await?);
            Ok(())
        })
        .await
    }

    /// Runs an experiment to its end, even if the visitor hangs up: half of a change would leave a sandbox that no
    /// longer knows its own password. Sandboxes write no log, because their audit events would stand among those of
    /// real accounts.
    ///
    /// # Errors
    /// Those of the experiment.
    pub async fn run<T: Send + 'static>(
        experiment: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, AuthError> {
        let finished = task::spawn(experiment.with_subscriber(Dispatch::none())).await;
        finished.map_err(|_| AuthError::Internal("an experiment panicked"))?
    }
}

impl Shared {
    /// Waits for a share of the machine.
    ///
    /// # Errors
    /// [`AuthError::Overloaded`]
    pub async fn permit(&self) -> Result<SemaphorePermit<'_>, AuthError> {
        let overloaded = || AuthError::Overloaded { retry_after: RETRY_AFTER };
        let permit = timeout(LONGEST_WAIT, self.running.acquire()).await.map_err(|_| overloaded())?;
        permit.map_err(|_| overloaded())
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn an_experiment_ends_although_its_visitor_hangs_up() {
        let (start, started) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let experiment = async move {
            _ = started.await;
            _ = end.send(());
            Ok(())
        };
        drop(timeout(Duration::ZERO, Lab::run(experiment)).await);
        start.send(()).unwrap();
        ended.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn an_experiment_that_waits_for_too_long_is_refused() {
        let lab = Lab::new(Clock::System).unwrap();
        let _all = lab.running.acquire_many(u32::try_from(lab.running.available_permits()).unwrap()).await.unwrap();
        assert!(matches!(lab.permit().await, Err(AuthError::Overloaded { .. })));
    }
}
