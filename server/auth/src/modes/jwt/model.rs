//! Rotation against a model of it: the rule in a few lines of memory, the implementation in a database, the same histories.

use std::{collections::HashSet, sync::Arc};

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::{runtime::Handle, sync::Barrier, task};

use super::rotation::{Families, Head, Verdict};
use crate::{
    Client, Refusal, Replay, Seconds, Timestamp, UserId, on_both_databases,
    testing::{START, World},
};

const IDLE: Seconds = Seconds(1000);
const ABSOLUTE: Seconds = Seconds(3000);
const GRACE: Seconds = Seconds(10);

/// One thing that happens to a family.
#[derive(Clone, Debug)]
enum Event {
    /// Somebody shows the token of this generation, counted back from the newest: 0 is the head.
    Show { back: usize },
    /// Time passes.
    Wait(i64),
    /// The user logs out.
    LogOut,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_usize..4).prop_map(|back| Event::Show { back }),
        3 => prop_oneof![1_i64..12, Just(10), Just(11), 900_i64..1100].prop_map(Event::Wait),
        1 => Just(Event::LogOut),
    ]
}

/// The rule. Token *n* is `tokens[n]`; the last one is the head.
struct Model {
    tokens: Vec<Token>,
    absolute: Timestamp,
    dead: bool,
}

struct Token {
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
}

#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// The token of this generation.
    Head(usize),
    Refused(Refusal),
}

impl Model {
    fn new(now: Timestamp) -> Self {
        let absolute = now.plus(ABSOLUTE);
        let first = Token { expires_at: now.plus(IDLE).min(absolute), used_at: None };
        Self { tokens: vec![first], absolute, dead: false }
    }

    fn show(&mut self, shown: usize, now: Timestamp) -> Expected {
        let head = self.tokens.len() - 1;
        if self.dead {
            return Expected::Refused(Refusal::Replayed(Replay::DeadFamily));
        }
        if self.tokens[shown].expires_at <= now {
            return Expected::Refused(Refusal::Expired);
        }
        match self.tokens[shown].used_at {
            None => {
                self.tokens[shown].used_at = Some(now);
                self.tokens.push(Token { expires_at: now.plus(IDLE).min(self.absolute), used_at: None });
                Expected::Head(head + 1)
            }
            Some(used_at) if shown + 1 == head && now <= used_at.plus(GRACE) => Expected::Head(head),
            Some(_) => {
                self.dead = true;
                let which = if shown + 1 == head { Replay::Parent } else { Replay::Older };
                Expected::Refused(Refusal::Replayed(which))
            }
        }
    }
}

fn families(world: &World) -> Families {
    Families { db: world.auth.db().clone(), idle: IDLE, grace: GRACE }
}

async fn begin(families: &Families, user: &UserId, now: Timestamp) -> Head {
    families.begin(user, &Client::default(), now, now.plus(ABSOLUTE)).await.unwrap()
}

async fn same_history(families: &Families, user: &UserId, events: &[Event]) {
    let mut now = START;
    let mut model = Model::new(now);
    let mut heads = vec![begin(families, user, now).await];
    for event in events {
        match event {
            Event::Wait(seconds) => now = now.plus(Seconds(*seconds)),
            Event::LogOut => {
                model.dead = true;
                families.revoke(&heads[0].family_id, now).await.unwrap();
            }
            Event::Show { back } => {
                let shown = heads.len().saturating_sub(1 + back);
                let seen = match families.rotate(&heads[shown].jti, now).await.unwrap() {
                    Verdict::Rotated(head) => {
                        heads.push(head);
                        Expected::Head(heads.len() - 1)
                    }
                    Verdict::Retry(head) => {
                        let known = heads.iter().position(|known| known.jti == head.jti);
                        Expected::Head(known.expect("a retry made a token that nobody knows"))
                    }
                    Verdict::Refused(refusal) => Expected::Refused(refusal),
                };
                assert_eq!(seen, model.show(shown, now), "showing {shown} at {now:?}");
            }
        }
    }
}

on_both_databases! {
    async fn every_history_goes_as_in_the_model(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let user = world.sign_up("alice").await.unwrap();
        let families = families(&world);
        let runtime = Handle::current();
        // The runner is not async: it waits on a thread of its own.
        task::spawn_blocking(move || {
            // A counterexample is printed whole; a file of old ones would have to be kept per database.
            let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
            TestRunner::new(config)
                .run(&prop::collection::vec(event(), 1..24), |events| {
                    runtime.block_on(same_history(&families, &user, &events));
                    Ok(())
                })
                .unwrap();
        })
        .await
        .unwrap();
        drop(world);
    }

    async fn however_many_refresh_at_once_a_family_has_one_head(driver: Driver) {
        const AT_ONCE: usize = 64;
        // `REFRESH_ROUNDS=200 make unit` for the long run.
        let rounds = std::env::var("REFRESH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
        let world = World::new(driver).await.unwrap();
        let user = world.sign_up("alice").await.unwrap();
        let families = Arc::new(families(&world));
        let first = begin(&families, &user, START).await;
        let mut head = first.clone();
        for _ in 0..rounds {
            let barrier = Arc::new(Barrier::new(AT_ONCE));
            let tasks: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    let (families, barrier, jti) = (Arc::clone(&families), Arc::clone(&barrier), head.jti.clone());
                    tokio::spawn(async move {
                        barrier.wait().await;
                        families.rotate(&jti, START).await.unwrap()
                    })
                })
                .collect();
            let (mut rotated, mut successors) = (0, HashSet::new());
            for task in tasks {
                match task.await.unwrap() {
                    Verdict::Rotated(next) => {
                        rotated += 1;
                        successors.insert(next.jti.clone());
                        head = next;
                    }
                    Verdict::Retry(next) => _ = successors.insert(next.jti),
                    Verdict::Refused(refusal) => panic!("within the grace: {refusal}"),
                }
            }
            assert_eq!((rotated, successors.len()), (1, 1), "one wins, and all get the same successor");
        }
        let late = families.rotate(&first.jti, START).await.unwrap();
        assert!(matches!(late, Verdict::Refused(Refusal::Replayed(Replay::Older))), "a replay afterwards: {late:?}");
        let end = families.rotate(&head.jti, START).await.unwrap();
        assert!(matches!(end, Verdict::Refused(Refusal::Replayed(Replay::DeadFamily))), "its family lives: {end:?}");
    }
}
