//! Several renewals of one credential: at the same time, or by the owner and a thief.

use std::collections::BTreeSet;

use app::lab::{Attempt, Person, Race, Story, Verdict};
use auth::{AuthError, ModeInfo, Timestamp};
use axum::Router;
use http::StatusCode;
use tokio::task::JoinSet;
use tracing::instrument::WithSubscriber as _;

use super::{
    ask::{Ask, Key},
    client::{Answer, Client, reason},
};

/// Whose `Idempotency-Key` the renewals of a race carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// One, as the tabs of a browser share it.
    Shared,
    /// One each.
    Separate,
}

/// Renews the owner's credential `count` times at once. The owner keeps what a client that was not refused got.
pub async fn race(
    owner: &mut Client,
    router: &Router,
    info: &'static ModeInfo,
    count: usize,
    keys: Keys,
    now: Timestamp,
) -> Result<Race, AuthError> {
    let shared = Key::new()?;
    let mut running = JoinSet::new();
    for place in 0..count {
        let (mut client, router) = (owner.clone(), router.clone());
        let key = if keys == Keys::Shared { shared.clone() } else { Key::new()? };
        let renewal = async move {
            let answer = renew(&mut client, &router, info, key, now).await;
            (place, client, answer)
        };
        running.spawn(renewal.with_current_subscriber());
    }
    let mut finished = Vec::new();
    while let Some(done) = running.join_next().await {
        let (place, client, answer) = done.map_err(|_| AuthError::Internal("a renewal of a race panicked"))?;
        finished.push((place, client, attempt(&answer?)));
    }
    finished.sort_by_key(|(place, ..)| *place);
    let (mut alive, mut issued) = (false, BTreeSet::new());
    for (_, client, attempt) in &mut finished {
        if attempt.verdict == Verdict::Refused {
            continue;
        }
        issued.insert(client.renewable().map(str::to_owned));
        // One that works is enough. The check may renew: checking each copy would be the replay that ends the sign-in.
        if !alive && works(client, router, info, now).await? {
            alive = true;
            *owner = client.clone();
        }
    }
    let attempts = finished.into_iter().map(|(.., attempt)| attempt).collect();
    Ok(Race { attempts, issued: issued.len(), alive })
}

/// A theft: both have the same credential, and both renew it, `first` first.
pub async fn theft(
    owner: &mut Client,
    thief: &mut Client,
    first: Person,
    router: &Router,
    info: &'static ModeInfo,
    now: Timestamp,
) -> Result<Story, AuthError> {
    let mut renewals = Vec::new();
    let second = if first == Person::Owner { Person::Thief } else { Person::Owner };
    for person in [first, second] {
        let client = if person == Person::Owner { &mut *owner } else { &mut *thief };
        renewals.push((person, attempt(&renew(client, router, info, Key::new()?, now).await?)));
    }
    let owner_works = works(owner, router, info, now).await?;
    let thief_works = works(thief, router, info, now).await?;
    Ok(Story { renewals, owner_works, thief_works })
}

async fn renew(
    client: &mut Client,
    router: &Router,
    mode: &ModeInfo,
    key: Key,
    now: Timestamp,
) -> Result<Answer, AuthError> {
    client.send(router, Ask::rotate(mode, key), now).await
}

/// Whether the client is still signed in: it is recognised. Where it has a refresh token, it can renew, and keeps the
/// successor.
async fn works(client: &mut Client, router: &Router, mode: &ModeInfo, now: Timestamp) -> Result<bool, AuthError> {
    if mode.renews_silently {
        return Ok(renew(client, router, mode, Key::new()?, now).await?.status == StatusCode::OK);
    }
    let answer = client.send(router, Ask::me(mode), now).await?;
    Ok(answer.status == StatusCode::OK)
}

fn attempt(answer: &Answer) -> Attempt {
    let is_retry = answer.headers.get("x-rotation").is_some_and(|value| value == "retry");
    match (answer.status.is_success(), is_retry) {
        (true, false) => Attempt { verdict: Verdict::Rotated, reason: None },
        (true, true) => Attempt { verdict: Verdict::Retry, reason: None },
        (false, _) => Attempt { verdict: Verdict::Refused, reason: reason(answer) },
    }
}
