//! A study: experiments in new sandboxes. Its result is the same for all visitors, so the last one is kept.

use std::pin::Pin;

use app::lab::Choices;
use auth::{AuthError, Hasher, Timestamp};
use tokio::sync::Mutex;

use super::sandbox::Sandbox;

/// The last result of a study. Locked while the study runs.
pub type Last<T> = Mutex<Option<T>>;

/// The future of a study's result.
pub type Result<'s, T> = Pin<Box<dyn Future<Output = std::result::Result<T, AuthError>> + Send + 's>>;

/// What a study needs.
pub struct Study {
    pub hasher: Hasher,
    pub site_root: String,
    /// The real time. The clocks of the sandboxes start at it.
    pub now: Timestamp,
}

impl Study {
    /// A new sandbox.
    ///
    /// # Errors
    /// As [`Sandbox::open`].
    pub async fn sandbox(&self, choices: impl Into<Choices>) -> std::result::Result<Sandbox, AuthError> {
        Sandbox::open(self.hasher.clone(), &self.site_root, choices.into(), self.now).await
    }

    #[cfg(test)]
    pub fn for_tests() -> Self {
        Self { hasher: Hasher::new().unwrap(), site_root: "target/site".to_owned(), now: Timestamp(1_800_000_000) }
    }
}
