//! What a mode computes from a key of the ring, kept from the first use of the key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::Kid;
use crate::error::AuthError;

/// Maximum number of keys in memory. The ring has a handful.
const KEEP: usize = 64;

/// A `T` per key of the ring. A derived key is the same for as long as the process has its secret. A key from a file is
/// read once, so a change of the file needs a restart.
pub struct Prepared<T>(Mutex<HashMap<Kid, Arc<T>>>);

impl<T> Default for Prepared<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Prepared<T> {
    /// The value for a key. `prepare` computes it if there is none.
    ///
    /// # Errors
    /// Those of `prepare`. The next call tries again.
    pub fn get(&self, kid: &Kid, prepare: impl FnOnce() -> Result<T, AuthError>) -> Result<Arc<T>, AuthError> {
        let mut prepared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = prepared.get(kid) {
            return Ok(Arc::clone(ready));
        }
        let ready = Arc::new(prepare()?);
        if prepared.len() >= KEEP {
            prepared.clear();
        }
        prepared.insert(kid.clone(), Arc::clone(&ready));
        Ok(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kid(n: usize) -> Kid {
        Kid::new(n.to_string())
    }

    #[test]
    fn a_key_is_prepared_once() {
        let prepared = Prepared::default();
        assert_eq!(*prepared.get(&kid(1), || Ok('a')).unwrap(), 'a');
        assert_eq!(*prepared.get(&kid(1), || Ok('b')).unwrap(), 'a');
        assert_eq!(*prepared.get(&kid(2), || Ok('b')).unwrap(), 'b');
    }

    #[test]
    fn a_failure_is_not_kept() {
        let prepared = Prepared::default();
        assert!(prepared.get(&kid(1), || Err::<char, _>(AuthError::UnknownKey)).is_err());
        assert_eq!(*prepared.get(&kid(1), || Ok('a')).unwrap(), 'a');
    }

    #[test]
    fn the_number_of_prepared_keys_is_limited() {
        let prepared = Prepared::default();
        for n in 0..=KEEP {
            prepared.get(&kid(n), || Ok(n)).unwrap();
        }
        assert_eq!(prepared.0.lock().unwrap().len(), 1);
    }
}
