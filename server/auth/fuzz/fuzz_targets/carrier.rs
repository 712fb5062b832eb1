//! Header parsers: no input panics, and every accepted value has its documented form.
#![no_main]

use auth::{
    AuthError, Refusal, cookie_value,
    testing::{Client, bearer_token, request},
};
use http::{HeaderValue, header};
use libfuzzer_sys::fuzz_target;

const MAX_BYTES: usize = 4096;

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
        Ok(None) | Err(AuthError::Refused(Refusal::Malformed)) => {}
        Err(error) => panic!("{error:?}"),
    }
    match cookie_value(&parts.headers, "a") {
        Ok(Some(value)) => assert!((1..=MAX_BYTES).contains(&value.len()) && !value.contains(';')),
        Ok(None) | Err(AuthError::Refused(Refusal::Malformed)) => {}
        Err(error) => panic!("{error:?}"),
    }
    let agent = Client::of(&parts).user_agent;
    assert!(agent.chars().count() <= 200 && !agent.contains(char::is_control));
});
