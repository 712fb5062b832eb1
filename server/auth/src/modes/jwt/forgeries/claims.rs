//! Forged claims: wrong types, duplicates, no object.

use super::*;
use crate::CLOCK_TOLERANCE;

/// JSON values of every type except an integer of 64 bits.
const NO_INSTANT: [&str; 14] = [
    "\"9999999999\"",
    "\"\"",
    "9999999999.0",
    "9e9",
    "1e400",
    "9223372036854775808",
    "18446744073709551615",
    "null",
    "true",
    "[9999999999]",
    "{}",
    "0x7fffffff",
    "NaN",
    "Infinity",
];

/// JSON values of every type except a string.
const NO_TEXT: [&str; 7] = ["1", "1.5", "null", "true", "[\"a\"]", "{\"$ne\":null}", "\"\\ud800\""];

forgeries! {
    an_exp_that_is_no_instant(it) is Malformed {
        it.each_text_and_none("exp", &NO_INSTANT)
    }

    an_exp_before_all_time(it) is Expired {
        it.each("exp", [json!(0), json!(-1), json!(i64::MIN), json!(START.0)])
    }

    an_iat_that_is_no_instant(it) is Malformed {
        it.each_text_and_none("iat", &NO_INSTANT)
    }

    an_iat_in_the_future(it) is NotYetValid {
        it.each("iat", [json!(START.plus(CLOCK_TOLERANCE).0 + 1), json!(i64::MAX)])
    }

    an_nbf_in_the_future(it) is NotYetValid {
        it.each("nbf", [json!(START.plus(CLOCK_TOLERANCE).0 + 1), json!(i64::MAX)])
    }

    an_nbf_that_is_no_instant(it) is Malformed {
        it.each("nbf", [json!("0"), json!(0.5), json!(true), json!([0])])
    }

    /// A refresh token has no such claim, and a forged one is not used.
    an_absolute_end_that_is_no_instant(it) is Malformed {
        let is_access = it.claims.get("absolute_exp").is_some();
        if is_access { it.each_text_and_none("absolute_exp", &NO_INSTANT) } else { Vec::new() }
    }

    a_user_id_that_is_no_text(it) is Malformed {
        it.each_text_and_none("user_id", &NO_TEXT)
    }

    a_subject_that_is_no_text(it) is Malformed {
        it.each_text_and_none("sub", &NO_TEXT)
    }

    a_jti_or_sign_in_that_is_no_text(it) is Malformed {
        it.each_text_and_none("jti", &NO_TEXT).into_iter().chain(it.each_text_and_none("sid", &NO_TEXT))
    }

    a_role_that_does_not_exist(it) is Malformed {
        it.each("role", [json!("root"), json!("Admin"), json!(""), json!(0), json!(true), json!(["admin"]), json!({})])
    }

    a_token_type_that_does_not_exist(it) is Malformed {
        it.each_text_and_none("token_type", &NO_TEXT).into_iter().chain(it.each(
            "token_type",
            [json!("Access"), json!("access "), json!(["access", "refresh"]), json!("")],
        ))
    }

    a_token_type_exchanged(it) is WrongType {
        ["access", "refresh", "sliding"].into_iter().filter(|other| it.claims["token_type"] != **other).flat_map(|other| {
            let claims = it.claims_with("token_type", other);
            [it.with_claims(&claims), it.signed(&it.header_with("typ", "JWT"), &claims)]
        })
    }

    /// Genuine tokens of the wrong type.
    an_access_token_as_refresh_token_and_the_reverse(it) is WrongType {
        [it.other.clone()]
    }

    a_token_of_another_issuer_or_for_another_audience(it) is Malformed {
        let audiences = [json!("another"), json!(["another", "a third"]), json!([]), json!(1), json!({}), json!([1])];
        let issuers = [json!("https://evil.example"), json!(""), json!(1), json!(["https://evil.example"])];
        it.each("aud", audiences).into_iter().chain(it.each("iss", issuers))
    }

    /// Parsers disagree about a duplicate: some use the first value, some the last.
    a_claim_that_is_made_twice(it) is Malformed {
        ["\"exp\":9999999999", "\"sub\":\"bob\"", "\"user_id\":\"bob\"", "\"role\":\"admin\"", "\"jti\":\"a\""]
            .into_iter()
            .flat_map(|member| {
                // A refresh token has no `role`, so the duplicate has to be added twice.
                let claims = it.claims_with("role", "user");
                let (inside, before) = (claims.trim_end_matches('}'), claims.trim_start_matches('{'));
                [format!("{inside},{member}}}"), format!("{{{member},{before}")].map(|claims| it.with_claims(&claims))
            })
    }

    claims_that_were_changed_after_signing(it) is Malformed {
        let changes =
            [("exp", json!(9_999_999_999_i64)), ("role", json!("admin")), ("sub", json!("bob")), ("sid", json!("a"))];
        changes.map(|(name, value)| {
            let [header, _, signature] = parts(&it.text);
            format!("{header}.{}.{signature}", encode(it.claims_with(name, value)))
        })
    }

    /// serde also deserialises a struct from an array.
    claims_or_a_header_that_are_no_object(it) is Malformed {
        let names = [
            "token_type", "exp", "iat", "nbf", "iss", "aud", "jti", "sub", "user_id", "sid", "generation", "absolute_exp",
            "epoch", "username", "role", "refresh_exp",
        ];
        let in_order: Value = names.iter().map(|name| it.claims.get(name).cloned().unwrap_or_default()).collect();
        let header_in_order = json!([it.header["typ"], it.header["alg"], null, null, null, it.header["kid"]]);
        let others = ["", "null", "[]", "{}", "\"\"", "1", "true", "{", "[{}]"];
        others.into_iter().flat_map(|json| [it.with_header(json), it.with_claims(json)]).chain([
            it.with_claims(&in_order.to_string()),
            it.with_header(&header_in_order.to_string()),
            it.with_claims(&json!([it.claims]).to_string()),
        ])
    }

    what_is_not_quite_json(it) is Malformed {
        let claims = it.claims.to_string();
        let bytes: [&[u8]; 2] = [b"{\"sub\":\"\xff\"}", b"\xc0\x80"];
        [
            format!("\u{feff}{claims}"),
            format!("{claims} x"),
            format!("{claims}{claims}"),
            format!("{claims}\0"),
            claims.replace('"', "'"),
            claims.replacen('{', "{,", 1),
            claims.replacen('{', "{/**/", 1),
            "[".repeat(2500),
            "{\"a\":".repeat(450),
        ]
        .map(|claims| it.with_claims(&claims))
        .into_iter()
        .chain(bytes.map(|claims| it.sign(&format!("{}.{}", encode(it.header.to_string()), encode(claims)))))
    }
}
