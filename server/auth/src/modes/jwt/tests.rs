//! What a refresh token is good for: once, twice, too late, and in whose hands.

use http::request::Parts;

use super::{INFO, simplejwt};
use crate::{
    AuthError, BodyCredential, ClientAddress, Delivery, ExpectedToken, Issued, NewKey, Refusal, Replay, Revocation,
    Seconds, SecretString, SigningAlgorithm, on_both_databases,
    testing::{Driver, PASSWORD, START, World, present, request, with_key},
};

const KEY: &str = "0123456789abcdef";
const OTHER_KEY: &str = "fedcba9876543210";
const SLIDING: (&str, &str) = ("AUTH_TOKEN_CLASSES", "AccessToken,SlidingToken");

async fn log_in(world: &World) -> Issued {
    world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap()
}

async fn world(driver: Driver) -> World {
    world_with(driver, &[]).await
}

async fn world_with(driver: Driver, settings: &[(&str, &str)]) -> World {
    let world = World::with_settings(driver, settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

fn refresh_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Pair { refresh: Some(refresh), .. } => refresh.expose().to_owned(),
        other => panic!("no refresh token in {other:?}"),
    }
}

fn access_only(issued: &Issued) -> Parts {
    let mut req = present(issued);
    req.extensions.clear();
    req
}

/// The same request from an address, by a program.
fn from(req: &Parts, address: &str, agent: &str) -> Parts {
    let mut req = req.clone();
    req.extensions.insert(ClientAddress(address.parse().unwrap()));
    req.headers.insert("user-agent", agent.parse().unwrap());
    req
}

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

fn refusal<T: std::fmt::Debug>(outcome: Result<T, AuthError>) -> Refusal {
    match outcome {
        Err(AuthError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

type Change<'c> = &'c dyn Fn(&Parts) -> Parts;

const PARENT: Refusal = Refusal::Replayed(Replay::Parent);

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
        // IPv6 addresses of one /64 are one customer's.
        let retried = world.auth.rotate(INFO.id.0, &from(&first, "2001:db8::2", "curl")).await.unwrap();
        assert_eq!(refresh_text(&retried), refresh_text(&second));
    }

    async fn who_shows_a_used_token_without_the_key_of_its_use_is_a_thief(driver: Driver) {
        let world = world(driver).await;
        let here = |req: &Parts| from(req, "203.0.113.7", "curl");
        let pairs: [(Change, Change); 6] = [
            (&|req| with_key(&here(req), KEY), &|req| with_key(&here(req), OTHER_KEY)),
            // Where the use had a key, only the key counts.
            (&|req| with_key(&here(req), KEY), &here),
            (&here, &|req| from(req, "203.0.113.8", "curl")),
            (&here, &|req| from(req, "203.0.113.7", "wget")),
            // Nothing is known of either, and nothing matches nothing.
            (&Parts::clone, &Parts::clone),
            // Too short to be a key.
            (&|req| with_key(req, "short"), &|req| with_key(req, "short")),
        ];
        for (number, (use_it, show_again)) in pairs.into_iter().enumerate() {
            let first = present(&log_in(&world).await);
            let second = world.auth.rotate(INFO.id.0, &use_it(&first)).await.unwrap();
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &show_again(&first)).await), PARENT, "{number}");
            let outcome = world.auth.rotate(INFO.id.0, &present(&second)).await;
            assert_eq!(refusal(outcome), Refusal::Revoked, "{number}: the sign-in lives");
        }
    }

    async fn a_replay_after_the_grace_ends_the_sign_in_whoever_shows_it(driver: Driver) {
        let world = world(driver).await;
        let stolen = with_key(&present(&log_in(&world).await), KEY);
        let second = world.auth.rotate(INFO.id.0, &stolen).await.unwrap();
        world.clock.advance(Seconds(11));
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &stolen).await), PARENT);
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Revoked);
    }

    async fn to_ask_about_a_used_token_is_as_dangerous_as_to_use_it(driver: Driver) {
        let world = world(driver).await;
        for ask in ["verify", "introspect"] {
            let first = log_in(&world).await;
            let second = world.auth.rotate(INFO.id.0, &present(&first)).await.unwrap();
            let about = async |token: &str| match ask {
                "verify" => simplejwt::verify(&world.auth, token, &request(&[])).await.is_ok(),
                _ => world.auth.introspect(token, ExpectedToken::Refresh, &request(&[])).await.unwrap().is_some(),
            };
            // Within the grace it counts as unused, so that the answer tells nobody whether it was used.
            assert!(about(&refresh_text(&first)).await, "{ask}");
            assert!(about(&refresh_text(&second)).await, "{ask}: the sign-in has ended");
            world.clock.advance(Seconds(11));
            assert!(!about(&refresh_text(&first)).await, "{ask}");
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Revoked, "{ask}");
        }
    }

    async fn a_refresh_token_is_active_only_for_a_service_that_says_what_it_expects(driver: Driver) {
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
        assert_eq!(trial.to_rotate, Err(PARENT));
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
        assert!(world.auth.rotate(INFO.id.0, &present(&issued)).await.is_ok(), "something has changed");
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

    async fn logging_out_by_the_access_token_alone_ends_the_sign_in_also_when_it_has_expired(driver: Driver) {
        let world = world(driver).await;
        for wait in [0, 300] {
            let issued = log_in(&world).await;
            world.clock.advance(Seconds(wait));
            world.auth.logout(INFO.id.0, &access_only(&issued)).await.unwrap();
            assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&issued)).await), Refusal::Revoked, "{wait}");
        }
    }

    async fn an_act_by_the_access_token_leaves_the_refresh_cookie_of_another_user_alone(driver: Driver) {
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

    async fn a_refused_access_token_is_told_to_its_own_user_and_not_to_that_of_the_refresh_cookie(driver: Driver) {
        let world = world(driver).await;
        let (alice, bob) = (world.auth.find_user("alice").await.unwrap().unwrap().id, world.sign_up("bob").await.unwrap());
        let browser = request(&[("sec-fetch-site", "same-origin")]);
        let bobs = present(&world.auth.login(INFO.id.0, "bob", PASSWORD, &browser).await.unwrap());
        let mut req = access_only(&log_in(&world).await);
        req.headers.insert("cookie", bobs.headers["cookie"].clone());
        world.auth.expire(&alice).await.unwrap();
        assert_eq!(refusal(world.auth.identify(INFO.id.0, &req).await), Refusal::Revoked);
        let latest = async |user| world.auth.audit_log_of(user, None, 1).await.unwrap().remove(0).action;
        assert_eq!((latest(&alice).await.as_str(), latest(&bob).await.as_str()), ("present", "login"));
    }

    async fn a_used_refresh_token_still_ends_its_sign_in_on_logout(driver: Driver) {
        let world = world(driver).await;
        let first = log_in(&world).await;
        let second = world.auth.rotate(INFO.id.0, &present(&first)).await.unwrap();
        world.auth.logout(INFO.id.0, &present(&first)).await.unwrap();
        assert_eq!(refusal(world.auth.rotate(INFO.id.0, &present(&second)).await), Refusal::Revoked);
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

    async fn sliding_tokens_are_refused_unless_they_are_configured(driver: Driver) {
        let world = world(driver).await;
        let form = simplejwt::TokenForm::Sliding;
        let obtained = simplejwt::obtain(&world.auth, form, "alice", PASSWORD, &request(&[])).await;
        assert!(matches!(obtained, Err(AuthError::UnknownMode)));
        assert!(matches!(renew_sliding(&world, "a.b.c").await, Err(AuthError::UnknownMode)));
    }

    async fn a_sliding_token_is_a_sign_in_that_is_listed_and_ends_with_all_that_it_was_renewed_to(driver: Driver) {
        let world = world_with(driver, &[SLIDING]).await;
        let alice = world.auth.find_user("alice").await.unwrap().unwrap().id;
        let first = obtain_sliding(&world).await;
        assert_eq!(world.auth.sign_ins_of(&alice, None).await.unwrap().len(), 1);
        let second = sliding_text(&renew_sliding(&world, &first).await.unwrap());
        assert!(simplejwt::authenticate(&world.auth, &second).await.is_ok());
        world.auth.revoke_token(&second, &request(&[])).await.unwrap();
        for token in [&first, &second] {
            assert_eq!(refusal(renew_sliding(&world, token).await), Refusal::Revoked);
            assert_eq!(refusal(simplejwt::authenticate(&world.auth, token).await), Refusal::Revoked);
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

    async fn the_leeway_is_part_of_what_a_logout_announces(driver: Driver) {
        let world = world_with(driver, &[("LEEWAY", "60")]).await;
        let ended = world.auth.logout(INFO.id.0, &present(&log_in(&world).await)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::AtExpiry(START.plus(Seconds(360))));
    }

    async fn under_the_check_sign_in_an_access_token_ends_with_its_sign_in(driver: Driver) {
        let world = world_with(driver, &[("ACCESS_CHECK", "sign-in")]).await;
        let issued = log_in(&world).await;
        let ended = world.auth.logout(INFO.id.0, &present(&issued)).await.unwrap();
        assert_eq!(ended.revocation, Revocation::Immediate);
        assert_eq!(refusal(world.auth.identify(INFO.id.0, &access_only(&issued)).await), Refusal::Revoked);
    }

    async fn a_key_is_accepted_for_as_long_as_what_it_has_signed_may_lie_unused(driver: Driver) {
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
