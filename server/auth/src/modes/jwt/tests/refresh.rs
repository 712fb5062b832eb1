//! The refresh token: first use, second use, late use, and use by another client.

use http::request::Parts;

use super::{INFO, access_only, log_in, refresh_text, refusal, world, world_with};
use crate::{
    AuthError, BodyCredential, ClientAddress, Delivery, EndReason, ExpectedToken, NewKey, Refusal, Replay,
    ReuseOutcome, Seconds, SecretString, SigningAlgorithm,
    jwt::simplejwt,
    on_both_databases,
    testing::{Driver, PASSWORD, START, World, present, request, with_key},
};

const KEY: &str = "0123456789abcdef";
const OTHER_KEY: &str = "fedcba9876543210";

type Change<'c> = &'c dyn Fn(&Parts) -> Parts;

const PARENT: Refusal = Refusal::Replayed(Replay::Parent);

/// The same request from this address and program.
fn from(req: &Parts, address: &str, agent: &str) -> Parts {
    let mut req = req.clone();
    req.extensions.insert(ClientAddress(address.parse().unwrap()));
    req.headers.insert("user-agent", agent.parse().unwrap());
    req
}

on_both_databases! {
    async fn a_retry_by_the_same_key_within_the_grace_gets_the_same_successor(driver: Driver) {
        let world = world(driver).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        let second = world.auth.rotate(INFO.id.0, &first).await.unwrap();
        world.clock.advance(Seconds(10));
        let retried = world.auth.rotate(INFO.id.0, &first).await.unwrap();
        assert_eq!(refresh_text(&retried), refresh_text(&second));
    }

    async fn a_retry_from_the_same_address_by_the_same_program_gets_the_same_successor(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        let second = world.auth.rotate(INFO.id.0, &from(&first, "2001:db8::1", "curl")).await.unwrap();
        // IPv6 addresses of one /64 belong to one customer.
        let retried = world.auth.rotate(INFO.id.0, &from(&first, "2001:db8::2", "curl")).await.unwrap();
        assert_eq!(refresh_text(&retried), refresh_text(&second));
    }

    async fn a_used_token_without_the_key_of_its_use_is_a_replay(driver: Driver) {
        let world = world(driver).await;
        let here = |req: &Parts| from(req, "203.0.113.7", "curl");
        let pairs: [(Change, Change); 6] = [
            (&|req| with_key(&here(req), KEY), &|req| with_key(&here(req), OTHER_KEY)),
            // If the use had a key, only the key counts.
            (&|req| with_key(&here(req), KEY), &here),
            (&here, &|req| from(req, "203.0.113.8", "curl")),
            (&here, &|req| from(req, "203.0.113.7", "wget")),
            // Neither client is identified, and `None` never equals `None`.
            (&Parts::clone, &Parts::clone),
            // The key is too short to be valid.
            (&|req| with_key(req, "short"), &|req| with_key(req, "short")),
        ];
        for (number, (use_it, show_again)) in pairs.into_iter().enumerate() {
            let first = present(&log_in(&world).await);
            let second = world.auth.rotate(INFO.id.0, &use_it(&first)).await.unwrap();
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &show_again(&first)).await), PARENT, "{number}");
            let outcome = world.auth.rotate(INFO.id.0, &present(&second)).await;
            assert_eq!(refusal(outcome), Refusal::Ended(EndReason::Reused), "{number}: the sign-in lives");
        }
    }

    async fn a_replay_after_the_grace_ends_the_sign_in_whichever_client_presents_it(driver: Driver) {
        let world = world(driver).await;
        let stolen = with_key(&present(&log_in(&world).await), KEY);
        let second = world.auth.rotate(INFO.id.0, &stolen).await.unwrap();
        world.clock.advance(Seconds(11));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &stolen).await), PARENT);
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Ended(EndReason::Reused));
    }

    async fn introspecting_a_used_token_ends_its_sign_in_like_using_it(driver: Driver) {
        let world = world(driver).await;
        for ask in ["verify", "introspect"] {
            let first = log_in(&world).await;
            let second = world.auth.rotate(INFO.id.0, &present(&first)).await.unwrap();
            let about = async |token: &str| match ask {
                "verify" => simplejwt::verify(&world.auth, token, &request(&[])).await.is_ok(),
                _ => world.auth.introspect(token, ExpectedToken::Refresh, &request(&[])).await.unwrap().is_some(),
            };
            // Within the grace the token counts as unused, so that the result does not reveal a use.
            assert!(about(&refresh_text(&first)).await, "{ask}");
            assert!(about(&refresh_text(&second)).await, "{ask}: the sign-in has ended");
            world.clock.advance(Seconds(11));
            assert!(!about(&refresh_text(&first)).await, "{ask}");
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Ended(EndReason::Reused), "{ask}");
        }
    }

    async fn a_refresh_token_is_active_only_with_its_token_type_hint(driver: Driver) {
        let world = world(driver).await;
        let token = refresh_text(&log_in(&world).await);
        let ask = async |expected| world.auth.introspect(&token, expected, &request(&[])).await.unwrap().is_some();
        assert!(!ask(ExpectedToken::Access).await);
        assert!(ask(ExpectedToken::Refresh).await);
    }

    async fn a_grandparent_is_a_replay_even_within_the_grace(driver: Driver) {
        let world = world(driver).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        let second = present(&world.auth.rotate(INFO.id.0, &first).await.unwrap());
        world.auth.rotate(INFO.id.0, &second).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), Refusal::Replayed(Replay::Older));
    }

    async fn without_grace_every_second_use_is_a_replay(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_GRACE", "0")]).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        world.auth.rotate(INFO.id.0, &first).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), PARENT);
    }

    async fn a_trial_shows_a_replay_and_ends_nothing(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_GRACE", "0")]).await;
        let first = present(&log_in(&world).await);
        let trial = world.auth.rotate_and_try_again(INFO.id.0, &first).await.unwrap();
        assert_eq!(trial.to_rotate, ReuseOutcome::Refused { refusal: PARENT, ends_sign_in: true });
        assert!(world.auth.rotate(INFO.id.0, &present(&trial.issued)).await.is_ok());
    }

    async fn a_replay_leaves_the_other_sign_ins_of_the_user(driver: Driver) {
        let world = world(driver).await;
        let (stolen, other) = (present(&log_in(&world).await), present(&log_in(&world).await));
        world.auth.rotate(INFO.id.0, &stolen).await.unwrap();
        refusal(world.auth.rotate(INFO.id.0, &stolen).await);
        assert!(world.auth.rotate(INFO.id.0, &other).await.is_ok());
    }

    async fn an_unused_refresh_token_expires_with_its_sign_in(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        world.clock.advance(Seconds::days(14));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), Refusal::Expired);
    }

    async fn a_browser_gets_its_refresh_token_only_in_a_cookie(driver: Driver) {
        let world = world(driver).await;
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &browser).await.unwrap();
        assert!(matches!(issued.delivery, Delivery::Pair { refresh: None, .. }));
        let again = world.auth.rotate(INFO.id.0, &present(&issued)).await.unwrap();
        assert!(matches!(again.delivery, Delivery::Pair { refresh: None, .. }));
        assert_eq!(again.set_cookies.len(), 1);
    }

    async fn a_planted_cookie_beside_the_genuine_one_does_no_harm(driver: Driver) {
        let world = world(driver).await;
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let issued = world.auth.login(INFO.id.0, "alice", PASSWORD, &browser).await.unwrap();
        let mut req = present(&issued);
        for planted_first in [true, false] {
            let genuine = req.headers["cookie"].to_str().unwrap().to_owned();
            let planted = format!("{}=planted", INFO.cookie.unwrap());
            let cookies = if planted_first { format!("{planted}; {genuine}") } else { format!("{genuine}; {planted}") };
            req.headers.insert("cookie", cookies.parse().unwrap());
            req = present(&world.auth.rotate(INFO.id.0, &req).await.unwrap());
        }
    }

    async fn a_trial_reports_a_retry_with_the_configured_grace(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_GRACE", "7")]).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        let trial = world.auth.rotate_and_try_again(INFO.id.0, &first).await.unwrap();
        assert_eq!(trial.to_rotate, ReuseOutcome::Retry { grace: Seconds(7) });
    }

    async fn without_a_grace_a_trial_reports_a_theft(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_GRACE", "0")]).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        let trial = world.auth.rotate_and_try_again(INFO.id.0, &first).await.unwrap();
        assert_eq!(trial.to_rotate, ReuseOutcome::Refused { refusal: PARENT, ends_sign_in: true });
    }

    async fn a_replay_by_the_same_client_is_a_retry_until_the_grace_is_over(driver: Driver) {
        let world = world(driver).await;
        let first = with_key(&present(&log_in(&world).await), KEY);
        let second = with_key(&present(&world.auth.rotate(INFO.id.0, &first).await.unwrap()), KEY);
        world.clock.advance(Seconds(10));
        let within = world.auth.replay_previous(INFO.id.0, &second).await.unwrap();
        assert_eq!(within.outcome, ReuseOutcome::Retry { grace: Seconds(10) });
        world.clock.advance(Seconds(1));
        let after = world.auth.replay_previous(INFO.id.0, &second).await.unwrap();
        assert_eq!(after.outcome, ReuseOutcome::Refused { refusal: PARENT, ends_sign_in: true });
    }

    async fn a_replay_is_recorded_once_together_with_its_effect(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_GRACE", "0")]).await;
        let first = present(&log_in(&world).await);
        world.auth.rotate(INFO.id.0, &first).await.unwrap();
        let before = world.auth.audit_log(None, 100).await.unwrap().len();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &first).await), PARENT);
        let log = world.auth.audit_log(None, 100).await.unwrap();
        assert_eq!(log.len(), before + 1, "{log:?}");
        assert_eq!((log[0].action.as_str(), log[0].outcome.as_str()), ("rotate", AuthError::from(PARENT).to_string().as_str()));
    }

    async fn an_access_token_alone_replays_nothing(driver: Driver) {
        let world = world(driver).await;
        let first = present(&log_in(&world).await);
        let second = world.auth.rotate(INFO.id.0, &first).await.unwrap();
        let replayed = world.auth.replay_previous(INFO.id.0, &access_only(&second)).await;
        assert!(matches!(replayed, Err(AuthError::Missing)), "{replayed:?}");
        assert!(world.auth.rotate(INFO.id.0, &present(&second)).await.is_ok(), "the sign-in has ended");
    }

    async fn a_used_refresh_token_still_ends_its_sign_in_on_logout(driver: Driver) {
        let world = world(driver).await;
        let first = log_in(&world).await;
        let second = world.auth.rotate(INFO.id.0, &present(&first)).await.unwrap();
        world.auth.logout(INFO.id.0, &present(&first)).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Ended(EndReason::Logout));
    }

    async fn garbage_is_refused_before_the_database_is_asked(driver: Driver) {
        let world = world(driver).await;
        for text in ["", "a", "a.b.c", "....", "e30.e30.e30", "\u{0}"] {
            let mut req = request(&[]);
            req.extensions.insert(BodyCredential(SecretString::new(text.to_owned())));
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &req).await), Refusal::Malformed, "{text:?}");
        }
    }

    async fn a_refresh_token_fits_512_bytes(driver: Driver) {
        let world = world(driver).await;
        let token = refresh_text(&log_in(&world).await);
        assert!(token.len() <= 512, "{}", token.len());
    }

    async fn a_key_stays_accepted_as_long_as_its_unused_tokens(driver: Driver) {
        let world = world_with(driver, &[("REFRESH_TOKEN_LIFETIME", "2592000")]).await;
        let unused = present(&log_in(&world).await);
        let new = NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: START };
        world.auth.rotate_keys(new).await.unwrap();
        world.clock.advance(Seconds::days(29));
        assert!(world.auth.rotate(INFO.id.0, &unused).await.is_ok());
    }
}

#[tokio::test]
async fn a_refresh_lifetime_beyond_the_absolute_one_is_refused_and_both_are_named() {
    let refused = World::with_settings(Driver::Sqlite, &[("REFRESH_TOKEN_LIFETIME", "7776000")]).await;
    let message = refused.err().unwrap().to_string();
    assert!(message.contains("REFRESH_TOKEN_LIFETIME") && message.contains("JWT_ABSOLUTE_LIFETIME"), "{message}");
}
