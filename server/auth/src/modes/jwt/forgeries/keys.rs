//! Attacks on the choice of algorithm and key.

use super::*;
use crate::modes::jwt::published;

const ATTACKERS_KEY: &[u8] = b"a key that the attacker has chosen";

forgeries! {
    /// RFC 8725, 2.1: the header claims that there is no signature to check.
    a_token_that_calls_itself_unsigned(it) is Malformed {
        ["none", "None", "NONE", "nOnE", "none ", "", "null"].into_iter().flat_map(|alg| {
            let message = message(&it.header_with("alg", alg), &it.claims.to_string());
            [format!("{message}."), format!("{message}.{}", it.signature()), it.sign(&message)]
        })
    }

    an_algorithm_that_is_missing_or_no_text(it) is Malformed {
        [json!(null), json!(256), json!(true), json!(["HS256"]), json!("hs256")]
            .map(|alg| it.header_with("alg", alg))
            .into_iter()
            .chain([it.header_without("alg")])
            .map(|header| it.with_header(&header))
    }

    /// The genuine key with another algorithm of its family.
    another_hmac_with_the_right_key(it) is Malformed {
        [("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)].into_iter().flat_map(|(name, algorithm)| {
            let message = message(&it.header_with("alg", name), &it.claims.to_string());
            let longer = hmac(algorithm, &it.key(), &message);
            // The `alg` alone, the computation alone, and both.
            [
                it.sign(&message),
                format!("{}.{}", it.message(), hmac(algorithm, &it.key(), it.message())),
                format!("{message}.{longer}"),
            ]
        })
    }

    an_asymmetric_algorithm_over_the_hmac_key(it) is Malformed {
        ["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA"].map(|alg| it.with_header(&it.header_with("alg", alg)))
    }

    a_secret_that_can_be_guessed(it) is Malformed {
        [&b"secret"[..], b"changeme", b"0", &[0; 32], APP_SECRET, it.kid().as_bytes(), b"jwt HS256"]
            .map(|key| it.with_header_signed_by(key, &it.header.to_string()))
    }

    /// All keys derive from one application secret, and each serves one purpose.
    the_key_of_another_purpose(it) is Malformed {
        ["", "cookie seal", "jwt", "jwt HS512", "JWT HS256"]
            .map(|purpose| it.with_header_signed_by(&it.key_for(purpose), &it.header.to_string()))
    }

    /// A server that opens a key file by this name would verify with an empty key.
    a_kid_that_is_a_path(it) is Malformed {
        ["../../dev/null", "/dev/null", "file:///dev/null", "..\\..\\nul", "1/../../dev/null"].into_iter().flat_map(|kid| {
            let header = it.header_with("kid", kid);
            [&[][..], &[0], &it.key()].map(|key| it.with_header_signed_by(key, &header))
        })
    }

    a_kid_that_is_sql(it) is Malformed {
        ["' or 1=1 --", "1' union select 'a key that the attacker has chosen' --", "1; drop table users"]
            .into_iter()
            .flat_map(|kid| {
                let header = it.header_with("kid", kid);
                [ATTACKERS_KEY, &it.key()].map(|key| it.with_header_signed_by(key, &header))
            })
    }

    a_kid_that_only_resembles_ours(it) is Malformed {
        let ours = it.kid();
        [
            String::new(),
            format!("{ours} "),
            format!(" {ours}"),
            format!("0{ours}"),
            ours.to_uppercase(),
            ours[1..].to_owned(),
            format!("{ours}\0"),
            format!("{ours}\n"),
            format!("\u{ff11}{}", &ours[1..]),
            "a".repeat(10_000),
        ]
        .into_iter()
        .filter(move |kid| kid != ours)
        .map(|kid| it.with_header(&it.header_with("kid", kid)))
    }

    a_kid_that_is_missing_or_no_text(it) is Malformed {
        [json!(null), json!(1), json!(1.0), json!(true), json!([it.kid()]), json!({it.kid(): it.kid()})]
            .map(|kid| it.header_with("kid", kid))
            .into_iter()
            .chain([it.header_without("kid")])
            .map(|header| it.with_header(&header))
    }

    /// RFC 8725, 3.10: the attacker supplies the key.
    a_key_in_the_header(it) is Malformed {
        let key = encode(ATTACKERS_KEY);
        [
            json!({"kty": "oct", "k": key, "alg": "HS256", "kid": it.kid()}),
            json!({"kty": "oct", "k": key}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": encode([1; 32])}),
            json!({"kty": "unheard of"}),
            json!({}),
            json!("a text"),
        ]
        .map(|jwk| it.with_header_signed_by(ATTACKERS_KEY, &it.header_with("jwk", jwk)))
    }

    /// A server that fetches these URLs would send requests into its own network for the attacker (SSRF).
    an_address_of_a_key_in_the_header(it) is Malformed {
        ["jku", "x5u"].into_iter().flat_map(|name| {
            ["https://evil.example/jwks.json", "http://127.0.0.1:1/", "file:///dev/null", "data:,secret", ""]
                .map(|url| it.with_header_signed_by(ATTACKERS_KEY, &it.header_with(name, url)))
        })
    }

    a_certificate_in_the_header(it) is Malformed {
        let certificate = STANDARD.encode(ATTACKERS_KEY);
        [json!([certificate]), json!([]), json!(certificate), json!([1])]
            .map(|x5c| it.with_header_signed_by(ATTACKERS_KEY, &it.header_with("x5c", x5c)))
    }
}

/// RFC 8725, 2.1: the public key is known to every attacker. If it is accepted as an HMAC secret, every attacker can
/// sign.
#[tokio::test]
async fn the_public_key_is_not_accepted_as_an_hmac_secret() {
    for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
        let scene = Scene::signed_by(algorithm, Driver::Sqlite).await;
        let it = &scene.access;
        let published = published::jwks(&scene.world.auth).await.unwrap();
        let jwk = published.iter().find(|jwk| jwk["kid"] == it.kid()).unwrap();
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).unwrap();
        let (x, y) = (bytes("x"), bytes("y"));
        // In the encoding of SubjectPublicKeyInfo (RFC 8410, 4; RFC 5480, 2).
        let spki = match algorithm {
            SigningAlgorithm::EdDsa => hex::decode("302a300506032b6570032100").unwrap(),
            _ => hex::decode("3059301306072a8648ce3d020106082a8648ce3d03010703420004").unwrap(),
        };
        let der = [spki, x.clone(), y.clone()].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
        let text = |value: &Value| value.to_string().into_bytes();
        let secrets = [x.clone(), [x, y].concat(), der, pem.into_bytes(), text(jwk), text(&json!({"keys": published}))];
        let header = it.header_with("alg", "HS256");
        for forged in secrets.iter().map(|secret| it.with_header_signed_by(secret, &header)) {
            assert_eq!(scene.present_access(&forged).await, Some(Refusal::Malformed), "{algorithm:?}: {forged}");
        }
        // The symmetric predecessor of this key is still accepted, but not under the name of this key.
        let symmetric = it.ring.derive::<32>("jwt HS256", &Kid::new("1".to_owned())).unwrap();
        for header in [header, it.header.to_string()] {
            let forged = it.with_header_signed_by(symmetric.as_slice(), &header);
            assert_eq!(scene.present_access(&forged).await, Some(Refusal::Malformed), "{algorithm:?}: {forged}");
        }
        let genuine = with(&serde_json::from_str(&it.header_with("alg", "HS256")).unwrap(), "kid", json!("1"));
        let accepted = it.with_header_signed_by(symmetric.as_slice(), &genuine);
        assert_eq!(scene.present_access(&accepted).await, None, "the test signs with the wrong key");
    }
}
