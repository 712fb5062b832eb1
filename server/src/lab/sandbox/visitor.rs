//! A client of a sandbox that has no column on the page, for experiments with several clients.

use app::lab::{Person, Race, Story};
use auth::AuthError;

use super::{PASSWORDS, Sandbox};
use crate::lab::{
    ask::{Ask, Defence, Key},
    client::{Answer, Client},
    race::{self, Keys},
};

/// A client, and the sandbox to which it sends its requests.
pub struct Visitor<'s> {
    pub(super) sandbox: &'s Sandbox,
    pub client: Client,
}

impl<'s> Visitor<'s> {
    pub async fn log_in(&mut self) -> Result<Answer, AuthError> {
        self.send(Ask::log_in(self.client.mode(), PASSWORDS[0])).await
    }

    pub async fn me(&mut self) -> Result<Answer, AuthError> {
        self.send(Ask::me(self.client.mode())).await
    }

    pub async fn rotate(&mut self) -> Result<Answer, AuthError> {
        self.send(Ask::rotate(self.client.mode(), Key::new()?)).await
    }

    pub async fn send(&mut self, ask: Ask) -> Result<Answer, AuthError> {
        self.client.send(&self.sandbox.router, ask, self.sandbox.auth.now()).await
    }

    /// Renews its credential `count` times at once.
    pub async fn race(&mut self, count: usize, keys: Keys) -> Result<Race, AuthError> {
        let (router, mode, now) = (&self.sandbox.router, self.client.mode(), self.sandbox.auth.now());
        race::race(&mut self.client, router, mode, count, keys, now).await
    }

    /// A thief copies its credentials, and both renew, `first` first.
    pub async fn theft(&mut self, first: Person) -> Result<Story, AuthError> {
        let (router, mode, now) = (&self.sandbox.router, self.client.mode(), self.sandbox.auth.now());
        let mut thief = self.client.stolen(now);
        race::theft(&mut self.client, &mut thief, first, router, mode, now).await
    }

    /// A thief with copies of its credentials.
    pub fn stolen(&self) -> Visitor<'s> {
        self.sandbox.at(self.client.stolen(self.sandbox.auth.now()))
    }

    /// A thief with what an injected script can read in this client.
    pub fn readable(&self, without: Option<Defence>) -> Visitor<'s> {
        self.sandbox.at(self.client.readable(without, self.sandbox.auth.now()))
    }
}
