//! Ending every sign-in, concurrently with each operation that could create a credential. No older credential survives.
//!
//! `RACE_ROUNDS=200 make unit` runs more rounds.

use auth::{
    Auth, AuthError, Issued, ModeId, Seconds, User, on_both_databases,
    testing::{Driver, PASSWORD, World, present},
};
use http::request::Parts;

use crate::{is_signed_in, listed, unthrottled};

const NEW_PASSWORD: &str = "copper lantern by the weir";

/// One round: alice in one mode, and another instance that expires her account concurrently.
struct Round<'w> {
    world: &'w World,
    other: &'w Auth,
    mode: ModeId,
    number: usize,
    /// Read before the expiry.
    alice: User,
}

/// Runs many rounds of each mode.
async fn race(driver: Driver, mut round: impl AsyncFnMut(Round<'_>)) {
    let world = unthrottled(driver).await;
    let other = world.another_instance().unwrap();
    let rounds = std::env::var("RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    for mode in world.modes() {
        for number in 0..rounds {
            let alice = world.auth.find_user("alice").await.unwrap().unwrap();
            Box::pin(round(Round { world: &world, other: &other, mode, number, alice })).await;
        }
    }
}

impl Round<'_> {
    async fn signed_in(&self) -> Parts {
        self.world.begin(self.mode, self.alice.clone()).await.unwrap()
    }

    /// Expires the account after some turns of the scheduler. The number grows with each round, to hit a different
    /// point of the concurrent operation.
    async fn expire(&self, turns_per_round: usize) {
        for _ in 0..self.number * turns_per_round {
            tokio::task::yield_now().await;
        }
        self.other.expire(&self.alice.id).await.unwrap();
    }

    /// The outcome of a call that hashes a password: in the first round the account expires after it, later during it.
    async fn before_or_beside<T>(&self, call: impl Future<Output = Result<T, AuthError>>) -> Result<T, AuthError> {
        if self.number > 0 {
            return tokio::join!(call, self.expire(20)).0;
        }
        let outcome = call.await;
        assert!(outcome.is_ok(), "{}: the call failed without an expiry", self.mode);
        self.expire(0).await;
        outcome
    }

    /// Whatever the outcome, neither the presented nor the issued credential lives.
    async fn assert_nothing_lives(&self, shown: &Parts, issued: Option<&Issued>) {
        let Self { world, mode, number, alice, .. } = self;
        for req in [Some(shown.clone()), issued.map(present)].iter().flatten() {
            assert!(!is_signed_in(world, *mode, req).await, "{mode}, round {number}: a credential lives");
            assert!(world.auth.rotate(mode.0, req).await.is_err(), "{mode}, round {number}: a credential rotates");
        }
        assert_eq!(listed(world, *mode, &alice.id).await, 0, "{mode}, round {number}");
    }
}

on_both_databases! {
    async fn a_concurrent_login_never_lives(driver: Driver) {
        race(driver, async |round| {
            // `alice` is as of the select that read the password hash.
            let (begun, ()) = tokio::join!(round.signed_in(), round.expire(1));
            round.assert_nothing_lives(&begun, None).await;
            // A login that continues only after the expiry.
            let late = round.signed_in().await;
            round.assert_nothing_lives(&late, None).await;
        })
        .await;
    }

    async fn a_concurrent_rotation_leaves_no_successor(driver: Driver) {
        race(driver, async |round| {
            let mine = round.signed_in().await;
            let (rotated, ()) = tokio::join!(round.world.auth.rotate(round.mode.0, &mine), round.expire(3));
            round.assert_nothing_lives(&mine, rotated.as_ref().ok()).await;
        })
        .await;
    }

    async fn a_concurrent_renewal_of_a_sealed_credential_leaves_no_later_copy(driver: Driver) {
        race(driver, async |round| {
            let mine = round.signed_in().await;
            round.world.clock.advance(Seconds(90));
            let (later, ()) = tokio::join!(round.world.used(&mine), round.expire(1));
            round.assert_nothing_lives(&later, None).await;
        })
        .await;
    }

    async fn a_concurrent_end_of_all_others_leaves_no_live_caller(driver: Driver) {
        race(driver, async |round| {
            let mine = round.signed_in().await;
            let call = round.world.auth.end_others(round.mode.0, PASSWORD, &mine);
            let carried = Box::pin(round.before_or_beside(call)).await;
            // An earlier expiry refuses the caller. A later one ends the caller's new credential.
            round.assert_nothing_lives(&mine, carried.as_ref().ok().map(|carried| &carried.issued)).await;
        })
        .await;
    }

    async fn a_concurrent_password_change_leaves_no_live_caller(driver: Driver) {
        let (mut current, mut next) = (PASSWORD, NEW_PASSWORD);
        race(driver, async |round| {
            let mine = round.signed_in().await;
            let change = round.world.auth.change_password(round.mode.0, current, next, &mine);
            let carried = Box::pin(round.before_or_beside(change)).await;
            round.assert_nothing_lives(&mine, carried.as_ref().ok().map(|carried| &carried.issued)).await;
            if carried.is_ok() {
                std::mem::swap(&mut current, &mut next);
            }
        })
        .await;
    }
}
