//! The threads that hash passwords. They have a lower priority than the threads that answer requests: a flood of logins
//! uses every idle core, and other requests come first.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use tokio::sync::oneshot;

use crate::error::AuthError;

/// The niceness of a hashing thread. While a thread of niceness 0 wants the same core, this one gets a tenth of it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// The threads. They end when the last clone is dropped.
#[derive(Clone)]
pub(super) struct HashThreads(Sender<Job>);

impl HashThreads {
    pub(super) fn start(count: usize) -> Result<Self, AuthError> {
        let (sender, receiver) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(receiver));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name("password-hash".to_owned())
                .spawn(move || work(&jobs))
                .map_err(|_| AuthError::Internal("a thread for password hashes could not be started"))?;
        }
        Ok(Self(sender))
    }

    /// Runs a job on the next free thread, to its end: also if the caller stops waiting.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let (sender, result) = oneshot::channel();
        // The receiver is gone if the client has disconnected.
        let job = Box::new(move || drop(sender.send(job())));
        let unfinished = AuthError::Internal("a password hash did not finish");
        self.0.send(job).map_err(|_| AuthError::Internal("the threads for password hashes have ended"))?;
        result.await.map_err(|_| unfinished)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    lower_priority();
    loop {
        // The lock is released before the job runs.
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panic drops the sender of the result, which the caller sees, and not the thread.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

/// On Linux, a thread has a priority of its own. Elsewhere, the call would change the whole process.
#[cfg(target_os = "linux")]
fn lower_priority() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::warn!(%error, "the priority of a hashing thread could not be lowered: logins may delay requests");
    }
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_its_job_and_leaves_the_thread() {
        let threads = HashThreads::start(1).unwrap();
        let failed = threads.run(|| panic!("a bug")).await;
        assert!(matches!(failed, Err::<(), _>(AuthError::Internal(_))));
        assert_eq!(threads.run(|| 7).await.unwrap(), 7);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_job_has_a_lower_priority_than_its_caller() {
        let priority = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let threads = HashThreads::start(1).unwrap();
        assert_eq!(threads.run(priority).await.unwrap(), NICENESS.max(priority()));
    }
}
