//! Two policies that this server does not have, as models: a server in memory that does nothing but renew.
//!
//! - *Blacklist*, as Django REST framework SimpleJWT with `ROTATE_REFRESH_TOKENS` and `BLACKLIST_AFTER_ROTATION`. Its
//!   `TokenRefreshSerializer` looks the shown token up in the blacklist, adds it there, and issues a new one. It takes
//!   no lock between the two, and the list names no sign-in: a second use ends nothing else.
//! - *Siblings*: a genuine token that has not expired gets a successor, as often as it is shown.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use app::lab::{Attempt, Person, Race, Story, Verdict};
use auth::AuthError;
use tokio::{sync::Barrier, task::JoinSet};

/// What a model does with the second use of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Blacklist,
    Siblings,
}

/// The `jti` of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Token(usize);

/// A sign-in.
pub struct Model {
    rule: Rule,
    tables: Mutex<Tables>,
}

/// What the server stores.
#[derive(Default)]
struct Tables {
    issued: usize,
    blacklist: BTreeSet<Token>,
}

impl Model {
    pub fn new(rule: Rule) -> Self {
        Self { rule, tables: Mutex::default() }
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first token, or a successor.
    fn issue(&self) -> Token {
        let mut tables = self.tables();
        tables.issued += 1;
        Token(tables.issued)
    }

    /// Renews a token. `None` if it is refused. `read` is passed once the token was looked up: requests that arrive
    /// together all read before the first one writes.
    async fn renew(&self, token: Token, read: &Barrier) -> Option<Token> {
        let is_listed = self.rule == Rule::Blacklist && self.tables().blacklist.contains(&token);
        read.wait().await;
        if is_listed {
            return None;
        }
        if self.rule == Rule::Blacklist {
            self.tables().blacklist.insert(token);
        }
        Some(self.issue())
    }

    async fn renew_alone(&self, token: Token) -> Option<Token> {
        self.renew(token, &Barrier::new(1)).await
    }

    /// Renews one token `count` times at once.
    pub async fn race(self: Arc<Self>, count: usize) -> Result<Race, AuthError> {
        let (token, read) = (self.issue(), Arc::new(Barrier::new(count)));
        let mut running = JoinSet::new();
        for _ in 0..count {
            let (model, read) = (Arc::clone(&self), Arc::clone(&read));
            running.spawn(async move { model.renew(token, &read).await });
        }
        let mut successors = Vec::new();
        while let Some(done) = running.join_next().await {
            successors.push(done.map_err(|_| AuthError::Internal("a renewal of a race panicked"))?);
        }
        let issued: BTreeSet<_> = successors.iter().flatten().collect();
        let alive = match issued.first() {
            Some(token) => self.renew_alone(**token).await.is_some(),
            None => false,
        };
        let attempts = successors.iter().copied().map(attempt).collect();
        Ok(Race { attempts, issued: issued.len(), alive })
    }

    /// A theft: both have one token, and both renew it, `first` first.
    pub async fn theft(&self, first: Person) -> Story {
        let token = self.issue();
        let (one, other) = (self.renew_alone(token).await, self.renew_alone(token).await);
        let (one_works, other_works) = (self.works(one).await, self.works(other).await);
        let second = if first == Person::Owner { Person::Thief } else { Person::Owner };
        let (owner_works, thief_works) =
            if first == Person::Owner { (one_works, other_works) } else { (other_works, one_works) };
        Story { renewals: vec![(first, attempt(one)), (second, attempt(other))], owner_works, thief_works }
    }

    async fn works(&self, token: Option<Token>) -> bool {
        match token {
            Some(token) => self.renew_alone(token).await.is_some(),
            None => false,
        }
    }
}

fn attempt(successor: Option<Token>) -> Attempt {
    match successor {
        Some(_) => Attempt { verdict: Verdict::Rotated, reason: None },
        None => Attempt { verdict: Verdict::Refused, reason: Some("blacklisted".to_owned()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn renewals_that_arrive_together_all_pass_a_blacklist_without_a_lock() {
        let race = Arc::new(Model::new(Rule::Blacklist)).race(64).await.unwrap();
        assert_eq!((race.issued, race.alive), (64, true));
    }

    #[tokio::test]
    async fn a_blacklist_refuses_the_second_of_two_and_leaves_the_sign_in_to_the_first() {
        for first in [Person::Owner, Person::Thief] {
            let story = Model::new(Rule::Blacklist).theft(first).await;
            assert_eq!((story.owner_works, story.thief_works), (first == Person::Owner, first == Person::Thief));
        }
    }

    #[tokio::test]
    async fn siblings_serve_both_sides() {
        for first in [Person::Owner, Person::Thief] {
            let story = Model::new(Rule::Siblings).theft(first).await;
            assert!(story.owner_works && story.thief_works, "{first:?}");
        }
    }
}
