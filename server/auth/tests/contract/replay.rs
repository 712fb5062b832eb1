//! The demonstration of a replay: it has the effect of a real second use, on the caller's own sign-in only.

use auth::{
    AuthError, EndReason, ModeId, Refusal, ReuseOutcome, Seconds, on_both_databases,
    testing::{Driver, World, present},
};
use http::request::Parts;

/// Longer than the default grace.
const LATER: Seconds = Seconds(11);

async fn world(driver: Driver, settings: &[(&str, &str)]) -> World {
    let world = World::with_settings(driver, settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

fn remembered_modes(world: &World) -> Vec<ModeId> {
    world.auth.modes().filter(|mode| mode.remembers).map(|mode| mode.id).collect()
}

/// A replaced credential and its successor, after the grace.
async fn rotated(world: &World, mode: ModeId) -> (Parts, Parts) {
    let first = world.log_in(mode, "alice").await.unwrap();
    let second = present(&world.auth.rotate(mode.0, &first).await.unwrap());
    world.clock.advance(LATER);
    (first, second)
}

async fn has_ended_by_reuse(world: &World, mode: ModeId, req: &Parts) -> bool {
    match world.auth.rotate(mode.0, req).await {
        Ok(_) => false,
        Err(AuthError::Refused(refusal)) => {
            assert_eq!(refusal, Refusal::Ended(EndReason::Reused), "{mode}");
            true
        }
        Err(error) => panic!("{mode}: {error}"),
    }
}

on_both_databases! {
    async fn a_replay_has_the_effect_that_it_reports(driver: Driver) {
        for setting in ["refuse", "end"] {
            let world = world(driver, &[("REPLACED_CREDENTIAL", setting)]).await;
            for mode in remembered_modes(&world) {
                let (_, second) = rotated(&world, mode).await;
                let replayed = world.auth.replay_previous(mode.0, &second).await.unwrap();
                assert_eq!(replayed.generation, 1, "{mode}");
                let ReuseOutcome::Refused { ends_sign_in, .. } = replayed.outcome else { panic!("{mode}: {replayed:?}") };
                assert_eq!(has_ended_by_reuse(&world, mode, &second).await, ends_sign_in, "{mode}: {setting}");
                assert!(ends_sign_in || setting == "refuse", "{mode}");
            }
        }
    }

    async fn a_replay_is_answered_as_the_replaced_credential_itself(driver: Driver) {
        let world = world(driver, &[]).await;
        for mode in remembered_modes(&world) {
            let (first, _) = rotated(&world, mode).await;
            let Err(AuthError::Refused(real)) = world.auth.rotate(mode.0, &first).await else { panic!("{mode}") };
            let (_, second) = rotated(&world, mode).await;
            let replayed = world.auth.replay_previous(mode.0, &second).await.unwrap();
            let ReuseOutcome::Refused { refusal, .. } = replayed.outcome else { panic!("{mode}: {replayed:?}") };
            assert_eq!(refusal.as_str(), real.as_str(), "{mode}");
        }
    }

    async fn before_the_first_rotation_there_is_nothing_to_replay(driver: Driver) {
        let world = world(driver, &[]).await;
        for mode in world.modes() {
            let first = world.log_in(mode, "alice").await.unwrap();
            let replayed = world.auth.replay_previous(mode.0, &first).await;
            assert!(matches!(replayed, Err(AuthError::NothingReplaced)), "{mode}: {replayed:?}");
            assert!(world.auth.rotate(mode.0, &first).await.is_ok(), "{mode}: the sign-in has ended");
        }
    }

    async fn asking_for_a_replay_by_a_used_credential_is_a_use_of_it(driver: Driver) {
        let world = world(driver, &[("REPLACED_CREDENTIAL", "end")]).await;
        for mode in remembered_modes(&world) {
            let (first, second) = rotated(&world, mode).await;
            _ = world.auth.replay_previous(mode.0, &first).await;
            assert!(has_ended_by_reuse(&world, mode, &second).await, "{mode}");
        }
    }

    async fn asking_for_a_replay_by_a_used_credential_is_recorded_as_a_use_of_it(driver: Driver) {
        for setting in ["refuse", "end"] {
            let world = world(driver, &[("REPLACED_CREDENTIAL", setting)]).await;
            for mode in remembered_modes(&world) {
                let mut logs = Vec::new();
                for by_replay in [false, true] {
                    let (first, _) = rotated(&world, mode).await;
                    let before = world.auth.audit_log(None, 100).await.unwrap().len();
                    if by_replay {
                        _ = world.auth.replay_previous(mode.0, &first).await;
                    } else {
                        _ = world.auth.rotate(mode.0, &first).await;
                    }
                    let log = world.auth.audit_log(None, 100).await.unwrap();
                    let added = &log[..log.len() - before];
                    logs.push(added.iter().map(|event| (event.action.clone(), event.outcome.clone())).collect::<Vec<_>>());
                }
                assert!(!logs[0].is_empty(), "{mode}: {setting}");
                assert_eq!(logs[0], logs[1], "{mode}: {setting}");
            }
        }
    }

    async fn a_replay_ends_no_other_sign_in(driver: Driver) {
        let world = world(driver, &[("REPLACED_CREDENTIAL", "end")]).await;
        for mode in remembered_modes(&world) {
            let (_, other) = rotated(&world, mode).await;
            let (_, second) = rotated(&world, mode).await;
            world.auth.replay_previous(mode.0, &second).await.unwrap();
            assert!(world.auth.rotate(mode.0, &other).await.is_ok(), "{mode}");
        }
    }
}
