//! The access token, alone and beside a refresh token.

use super::{INFO, access_only, log_in, refusal, world, world_with};
use crate::{
    AuthError, BodyCredential, Delivery, EndReason, Refusal, Revocation, Seconds, on_both_databases,
    testing::{PASSWORD, START, present, request},
};

on_both_databases! {
    async fn an_operation_by_the_access_token_leaves_the_refresh_cookie_of_another_user_alone(driver: Driver) {
        let world = world(driver).await;
        world.sign_up("bob").await.unwrap();
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let bobs = present(&world.auth.login(INFO.id.0, "bob", PASSWORD, &browser).await.unwrap());
        for everywhere in [false, true] {
            let mut req = access_only(&log_in(&world).await);
            req.headers.insert("cookie", bobs.headers["cookie"].clone());
            let ended = if everywhere {
                world.auth.logout_everywhere(INFO.id.0, &req).await.unwrap()
            } else {
                world.auth.logout_all(INFO.id.0, &req).await.unwrap()
            };
            assert!(ended.set_cookies.is_empty(), "{ended:?}");
        }
        assert!(world.auth.rotate(INFO.id.0, &bobs).await.is_ok());
    }

    async fn a_refused_access_token_is_recorded_for_its_own_user_and_not_for_that_of_the_refresh_cookie(driver: Driver) {
        let world = world(driver).await;
        let (alice, bob) = (world.auth.find_user("alice").await.unwrap().unwrap().id, world.sign_up("bob").await.unwrap());
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let bobs = present(&world.auth.login(INFO.id.0, "bob", PASSWORD, &browser).await.unwrap());
        let mut req = access_only(&log_in(&world).await);
        req.headers.insert("cookie", bobs.headers["cookie"].clone());
        world.auth.expire(&alice).await.unwrap();
        assert_eq!(refusal(world.auth.identify(INFO.id.0, &req).await), Refusal::Ended(EndReason::EndedByAdministrator));
        let latest = async |user| world.auth.audit_log_of(user, None, 1).await.unwrap().remove(0).action;
        assert_eq!((latest(&alice).await.as_str(), latest(&bob).await.as_str()), ("present", "login"));
    }

    async fn an_access_token_never_becomes_a_refresh_token(driver: Driver) {
        let world = world(driver).await;
        let issued = log_in(&world).await;
        let Delivery::Pair { access, .. } = &issued.delivery else { panic!("no pair") };
        let mut req = request(&[]);
        req.extensions.insert(BodyCredential(access.clone()));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &req).await), Refusal::WrongType);
        for outcome in [
            world.auth.rotate(INFO.id.0, &access_only(&issued)).await.map(drop),
            world.auth.end_others(INFO.id.0, PASSWORD, &access_only(&issued)).await.map(drop),
            world.auth.change_password(INFO.id.0, PASSWORD, "marble lantern quietly", &access_only(&issued)).await.map(drop),
        ] {
            assert!(matches!(outcome, Err(AuthError::Missing)), "{outcome:?}");
        }
        assert!(world.auth.rotate(INFO.id.0, &present(&issued)).await.is_ok(), "the refresh token no longer works");
    }

    async fn logging_out_by_the_access_token_alone_ends_the_sign_in_also_when_it_has_expired(driver: Driver) {
        let world = world(driver).await;
        for wait in [0, 300] {
            let issued = log_in(&world).await;
            world.clock.advance(Seconds(wait));
            world.auth.logout(INFO.id.0, &access_only(&issued)).await.unwrap();
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&issued)).await), Refusal::Ended(EndReason::Logout), "{wait}");
        }
    }

    async fn the_revocation_of_a_logout_includes_the_leeway(driver: Driver) {
        let world = world_with(driver, &[("LEEWAY", "60")]).await;
        let ended = world.auth.logout(INFO.id.0, &present(&log_in(&world).await)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::AtExpiry(START.plus(Seconds(360))));
    }

    async fn under_the_check_sign_in_an_access_token_ends_with_its_sign_in(driver: Driver) {
        let world = world_with(driver, &[("ACCESS_CHECK", "sign-in")]).await;
        let issued = log_in(&world).await;
        let ended = world.auth.logout(INFO.id.0, &present(&issued)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::Immediate);
        assert_eq!(refusal(world.auth.identify(INFO.id.0, &access_only(&issued)).await), Refusal::Ended(EndReason::Logout));
    }
}
