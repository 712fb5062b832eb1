//! Sliding tokens: renewal until the absolute end.

use super::{refusal, world, world_with};
use crate::{
    AuthError, Delivery, EndReason, Issued, Refusal, Seconds,
    jwt::simplejwt,
    on_both_databases,
    testing::{PASSWORD, World, request},
};

const SLIDING: (&str, &str) = ("AUTH_TOKEN_CLASSES", "AccessToken,SlidingToken");

async fn obtain_sliding(world: &World) -> String {
    let form = simplejwt::TokenForm::Sliding;
    sliding_text(&simplejwt::obtain(&world.auth, form, "alice", PASSWORD, &request(&[])).await.unwrap())
}

async fn renew_sliding(world: &World, token: &str) -> Result<Issued, AuthError> {
    simplejwt::refresh(&world.auth, simplejwt::TokenForm::Sliding, token, &request(&[])).await
}

fn sliding_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Token { token, .. } => token.expose().to_owned(),
        other => panic!("no sliding token in {other:?}"),
    }
}

on_both_databases! {
    async fn sliding_tokens_are_refused_unless_they_are_configured(driver: Driver) {
        let world = world(driver).await;
        let form = simplejwt::TokenForm::Sliding;
        let obtained = simplejwt::obtain(&world.auth, form, "alice", PASSWORD, &request(&[])).await;
        assert!(matches!(obtained, Err(AuthError::UnknownMode)));
        assert!(matches!(renew_sliding(&world, "a.b.c").await, Err(AuthError::UnknownMode)));
    }

    async fn a_sliding_token_and_its_renewals_are_one_listed_sign_in_and_end_together(driver: Driver) {
        let world = world_with(driver, &[SLIDING]).await;
        let alice = world.auth.find_user("alice").await.unwrap().unwrap().id;
        let first = obtain_sliding(&world).await;
        assert_eq!(world.auth.sign_ins_of(&alice, None).await.unwrap().len(), 1);
        let second = sliding_text(&renew_sliding(&world, &first).await.unwrap());
        assert!(simplejwt::authenticate(&world.auth, &second).await.is_ok());
        world.auth.revoke_token(&second, &request(&[])).await.unwrap();
        for token in [&first, &second] {
            assert_eq!(refusal(renew_sliding(&world, token).await), Refusal::Ended(EndReason::Logout));
            assert_eq!(refusal(simplejwt::authenticate(&world.auth, token).await), Refusal::Ended(EndReason::Logout));
        }
        assert!(world.auth.sign_ins_of(&alice, None).await.unwrap().is_empty());
    }

    async fn a_sliding_token_is_renewed_until_its_absolute_end(driver: Driver) {
        let world = world_with(driver, &[SLIDING, ("SLIDING_TOKEN_REFRESH_LIFETIME", "600")]).await;
        let mut token = obtain_sliding(&world).await;
        for _ in 0..2 {
            world.clock.advance(Seconds(299));
            token = sliding_text(&renew_sliding(&world, &token).await.unwrap());
        }
        world.clock.advance(Seconds(2));
        assert_eq!(refusal(renew_sliding(&world, &token).await), Refusal::Expired);
    }
}
