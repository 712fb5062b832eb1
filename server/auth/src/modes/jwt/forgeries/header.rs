//! Forged header parameters, except algorithm and key.

use super::*;

forgeries! {
    /// RFC 7515, 4.1.11: a verifier must understand every critical extension. This server understands none.
    a_critical_extension(it) is Malformed {
        [json!(["b64"]), json!(["exp"]), json!(["https://evil.example/ext"]), json!([""]), json!([]), json!("b64"), json!(1)]
            .map(|crit| it.with_header(&it.header_with("crit", crit)))
    }

    /// RFC 7797: the payload is transmitted and signed without base64.
    a_payload_that_is_not_encoded(it) is Malformed {
        let mut critical = it.header.clone();
        critical["b64"] = false.into();
        let alone = critical.to_string();
        critical["crit"] = json!(["b64"]);
        [alone, critical.to_string()].map(|header| it.sign(&format!("{}.{}", encode(header), it.claims)))
    }

    /// RFC 8725, 3.11: `typ` states the purpose of the token, and these tokens have another one.
    a_typ_of_another_token(it) is WrongType {
        let other = if it.header["typ"] == "at+jwt" { "rt+jwt" } else { "at+jwt" };
        [other, "id+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "jwt ", ""]
            .map(|typ| it.header_with("typ", typ))
            .into_iter()
            .chain([it.header_without("typ")])
            .map(|header| it.with_header(&header))
    }

    a_typ_that_is_no_text(it) is Malformed {
        [json!(1), json!(["JWT"]), json!({}), json!(true)].map(|typ| it.with_header(&it.header_with("typ", typ)))
    }

    /// RFC 7519, 5.2: a genuine token, nested in another one.
    a_token_within_a_token(it) is Malformed {
        let header = it.header_with("cty", "JWT");
        [it.signed(&header, &it.text), it.signed(&header, &json!(it.text).to_string())]
    }

    /// Parsers disagree about a duplicate: some use the first value, some the last.
    a_header_with_a_duplicate_parameter(it) is Malformed {
        ["\"alg\":\"none\"", "\"alg\":\"HS512\"", "\"kid\":\"2\"", "\"typ\":\"JWT\""].into_iter().flat_map(|member| {
            let header = it.header.to_string();
            let (inside, before) = (header.trim_end_matches('}'), header.trim_start_matches('{'));
            [format!("{inside},{member}}}"), format!("{{{member},{before}")].map(|header| it.with_header(&header))
        })
    }
}
