//! Two policies that this server does not have, as models: a server in memory that does nothing but renew.
//!
//! - *Blacklist*, as Django REST framework SimpleJWT with `ROTATE_REFRESH_TOKENS` and `BLACKLIST_AFTER_ROTATION`. Its
//!   `TokenRefreshSerializer` looks the shown token up in the blacklist, adds it there, and issues a new one. It takes
//!   no lock between the two, and the list names no sign-in: a second use ends nothing else.
//! - *Siblings*: a genuine token that has not expired gets a successor, as often as it is shown.
//!
//! How many renewals a blacklist without a lock lets through depends on the order of the reads and the writes. A model
//! can therefore be run in an [`Order`] that gives the same result each time.

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

/// The order in which requests that arrive together read and write the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// All read before the first one writes: the most renewals that can pass.
    ReadsFirst,
    /// Each reads after the one before it has written: the fewest.
    InTurn,
    /// As the threads run.
    #[cfg(test)]
    AsTheyCome,
}

/// A race, and the number of its successors that can still renew afterwards.
pub struct Outcome {
    pub race: Race,
    pub working: usize,
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

    /// Renews one token `count` times, each time in a task of its own.
    pub async fn race(self: Arc<Self>, count: usize, order: Order) -> Result<Outcome, AuthError> {
        let token = self.issue();
        let read = Arc::new(Barrier::new(if order == Order::ReadsFirst { count } else { 1 }));
        let mut running = JoinSet::new();
        let mut successors = Vec::new();
        for _ in 0..count {
            let (model, read) = (Arc::clone(&self), Arc::clone(&read));
            running.spawn(async move { model.renew(token, &read).await });
            if order == Order::InTurn {
                collect(&mut running, &mut successors).await?;
            }
        }
        collect(&mut running, &mut successors).await?;
        let issued: BTreeSet<_> = successors.iter().copied().flatten().collect();
        let mut working = 0;
        for token in &issued {
            working += usize::from(self.renew_alone(*token).await.is_some());
        }
        let attempts = successors.into_iter().map(attempt).collect();
        Ok(Outcome { race: Race { attempts, issued: issued.len(), alive: working > 0 }, working })
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

/// Waits for all that run.
async fn collect(running: &mut JoinSet<Option<Token>>, into: &mut Vec<Option<Token>>) -> Result<(), AuthError> {
    while let Some(done) = running.join_next().await {
        into.push(done.map_err(|_| AuthError::Internal("a renewal of a race panicked"))?);
    }
    Ok(())
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

    /// The successors that were issued, those that still work, and the renewals that were refused.
    async fn counts(rule: Rule, order: Order) -> [usize; 3] {
        let Outcome { race, working } = Arc::new(Model::new(rule)).race(64, order).await.unwrap();
        assert_eq!(race.alive, working > 0, "{rule:?}, {order:?}");
        let refused = race.attempts.iter().filter(|attempt| attempt.verdict == Verdict::Refused).count();
        [race.issued, working, refused]
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn renewals_that_all_read_first_all_pass_a_blacklist_without_a_lock() {
        assert_eq!(counts(Rule::Blacklist, Order::ReadsFirst).await, [64, 64, 0]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_of_the_renewals_that_read_in_turn_passes_a_blacklist() {
        assert_eq!(counts(Rule::Blacklist, Order::InTurn).await, [1, 1, 63]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn in_any_order_at_least_one_passes_a_blacklist_and_each_successor_works() {
        let [issued, working, refused] = counts(Rule::Blacklist, Order::AsTheyCome).await;
        assert!((1..=64).contains(&issued), "{issued}");
        assert_eq!((working, refused), (issued, 64 - issued));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn siblings_all_work_in_every_order() {
        for order in [Order::ReadsFirst, Order::InTurn, Order::AsTheyCome] {
            assert_eq!(counts(Rule::Siblings, order).await, [64, 64, 0], "{order:?}");
        }
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
