//! Header parsers: no input panics, and every accepted value has its documented form.
#![no_main]

use auth::{
    Refusal,
    testing::{Client, bearer_token, cookie_values, request},
};
use http::{HeaderValue, header};
use libfuzzer_sys::fuzz_target;

const MAX_BYTES: usize = 4096;
const MAX_COOKIES: usize = 4;

// One header per line. The first byte of the line selects the header.
fuzz_target!(|data: &[u8]| {
    let mut parts = request(&[]);
    for line in data.split(|byte| *byte == b'\n') {
        let Some((kind, value)) = line.split_first() else { continue };
        let name = [header::AUTHORIZATION, header::COOKIE, header::USER_AGENT][usize::from(*kind) % 3].clone();
        if let Ok(value) = HeaderValue::from_bytes(value) {
            parts.headers.append(name, value);
        }
    }

    match bearer_token(&parts.headers) {
        Ok(Some(token)) => {
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)));
            assert!((1..=MAX_BYTES).contains(&token.len()));
        }
        Ok(None) | Err(Refusal::Malformed) => {}
        Err(refusal) => panic!("{refusal:?}"),
    }
    match cookie_values(&parts.headers, "a") {
        Ok(values) => {
            assert!(values.len() <= MAX_COOKIES);
            assert!(values.iter().all(|value| (1..=MAX_BYTES).contains(&value.len()) && !value.contains(';')));
        }
        Err(Refusal::Malformed) => {}
        Err(refusal) => panic!("{refusal:?}"),
    }
    let agent = Client::of(&parts).user_agent;
    assert!(agent.chars().count() <= 200 && !agent.contains(char::is_control));
});
