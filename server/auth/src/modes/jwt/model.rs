//! Rotation against a model: the rule in a few lines of memory, the implementation in a database, the same histories.

use std::{collections::HashSet, sync::Arc};

use http::request::Parts;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::{runtime::Handle, sync::Barrier, task};

use super::INFO;
use crate::{
    Auth, AuthError, Delivery, EndReason, Issued, IssuedBy, Refusal, Replay, Seconds, Timestamp, on_both_databases,
    testing::{PASSWORD, START, World, present, request, with_key},
};

const SETTINGS: [(&str, &str); 4] = [
    ("REFRESH_TOKEN_LIFETIME", "1000"),
    ("JWT_ABSOLUTE_LIFETIME", "3000"),
    ("THROTTLE_USER", "off"),
    ("THROTTLE_ACCOUNT", "off"),
];
const IDLE: Seconds = Seconds(1000);
const ABSOLUTE: Seconds = Seconds(3000);
const GRACE: Seconds = Seconds(10);

/// The client that presents a token. Each has an `Idempotency-Key` of its own, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Party {
    Owner,
    Thief,
    /// Sends no key, and its address is unknown.
    Unknown,
}

impl Party {
    fn request_from(self, req: &Parts) -> Parts {
        match self {
            Self::Owner => with_key(req, "the key of the owner"),
            Self::Thief => with_key(req, "the key of the thief"),
            Self::Unknown => req.clone(),
        }
    }
}

/// One event in the history of a sign-in.
#[derive(Clone, Debug)]
enum Event {
    /// A client presents the token of this generation, counted back from the newest: 0 is the head.
    Present { back: usize, by: Party },
    /// Time passes.
    Wait(i64),
    /// The user logs out.
    LogOut,
}

fn event() -> impl Strategy<Value = Event> {
    let party = prop_oneof![3 => Just(Party::Owner), 1 => Just(Party::Thief), 1 => Just(Party::Unknown)];
    prop_oneof![
        6 => (0_usize..4, party).prop_map(|(back, by)| Event::Present { back, by }),
        3 => prop_oneof![1_i64..12, Just(10), Just(11), 900_i64..1100].prop_map(Event::Wait),
        1 => Just(Event::LogOut),
    ]
}

/// The rule. Token *n* is `tokens[n]`. The last one is the head.
struct Model {
    tokens: Vec<Token>,
    absolute: Timestamp,
    dead: Option<EndReason>,
}

struct Token {
    expires_at: Timestamp,
    used: Option<(Timestamp, Party)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Expected {
    /// A success, with the token of this generation.
    Head(usize),
    Refused(Refusal),
}

impl Model {
    fn new(now: Timestamp) -> Self {
        let absolute = now.plus(ABSOLUTE);
        let first = Token { expires_at: now.plus(IDLE).min(absolute), used: None };
        Self { tokens: vec![first], absolute, dead: None }
    }

    fn present(&mut self, shown: usize, by: Party, now: Timestamp) -> Expected {
        let head = self.tokens.len() - 1;
        if self.tokens[shown].expires_at <= now {
            return Expected::Refused(Refusal::Expired);
        }
        if let Some(reason) = self.dead {
            return Expected::Refused(Refusal::Ended(reason));
        }
        match self.tokens[shown].used {
            None => {
                self.tokens[shown].used = Some((now, by));
                self.tokens.push(Token { expires_at: now.plus(IDLE).min(self.absolute), used: None });
                Expected::Head(head + 1)
            }
            Some((used_at, party))
                if shown + 1 == head && now <= used_at.plus(GRACE) && party == by && by != Party::Unknown =>
            {
                Expected::Head(head)
            }
            Some(_) => {
                self.dead = Some(EndReason::Reused);
                let which = if shown + 1 == head { Replay::Parent } else { Replay::Older };
                Expected::Refused(Refusal::Replayed(which))
            }
        }
    }
}

async fn world(driver: crate::testing::Driver) -> World {
    let world = World::with_settings(driver, &SETTINGS).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

async fn log_in(auth: &Auth) -> Issued {
    auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap()
}

fn refresh_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Pair { refresh: Some(refresh), .. } => refresh.expose().to_owned(),
        other => panic!("no refresh token in {other:?}"),
    }
}

async fn same_history(world: &World, events: &[Event]) {
    let auth = &world.auth;
    world.clock.advance(START.since(auth.now()));
    let mut model = Model::new(START);
    let first = log_in(auth).await;
    let (mut requests, mut texts) = (vec![present(&first)], vec![refresh_text(&first)]);
    for event in events {
        match event {
            Event::Wait(seconds) => world.clock.advance(Seconds(*seconds)),
            Event::LogOut => {
                // The head ends its sign-in even when it has expired.
                _ = model.dead.get_or_insert(EndReason::Logout);
                auth.logout(INFO.id.0, requests.last().unwrap()).await.unwrap();
            }
            Event::Present { back, by } => {
                let shown = requests.len().saturating_sub(1 + back);
                let seen = match auth.rotate(INFO.id.0, &by.request_from(&requests[shown])).await {
                    Ok(issued) => {
                        let text = refresh_text(&issued);
                        if issued.by == IssuedBy::Retry {
                            let known = texts.iter().position(|known| *known == text);
                            Expected::Head(known.expect("a retry returned a token that is not the head"))
                        } else {
                            requests.push(present(&issued));
                            texts.push(text);
                            Expected::Head(requests.len() - 1)
                        }
                    }
                    Err(AuthError::Refused(refusal)) => Expected::Refused(refusal),
                    Err(error) => panic!("{error}"),
                };
                assert_eq!(seen, model.present(shown, *by, auth.now()), "{by:?} presents {shown} at {:?}", auth.now());
            }
        }
    }
}

on_both_databases! {
    async fn every_history_goes_as_in_the_model(driver: Driver) {
        let world = world(driver).await;
        let runtime = Handle::current();
        // The runner is not async: it blocks a thread of its own.
        task::spawn_blocking(move || {
            // A counterexample is printed in full. A regression file would have to be kept per database.
            let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
            TestRunner::new(config)
                .run(&prop::collection::vec(event(), 1..24), |events| {
                    runtime.block_on(same_history(&world, &events));
                    Ok(())
                })
                .unwrap();
        })
        .await
        .unwrap();
    }

    async fn however_many_refresh_at_once_a_sign_in_has_one_head(driver: Driver) {
        const AT_ONCE: usize = 64;
        // `REFRESH_ROUNDS=200 make unit` runs more rounds.
        let rounds = std::env::var("REFRESH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
        let world = world(driver).await;
        let first = present(&log_in(&world.auth).await);
        let mut head = first.clone();
        for _ in 0..rounds {
            let barrier = Arc::new(Barrier::new(AT_ONCE));
            let tasks: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    let (auth, barrier) = (world.auth.clone(), Arc::clone(&barrier));
                    let req = with_key(&head, "one pending key of all tabs");
                    tokio::spawn(async move {
                        barrier.wait().await;
                        auth.rotate(INFO.id.0, &req).await.unwrap()
                    })
                })
                .collect();
            let (mut rotated, mut successors) = (0, HashSet::new());
            for task in tasks {
                let issued = task.await.unwrap();
                rotated += usize::from(issued.by == IssuedBy::Rotation);
                successors.insert(refresh_text(&issued));
                head = present(&issued);
            }
            assert_eq!((rotated, successors.len()), (1, 1), "one rotation wins, and all clients get the same successor");
        }
        let late = world.auth.rotate(INFO.id.0, &with_key(&first, "one pending key of all tabs")).await;
        let replay = Refusal::Replayed(Replay::Older);
        assert!(matches!(late, Err(AuthError::Refused(refusal)) if refusal == replay), "a replay afterwards: {late:?}");
        let end = world.auth.rotate(INFO.id.0, &head).await;
        assert!(matches!(end, Err(AuthError::Refused(Refusal::Ended(EndReason::Reused)))), "its sign-in lives: {end:?}");
    }
}
