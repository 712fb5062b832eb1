//! The reason of an end: every genuine credential of the ended sign-in learns it, and no other one does.

use auth::{
    AuthError, EndReason, ModeId, Refusal, Seconds, on_both_databases,
    testing::{Driver, PASSWORD, World, present, request},
};
use http::request::Parts;

const NEW_PASSWORD: &str = "marble lantern quietly";

async fn world(driver: Driver) -> World {
    let unlimited = [("THROTTLE_USER", "off"), ("THROTTLE_ACCOUNT", "off"), ("THROTTLE_ACCOUNT_TOTAL", "off")];
    let settings = [&unlimited[..], &[("REPLACED_CREDENTIAL", "end")]].concat();
    let world = World::with_settings(driver, &settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

fn remembered_modes(world: &World) -> Vec<ModeId> {
    world.auth.modes().filter(|mode| mode.remembers).map(|mode| mode.id).collect()
}

/// The refusal of a credential. A rotation reads the row of the sign-in whatever the access check.
async fn refusal(world: &World, mode: ModeId, req: &Parts) -> Refusal {
    match world.auth.rotate(mode.0, req).await {
        Err(AuthError::Refused(refusal)) => refusal,
        other => panic!("{mode}: {other:?}"),
    }
}

async fn assert_reason(world: &World, mode: ModeId, req: &Parts, reason: EndReason) {
    assert_eq!(refusal(world, mode, req).await, Refusal::Ended(reason), "{mode}");
}

/// The ways to end all sign-ins of the account, by a caller in another sign-in or by an operator.
async fn end_everything(world: &World, mode: ModeId, reason: EndReason) {
    let auth = &world.auth;
    let alice = auth.find_user("alice").await.unwrap().unwrap().id;
    let caller = async || world.log_in(mode, "alice").await.unwrap();
    match reason {
        EndReason::LogoutEverywhere => drop(auth.logout_everywhere(mode.0, &caller().await).await.unwrap()),
        EndReason::EndedWithOthers => drop(auth.end_others(mode.0, PASSWORD, &caller().await).await.unwrap()),
        EndReason::PasswordChanged => {
            auth.change_password(mode.0, PASSWORD, NEW_PASSWORD, &caller().await).await.unwrap();
        }
        EndReason::PasswordSet => auth.set_password(&alice, PASSWORD).await.unwrap(),
        EndReason::EndedByAdministrator => drop(auth.expire(&alice).await.unwrap()),
        EndReason::AccountDisabled => {
            auth.disable(&alice).await.unwrap();
            auth.enable(&alice).await.unwrap();
        }
        other => panic!("{other:?} ends one sign-in or one mode"),
    }
}

on_both_databases! {
    async fn a_sign_in_that_ended_alone_tells_why(driver: Driver) {
        let world = world(driver).await;
        let auth = &world.auth;
        for mode in remembered_modes(&world) {
            let req = world.log_in(mode, "alice").await.unwrap();
            auth.logout(mode.0, &req).await.unwrap();
            assert_reason(&world, mode, &req, EndReason::Logout).await;

            let req = world.log_in(mode, "alice").await.unwrap();
            auth.login(mode.0, "alice", PASSWORD, &req).await.unwrap();
            assert_reason(&world, mode, &req, EndReason::Replaced).await;

            let req = world.log_in(mode, "alice").await.unwrap();
            let id = auth.identify(mode.0, &req).await.unwrap().unwrap().sign_in.unwrap();
            auth.end_sign_in(mode.0, id.as_str(), None, &req).await.unwrap();
            assert_reason(&world, mode, &req, EndReason::EndedByUser).await;
        }
    }

    async fn the_victim_of_a_second_use_learns_of_it(driver: Driver) {
        let world = world(driver).await;
        for mode in remembered_modes(&world) {
            let stolen = world.log_in(mode, "alice").await.unwrap();
            let of_the_victim = present(&world.auth.rotate(mode.0, &stolen).await.unwrap());
            world.clock.advance(Seconds(11));
            refusal(&world, mode, &stolen).await;
            assert_reason(&world, mode, &of_the_victim, EndReason::Reused).await;
        }
    }

    async fn a_logout_of_the_mode_is_told_in_every_mode(driver: Driver) {
        let world = world(driver).await;
        for mode in world.modes() {
            let (caller, other) = (world.log_in(mode, "alice").await.unwrap(), world.log_in(mode, "alice").await.unwrap());
            world.auth.logout_all(mode.0, &caller).await.unwrap();
            assert_reason(&world, mode, &other, EndReason::LogoutAll).await;
        }
    }

    async fn the_reason_of_an_end_of_all_sign_ins_is_told_in_every_mode(driver: Driver) {
        let world = world(driver).await;
        for mode in world.modes() {
            for reason in [
                EndReason::LogoutEverywhere,
                EndReason::EndedWithOthers,
                EndReason::PasswordChanged,
                EndReason::PasswordSet,
                EndReason::EndedByAdministrator,
                EndReason::AccountDisabled,
            ] {
                let req = world.log_in(mode, "alice").await.unwrap();
                end_everything(&world, mode, reason).await;
                assert_reason(&world, mode, &req, reason).await;
                if reason == EndReason::PasswordChanged {
                    end_everything(&world, mode, EndReason::PasswordSet).await;
                }
            }
        }
    }

    async fn a_sign_in_beyond_the_limit_tells_so(driver: Driver) {
        let world = World::with_settings(driver, &[("SIGN_IN_LIMIT", "1")]).await.unwrap();
        world.sign_up("alice").await.unwrap();
        for mode in remembered_modes(&world) {
            let req = world.log_in(mode, "alice").await.unwrap();
            world.clock.advance(Seconds(1));
            world.log_in(mode, "alice").await.unwrap();
            assert_reason(&world, mode, &req, EndReason::Limit).await;
        }
    }

    async fn a_later_end_of_everything_does_not_change_the_reason(driver: Driver) {
        let world = world(driver).await;
        for mode in world.modes() {
            let req = world.log_in(mode, "alice").await.unwrap();
            end_everything(&world, mode, EndReason::EndedWithOthers).await;
            end_everything(&world, mode, EndReason::EndedByAdministrator).await;
            // Only the last reason is stored, and it is not the reason of this end.
            assert_eq!(refusal(&world, mode, &req).await, Refusal::Revoked, "{mode}");
        }
        for mode in remembered_modes(&world) {
            let req = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout(mode.0, &req).await.unwrap();
            end_everything(&world, mode, EndReason::EndedByAdministrator).await;
            assert_reason(&world, mode, &req, EndReason::Logout).await;
        }
    }

    async fn a_disabled_account_is_told_before_any_other_reason(driver: Driver) {
        let world = world(driver).await;
        let alice = world.auth.find_user("alice").await.unwrap().unwrap().id;
        let mut all = Vec::new();
        for mode in world.modes() {
            all.push((mode, world.log_in(mode, "alice").await.unwrap()));
        }
        world.auth.disable(&alice).await.unwrap();
        for (mode, req) in all {
            assert_eq!(refusal(&world, mode, &req).await, Refusal::UserInactive, "{mode}");
        }
    }

    async fn a_credential_that_was_never_issued_learns_no_reason(driver: Driver) {
        let world = world(driver).await;
        for mode in world.modes() {
            let mut forged = world.log_in(mode, "alice").await.unwrap();
            world.auth.logout_all(mode.0, &forged).await.unwrap();
            for name in ["cookie", "authorization"] {
                if let Some(value) = forged.headers.get(name) {
                    let damaged = format!("{}AAAA", value.to_str().unwrap());
                    forged.headers.insert(name, damaged.parse().unwrap());
                }
            }
            forged.extensions = request(&[]).extensions;
            assert_eq!(refusal(&world, mode, &forged).await.end_reason(), None, "{mode}");
        }
    }
}
