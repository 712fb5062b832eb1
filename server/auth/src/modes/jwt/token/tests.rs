//! Minting, and each check that refuses a token with a valid signature.

use jsonwebtoken::{Algorithm, EncodingKey};

use super::*;
use crate::{
    keys::{NewKey, OVERLAP},
    modes::jwt::claims::new_jti,
    sign_in::SignInId,
    testing::{Driver, START as NOW, World},
    users::{Role, UserId},
};

async fn world(settings: &[(&str, &str)]) -> World {
    World::with_settings(Driver::Sqlite, settings).await.unwrap()
}

fn tokens(world: &World) -> Tokens {
    Tokens::new(&world.auth.base, &world.auth.base.settings).unwrap()
}

fn claims(kind: Kind) -> Claims {
    let user: UserId = serde_json::from_value("0198c5f2-0000-7000-8000-000000000000".into()).unwrap();
    Claims {
        token_type: kind,
        exp: NOW.plus(Seconds(300)),
        iat: NOW,
        nbf: None,
        iss: None,
        aud: None,
        jti: new_jti().unwrap(),
        sub: user.clone(),
        user_id: user,
        sid: SignInId::parse("0198c5f2-0000-7000-8000-000000000001").unwrap(),
        generation: 1,
        absolute_exp: Some(NOW.plus(Seconds(1000))),
        epoch: Some(0),
        username: Some("alice".into()),
        role: Some(Role::User),
        refresh_exp: None,
    }
}

fn refusal(result: Result<Claims, AuthError>) -> Refusal {
    match result {
        Err(AuthError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_is_dead_at_the_instant_of_its_expiry() {
    let world = world(&[]).await;
    let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
    assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(299))).await.is_ok());
    let at_exp = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(300))).await;
    assert_eq!(refusal(at_exp), Refusal::Expired);
}

#[tokio::test]
async fn a_token_issued_further_in_the_future_than_the_clock_tolerance_is_refused() {
    let world = world(&[]).await;
    let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
    for (ahead, accepted) in [(CLOCK_TOLERANCE.0, true), (CLOCK_TOLERANCE.0 + 1, false)] {
        let verified = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(-ahead))).await;
        assert_eq!(verified.is_ok(), accepted, "{ahead}");
    }
}

#[tokio::test]
async fn the_leeway_extends_the_expiry_by_exactly_its_length() {
    let world = world(&[("LEEWAY", "60")]).await;
    let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
    for (offset, accepted) in [(-61, false), (-60, true), (359, true), (360, false)] {
        let verified = tokens(&world).verify(token.expose(), Kind::Access, NOW.plus(Seconds(offset))).await;
        assert_eq!(verified.is_ok(), accepted, "{offset}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    let world = world(&[]).await;
    let later = Claims { nbf: Some(NOW.plus(Seconds(CLOCK_TOLERANCE.0 + 1))), ..claims(Kind::Access) };
    let token = tokens(&world).mint(later, NOW).await.unwrap();
    assert_eq!(refusal(tokens(&world).verify(token.expose(), Kind::Access, NOW).await), Refusal::NotYetValid);
}

#[tokio::test]
async fn no_kind_of_token_passes_for_another() {
    let world = world(&[]).await;
    let kinds = [Kind::Access, Kind::Refresh, Kind::Sliding];
    for made in kinds {
        let token = tokens(&world).mint(claims(made), NOW).await.unwrap();
        for wanted in kinds.into_iter().filter(|wanted| *wanted != made) {
            let verified = tokens(&world).verify(token.expose(), wanted, NOW).await;
            assert_eq!(refusal(verified), Refusal::WrongType, "{made:?} as {wanted:?}");
        }
    }
}

#[tokio::test]
async fn issuer_and_audience_are_written_and_required() {
    let ours = world(&[("ISSUER", "https://a.example"), ("AUDIENCE", "shop")]).await;
    let token = tokens(&ours).mint(claims(Kind::Access), NOW).await.unwrap();
    assert!(tokens(&ours).verify(token.expose(), Kind::Access, NOW).await.is_ok());
    for settings in [
        &[("ISSUER", "https://b.example"), ("AUDIENCE", "shop")][..],
        &[("ISSUER", "https://a.example"), ("AUDIENCE", "bank")],
        &[("AUDIENCE", "shop")],
        &[("ISSUER", "https://a.example")],
        &[],
    ] {
        let theirs = world(settings).await;
        let verified = tokens(&theirs).verify(token.expose(), Kind::Access, NOW).await;
        assert_eq!(refusal(verified), Refusal::Malformed, "{settings:?}");
    }
}

#[tokio::test]
async fn a_token_without_issuer_or_audience_is_refused_where_they_are_required() {
    let token = tokens(&world(&[]).await).mint(claims(Kind::Access), NOW).await.unwrap();
    for settings in [&[("ISSUER", "https://a.example")][..], &[("AUDIENCE", "shop")]] {
        let demanding = world(settings).await;
        let verified = tokens(&demanding).verify(token.expose(), Kind::Access, NOW).await;
        assert_eq!(refusal(verified), Refusal::Malformed, "{settings:?}");
    }
}

#[tokio::test]
async fn every_algorithm_signs_and_verifies_and_only_public_keys_are_published() {
    for algorithm in SigningAlgorithm::ALL.into_iter().filter(|algorithm| *algorithm != SigningAlgorithm::Rs256) {
        let world = world(&[]).await;
        let new = NewKey { kid: None, algorithm, active_from: NOW };
        let key = world.auth.base.keys.rotate(new, OVERLAP, NOW).await.unwrap();
        let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
        let header = decode_header(token.expose()).unwrap();
        assert_eq!(header.kid.as_deref(), Some(key.kid.as_str()));
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str());
        assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW).await.is_ok(), "{algorithm:?}");
        let published = tokens(&world).jwks(NOW).await.unwrap();
        let symmetric = algorithm.as_str().starts_with("HS");
        assert_eq!(published.is_empty(), symmetric, "{algorithm:?}");
        for jwk in published {
            assert!(jwk.get("d").is_none() && jwk.get("k").is_none(), "{algorithm:?}: a private key");
        }
    }
}

#[tokio::test]
async fn a_token_of_a_retired_key_is_refused() {
    let world = world(&[]).await;
    let token = tokens(&world).mint(claims(Kind::Access), NOW).await.unwrap();
    let keys = &world.auth.base.keys;
    keys.rotate(NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: NOW }, OVERLAP, NOW)
        .await
        .unwrap();
    assert!(tokens(&world).verify(token.expose(), Kind::Access, NOW).await.is_ok());
    keys.retire("1", NOW).await.unwrap();
    assert_eq!(refusal(tokens(&world).verify(token.expose(), Kind::Access, NOW).await), Refusal::Malformed);
}

#[tokio::test]
async fn another_algorithm_with_the_right_key_is_refused() {
    let world = world(&[]).await;
    let key = tokens(&world).signing.current(NOW).await.unwrap();
    let header =
        Header { kid: Some(key.kid.as_str().into()), typ: Some("at+jwt".into()), ..Header::new(Algorithm::HS512) };
    let secret = world.auth.base.keys.ring(NOW).await.unwrap().derive::<32>("jwt HS256", &key.kid).unwrap();
    let token = encode(&header, &claims(Kind::Access), &EncodingKey::from_secret(secret.as_slice())).unwrap();
    assert_eq!(refusal(tokens(&world).verify(&token, Kind::Access, NOW).await), Refusal::Malformed);
}
