//! Random histories of one account in all modes. After each call, the invariants of every credential hold.

mod history;

use auth::{on_both_databases, testing::World};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use tokio::{runtime::Handle, task};

use self::history::History;
use crate::unthrottled;

/// One call. An index selects one of the credentials that clients have received so far.
#[derive(Clone, Debug)]
enum Call {
    Login(Index),
    Use(Index),
    Rotate(Index),
    Logout(Index),
    LogoutAll(Index),
    LogoutEverywhere(Index),
    EndOthers(Index, bool),
    EndListed(Index, Index),
    Expire,
    Wait(i64),
}

fn call() -> impl Strategy<Value = Call> {
    let index = any::<Index>;
    prop_oneof![
        4 => index().prop_map(Call::Login),
        3 => index().prop_map(Call::Use),
        5 => index().prop_map(Call::Rotate),
        2 => index().prop_map(Call::Logout),
        1 => index().prop_map(Call::LogoutAll),
        1 => index().prop_map(Call::LogoutEverywhere),
        2 => (index(), any::<bool>()).prop_map(|(index, right)| Call::EndOthers(index, right)),
        2 => (index(), index()).prop_map(|(index, other)| Call::EndListed(index, other)),
        1 => Just(Call::Expire),
        2 => (1_i64..400).prop_map(Call::Wait),
    ]
}

async fn run_history(world: &World, calls: &[Call]) {
    world.auth.prune(1000).await.unwrap();
    let alice = world.auth.find_user("alice").await.unwrap().unwrap().id;
    // End the sign-ins of the previous history.
    world.auth.expire(&alice).await.unwrap();
    let mut history = History::new(world, alice);
    for call in calls {
        Box::pin(history.make(call)).await;
    }
    history.finish().await;
}

on_both_databases! {
    async fn no_sign_in_begins_without_a_password_and_none_outlives_its_end(driver: Driver) {
        let world = unthrottled(driver).await;
        let runtime = Handle::current();
        // `HISTORIES=1000 make unit` runs more histories.
        let cases = std::env::var("HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
        task::spawn_blocking(move || {
            let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
            TestRunner::new(config)
                .run(&prop::collection::vec(call(), 1..24), |calls| {
                    runtime.block_on(Box::pin(run_history(&world, &calls)));
                    Ok(())
                })
                .unwrap();
        })
        .await
        .unwrap();
    }
}
