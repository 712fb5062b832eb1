//! Atomicity: a client that disconnects during an operation leaves either its complete effect or none.

use std::{
    future::{Future, poll_fn},
    task::Poll,
};

use auth::{
    on_both_databases,
    testing::{PASSWORD, World},
};

use crate::is_signed_in;

const NEW_PASSWORD: &str = "copper lantern by the weir";
/// Polls of the operation before the client disconnects: from none to more than it needs.
const POLLS: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 8, 40, 400];

/// Drops the future after so many polls, like a server drops the handler of a closed connection.
async fn hang_up_after<T>(mut polls: usize, operation: impl Future<Output = T>) {
    let mut operation = Box::pin(operation);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(());
        }
        polls -= 1;
        operation.as_mut().poll(context).map(drop)
    })
    .await;
}

/// Among the operations, some must have happened and some not. Otherwise nothing was tested.
fn assert_both(happened: &[bool]) {
    assert!(happened.contains(&true) && happened.contains(&false), "{happened:?}");
}

async fn events(world: &World, action: &str) -> usize {
    let events = world.auth.audit_log(None, 1000).await.unwrap();
    events.iter().filter(|event| event.action == action && !event.outcome.contains(' ')).count()
}

on_both_databases! {
    async fn an_expiry_is_recorded_exactly_when_it_is_committed(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        let mut happened = Vec::new();
        for polls in POLLS {
            let user = world.auth.find_user("alice").await.unwrap().unwrap();
            let req = world.begin(mode, user).await.unwrap();
            let before = events(&world, "expire").await;
            hang_up_after(polls, world.auth.expire(&alice)).await;
            world.auth.finish().await;
            let has_happened = !is_signed_in(&world, mode, &req).await;
            assert_eq!(events(&world, "expire").await, before + usize::from(has_happened), "after {polls} polls");
            happened.push(has_happened);
        }
        assert_both(&happened);
    }

    async fn a_password_change_is_atomic_with_its_event_and_the_end_of_all_others(driver: Driver) {
        let world = World::with_settings(driver, &[("THROTTLE_ACCOUNT", "off")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let mode = world.modes()[0];
        let (mut current, mut next) = (PASSWORD, NEW_PASSWORD);
        let mut happened = Vec::new();
        for polls in POLLS {
            let user = world.auth.find_user("alice").await.unwrap().unwrap();
            let (mine, other) = (world.begin(mode, user.clone()).await.unwrap(), world.begin(mode, user).await.unwrap());
            let before = events(&world, "change-password").await;
            hang_up_after(polls, world.auth.change_password(mode.0, current, next, &mine)).await;
            world.auth.finish().await;
            let has_happened = !is_signed_in(&world, mode, &other).await;
            let recorded = events(&world, "change-password").await;
            assert_eq!(recorded, before + usize::from(has_happened), "after {polls} polls");
            if has_happened {
                std::mem::swap(&mut current, &mut next);
            }
            let login = world.auth.login(mode.0, "alice", current, &auth::testing::request(&[])).await;
            assert!(login.is_ok(), "after {polls} polls: {login:?}");
            happened.push(has_happened);
        }
        assert_both(&happened);
    }

    async fn a_disabled_account_is_recorded_as_disabled(driver: Driver) {
        let world = World::new(driver).await.unwrap();
        let alice = world.sign_up("alice").await.unwrap();
        let mut happened = Vec::new();
        for polls in POLLS {
            world.auth.enable(&alice).await.unwrap();
            let before = events(&world, "disable").await;
            hang_up_after(polls, world.auth.disable(&alice)).await;
            world.auth.finish().await;
            let is_closed = !world.auth.find_user("alice").await.unwrap().unwrap().is_active();
            assert_eq!(events(&world, "disable").await, before + usize::from(is_closed), "after {polls} polls");
            happened.push(is_closed);
        }
        assert_both(&happened);
    }
}
