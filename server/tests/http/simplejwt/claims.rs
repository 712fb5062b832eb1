//! mode: jwt
//! The claims of a token. Other services read them by name, so a change of a name must fail a test.

use auth::{NewKey, SigningAlgorithm, on_both_databases, testing::START};
use serde_json::{Value, json};

use super::{pair, site, site_with, sliding, sliding_site};

/// Header and claims, without verifying the signature.
pub(super) fn read(token: &str) -> (Value, Value) {
    let read = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap();
    (serde_json::to_value(read.header).unwrap(), read.claims)
}

/// The claims, without those that differ in each token. For those, this checks only the format.
fn fixed(token: &str) -> Value {
    let mut claims = read(token).1;
    let mut take = |name| claims.as_object_mut().unwrap().remove(name).and_then(|id| id.as_str().map(str::to_owned));
    let jti = take("jti").unwrap();
    assert!(jti.len() == 32 && jti.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')), "{jti}");
    let (user_id, sub, sid) = (take("user_id").unwrap(), take("sub").unwrap(), take("sid").unwrap());
    assert_eq!((user_id.len(), &sub), (36, &user_id));
    assert!(sid.len() == 36 || sid == jti, "{sid}");
    claims
}

on_both_databases! {
    async fn an_access_token_says_who_in_which_sign_in_and_until_when(driver: Driver) {
        let (access, _) = pair(&site(driver).await, "alice").await;
        assert_eq!(read(&access).0, json!({"typ": "at+jwt", "alg": "HS256", "kid": "1"}));
        assert_eq!(fixed(&access), json!({
            "token_type": "access",
            "iat": START.0,
            "exp": START.0 + 300,
            "absolute_exp": START.0 + 30 * 86_400,
            "generation": 1,
            "epoch": 0,
            "username": "alice",
            "role": "user",
        }));
    }

    async fn a_refresh_token_says_no_more_than_its_renewal_needs(driver: Driver) {
        let (_, refresh) = pair(&site(driver).await, "alice").await;
        assert_eq!(read(&refresh).0, json!({"typ": "rt+jwt", "alg": "HS256", "kid": "1"}));
        assert_eq!(fixed(&refresh), json!({
            "token_type": "refresh",
            "iat": START.0,
            "exp": START.0 + 14 * 86_400,
            "generation": 1,
        }));
    }

    async fn a_sliding_token_says_until_when_it_can_be_renewed(driver: Driver) {
        let token = sliding(&sliding_site(driver).await).await;
        assert_eq!(read(&token).0, json!({"typ": "at+jwt", "alg": "HS256", "kid": "1"}));
        assert_eq!(fixed(&token), json!({
            "token_type": "sliding",
            "iat": START.0,
            "exp": START.0 + 300,
            "refresh_exp": START.0 + 86_400,
            "absolute_exp": START.0 + 86_400,
            "generation": 1,
            "epoch": 0,
            "username": "alice",
            "role": "user",
        }));
    }

    async fn both_tokens_of_a_pair_belong_to_one_sign_in_and_have_names_of_their_own(driver: Driver) {
        let (access, refresh) = pair(&site(driver).await, "alice").await;
        let (access, refresh) = (read(&access).1, read(&refresh).1);
        assert_eq!(access["sid"], refresh["sid"]);
        assert_ne!(access["jti"], refresh["jti"]);
    }

    async fn issuer_and_audience_are_there_where_they_are_configured(driver: Driver) {
        let site = site_with(driver, &[("ISSUER", "https://login.example"), ("AUDIENCE", "shop")]).await;
        let (access, refresh) = pair(&site, "alice").await;
        for token in [access, refresh] {
            let claims = read(&token).1;
            assert_eq!((&claims["iss"], &claims["aud"]), (&json!("https://login.example"), &json!("shop")));
        }
    }

    async fn the_header_names_the_key_and_its_one_algorithm(driver: Driver) {
        let site = site(driver).await;
        for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Es256, SigningAlgorithm::Hs512] {
            let new = NewKey { kid: None, algorithm, active_from: site.world.auth.now() };
            let key = site.world.auth.rotate_keys(new).await.unwrap();
            let header = read(&pair(&site, "alice").await.0).0;
            assert_eq!(header, json!({"typ": "at+jwt", "alg": algorithm.as_str(), "kid": key.kid}));
            site.world.clock.advance(auth::Seconds(1));
        }
    }
}
