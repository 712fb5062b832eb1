//! Ends that wait for a concurrent transaction.

use tokio::task::yield_now;

use super::*;
use crate::{
    db::{db_fetch_optional, transaction},
    on_both_databases,
    testing::{Driver, World},
    users::change::Change,
};

/// Returns when another transaction waits for this one. On SQLite, the next writer waits for the only connection.
async fn wait_for_another(db: &Db, tx: &mut Tx, driver: Driver) -> Result<(), AuthError> {
    if matches!(driver, Driver::Sqlite) {
        return Ok(());
    }
    let pid: Option<(i32,)> = tx_fetch_optional!(tx, "select pg_backend_pid()");
    let pid = pid.map(|(pid,)| pid);
    loop {
        let waits: Option<(i32,)> = db_fetch_optional!(
            db,
            "select pid from pg_stat_activity where $1 = any(pg_blocking_pids(pid)) limit 1",
            pid
        );
        if waits.is_some() {
            return Ok(());
        }
        yield_now().await;
    }
}

/// Runs an end of alice's sign-in, which begins while another transaction carries the sign-in along. Returns whether
/// the sign-in lives afterwards.
async fn lives_after(driver: Driver, end_of: impl AsyncFn(&mut Tx, &SignIn, ModeId) -> Result<(), AuthError>) -> bool {
    let world = World::new(driver).await.unwrap();
    let alice = world.sign_up("alice").await.unwrap();
    let (db, now) = (world.auth.db(), world.auth.now());
    let user = users::find_by_id(db, &alice).await.unwrap().unwrap();
    let Some(mode) = world.auth.modes().find(|mode| mode.remembers) else { return false };
    world.log_in(mode.id, "alice").await.unwrap();
    let sign_in = page(db, &user, None, now).await.unwrap().remove(0);

    let mut tx = db.begin().await.unwrap();
    let epoch = Change::EndOthers { epoch: user.epoch }.apply(&mut tx, &alice, now).await.unwrap().unwrap();
    carry_to_epoch(&mut tx, &sign_in.id, user.epoch, epoch, now).await.unwrap().unwrap();
    let ending = async {
        let ended: Result<(), AuthError> = async { transaction!(db, |tx| end_of(tx, &sign_in, mode.id).await) }.await;
        ended.unwrap();
    };
    let carrying = async {
        wait_for_another(db, &mut tx, driver).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(ending, carrying);

    let user = users::find_by_id(db, &alice).await.unwrap().unwrap();
    !page(db, &user, None, now).await.unwrap().is_empty()
}

on_both_databases! {
    async fn an_end_ends_a_sign_in_that_is_carried_along_meanwhile(driver: Driver) {
        let lives = lives_after(driver, async |tx: &mut Tx, sign_in: &SignIn, _mode: ModeId| {
            end(tx, &sign_in.id, EndReason::Logout, sign_in.created_at).await.map(|ended| assert!(ended))
        });
        assert!(!lives.await);
    }

    async fn the_end_of_a_mode_ends_a_sign_in_that_is_carried_along_meanwhile(driver: Driver) {
        let lives = lives_after(driver, async |tx: &mut Tx, sign_in: &SignIn, mode: ModeId| {
            end_all_of_mode(tx, &sign_in.user_id, mode, sign_in.created_at).await.map(|ended| assert_eq!(ended, 1))
        });
        assert!(!lives.await);
    }
}
