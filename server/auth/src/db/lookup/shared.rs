//! The requests that wait for a statement, and the places in which statements run.

#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::{
    select,
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::{KEYS_MAX, Keyed};
use crate::{db::ACQUIRE_TIMEOUT, error::AuthError};

/// Statements of one lookup that run at a time, while all of them succeed. With more of them, each has fewer keys. With
/// one, a statement whose connection hangs would hold all requests.
const PLACES: usize = 2;

/// A key, and where its row is sent.
type Waiting<R> = (String, oneshot::Sender<Option<R>>);

pub(super) struct Shared<R> {
    waiting: Mutex<VecDeque<Waiting<R>>>,
    places: Semaphore,
}

impl<R: Keyed> Shared<R> {
    pub(super) fn new() -> Self {
        Self { waiting: Mutex::default(), places: Semaphore::new(PLACES) }
    }

    /// `select` reads the rows of some keys. It starts after their requests have begun to wait, so no request gets a
    /// row from before its call: a revocation that was answered is seen.
    pub(super) async fn find<S: Future<Output = Result<Vec<R>, AuthError>>>(
        &self,
        key: &str,
        select: impl Fn(Vec<String>) -> S,
    ) -> Result<Option<R>, AuthError> {
        if let Ok(_place) = self.places.try_acquire() {
            return self.read(key, select).await;
        }
        let (sender, mut row) = oneshot::channel();
        self.waiting().push_back((key.to_owned(), sender));
        let _place = select! {
            biased;
            found = &mut row => match found {
                Ok(found) => return Ok(found),
                // The request that read this key has failed or was dropped.
                Err(_) => None,
            },
            // Without a place in that time, this request reads by itself.
            place = timeout(ACQUIRE_TIMEOUT, self.places.acquire()) => place.ok().and_then(Result::ok),
        };
        // Another request may be reading this key. To read it once more costs less than to pass the place on.
        drop(row);
        self.read(key, select).await
    }

    /// Reads this key, and the keys of the requests that have waited longest.
    async fn read<S: Future<Output = Result<Vec<R>, AuthError>>>(
        &self,
        key: &str,
        select: impl Fn(Vec<String>) -> S,
    ) -> Result<Option<R>, AuthError> {
        let waiting = self.take();
        let keys = [key].into_iter().chain(waiting.iter().map(|(key, _)| key.as_str())).map(str::to_owned);
        let rows = select(keys.collect()).await?;
        let row = |key: &str| rows.iter().find(|row| row.key() == key).cloned();
        for (key, sender) in waiting {
            // Fails if that request has ended.
            _ = sender.send(row(&key));
        }
        Ok(row(key))
    }

    fn take(&self) -> Vec<Waiting<R>> {
        let mut waiting = self.waiting();
        waiting.retain(|(_, sender)| !sender.is_closed());
        let count = waiting.len().min(KEYS_MAX - 1);
        waiting.drain(..count).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting<R>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
