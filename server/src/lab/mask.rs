//! Credentials as the page shows them: the first characters and a hash, so that equal values look equal.

use http::{HeaderMap, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Characters of a credential that are shown. Too few to guess the rest.
const SHOWN: usize = 6;
/// Characters of its hash.
const HASHED: usize = 8;
/// The members of a body that contain a secret.
const SECRETS: [&str; 6] = ["token", "access", "refresh", "password", "current", "new"];
/// The headers of a request that the page shows.
const REQUEST: [&str; 4] = ["cookie", "authorization", "sec-fetch-site", "idempotency-key"];
/// The headers of a response that the page shows.
const RESPONSE: [&str; 5] = ["set-cookie", "www-authenticate", "x-revocation", "x-rotation", "cache-control"];

/// `lk_3Fa…#9f86d081`
pub fn secret(value: &str) -> String {
    // Not by the function of `auth`, which the recorder would count as work of the request.
    let hash = hex::encode(Sha256::digest(value));
    format!("{}…#{}", value.chars().take(SHOWN).collect::<String>(), &hash[..HASHED])
}

/// A JSON body, with masked secrets.
pub fn body(body: &Value) -> String {
    let mut body = body.clone();
    for name in SECRETS {
        if let Some(value) = body.get_mut(name)
            && let Some(text) = value.as_str()
        {
            let masked = if matches!(name, "password" | "current" | "new") { "…".to_owned() } else { secret(text) };
            *value = Value::String(masked);
        }
    }
    serde_json::to_string_pretty(&body).unwrap_or_default()
}

/// The headers of a request that matter here.
pub fn request_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    shown(headers, &REQUEST)
}

/// The headers of a response that matter here.
pub fn response_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    shown(headers, &RESPONSE)
}

fn shown(headers: &HeaderMap, names: &[&str]) -> Vec<(String, String)> {
    let all = names.iter().flat_map(|name| headers.get_all(*name).iter().map(move |value| (*name, value)));
    let text = |(name, value): (&str, &http::HeaderValue)| {
        let value = value.to_str().ok()?;
        let masked = match name {
            _ if name == header::COOKIE => value.split("; ").map(cookie).collect::<Vec<_>>().join("; "),
            _ if name == header::SET_COOKIE => match value.split_once(';') {
                Some((pair, attributes)) => format!("{};{attributes}", cookie(pair)),
                None => cookie(value),
            },
            _ if name == header::AUTHORIZATION => match value.split_once(' ') {
                Some((scheme, token)) => format!("{scheme} {}", secret(token)),
                None => secret(value),
            },
            "idempotency-key" => secret(value),
            _ => value.to_owned(),
        };
        Some((name.to_owned(), masked))
    };
    all.filter_map(text).collect()
}

fn cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, "")) => format!("{name}="),
        Some((name, value)) => format!("{name}={}", secret(value)),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    const SECRET: &str = "lk_8QJ3mYv6o0yZ1kX5pW2sT7uR4nB9cD";

    #[test]
    fn no_header_shows_a_credential() {
        for (name, value) in [
            ("cookie", format!("a=b; __Host-session={SECRET}")),
            ("set-cookie", format!("__Host-session={SECRET}; HttpOnly; Path=/")),
            ("authorization", format!("Bearer {SECRET}")),
            ("authorization", SECRET.to_owned()),
            ("idempotency-key", SECRET.to_owned()),
        ] {
            let headers =
                HeaderMap::from_iter([(http::HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap())]);
            let shown = [request_headers(&headers), response_headers(&headers)].concat();
            assert_eq!(shown.len(), 1, "{name}");
            assert!(!shown[0].1.contains(SECRET), "{name}: {}", shown[0].1);
        }
    }

    #[test]
    fn no_body_shows_a_credential_or_a_password() {
        for name in SECRETS {
            let shown = body(&json!({ name: SECRET, "username": "alice" }));
            assert!(!shown.contains(SECRET) && shown.contains("alice"), "{shown}");
        }
    }

    #[test]
    fn equal_values_look_equal_and_different_ones_do_not() {
        assert_eq!(secret(SECRET), secret(SECRET));
        assert_ne!(secret("lk_8QJ3a"), secret("lk_8QJ3b"));
    }

    #[test]
    fn the_attributes_of_a_cookie_stay_readable() {
        let headers = HeaderMap::from_iter([(
            header::SET_COOKIE,
            HeaderValue::from_static("__Host-session=abcdefghijkl; HttpOnly; SameSite=Lax"),
        )]);
        assert!(response_headers(&headers)[0].1.ends_with("; HttpOnly; SameSite=Lax"));
    }
}
