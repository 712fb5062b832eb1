//! The form of the token, its checksum, and its hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::request::Parts;

use crate::{
    error::{AuthError, Refusal},
    mode::{carrier::bearer_token, replaceable::Restored},
    random::random_bytes,
    secret::{SecretHash, SecretString},
};

/// The prefix lets secret scanners recognise a leaked token.
const PREFIX: &str = "lk_";
const RANDOM_BYTES: usize = 32;
/// `lk_`, 43 digits of base64url, 8 digits of the checksum.
const TOKEN_CHARS: usize = 3 + 43 + 8;

pub(super) fn new_token() -> Result<SecretString, AuthError> {
    let digits = URL_SAFE_NO_PAD.encode(random_bytes::<RANDOM_BYTES>()?.as_slice());
    Ok(SecretString::new(format!("{PREFIX}{digits}{}", checksum(&digits))))
}

/// Detects typing errors, and lets a scanner distinguish a token from a similar string. It does not protect against
/// forgery: the random bytes do.
fn checksum(digits: &str) -> String {
    format!("{:08x}", crc32fast::hash(digits.as_bytes()))
}

/// The hash of a token, if the text has the form of one.
pub(super) fn hash(token: &str) -> Option<SecretHash> {
    let rest = token.strip_prefix(PREFIX).filter(|_| token.len() == TOKEN_CHARS && token.is_ascii())?;
    let (digits, sum) = rest.split_at(rest.len() - 8);
    let well_formed = checksum(digits) == sum && URL_SAFE_NO_PAD.decode(digits).is_ok();
    well_formed.then(|| SecretHash::of(token.as_bytes()))
}

/// The hash of the token in the request.
pub(super) fn presented_hash(req: &Parts) -> Result<Option<SecretHash>, Refusal> {
    if let Some(hash) = Restored::of(req) {
        return Ok(Some(hash));
    }
    let Some(token) = bearer_token(&req.headers)? else { return Ok(None) };
    Ok(Some(hash(token).ok_or(Refusal::Malformed)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(token: &str) -> Parts {
        http::Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_token_has_the_documented_form() {
        let token = new_token().unwrap();
        assert!(token.expose().starts_with("lk_"));
        assert_eq!(token.expose().len(), TOKEN_CHARS);
        assert!(presented_hash(&request(token.expose())).unwrap().is_some());
    }

    #[test]
    fn a_typing_error_is_refused_before_the_database_is_asked() {
        let token = new_token().unwrap().expose().to_owned();
        let last = if token.ends_with('0') { "1" } else { "0" };
        let wrong = format!("{}{last}", &token[..token.len() - 1]);
        assert!(presented_hash(&request(&wrong)) == Err(Refusal::Malformed));
    }

    #[test]
    fn another_format_is_refused() {
        for token in ["lk_", "eyJhbGciOiJIUzI1NiJ9.e30.x", &"a".repeat(TOKEN_CHARS)] {
            assert!(presented_hash(&request(token)).is_err(), "{token}");
        }
    }

    fn is_refused(text: &str) -> bool {
        presented_hash(&request(text)) == Err(Refusal::Malformed)
    }

    #[test]
    fn a_valid_checksum_over_a_malformed_token_is_refused() {
        // Another alphabet, bits beyond the 32 bytes, and text without randomness.
        for digits in ["+/".repeat(22)[..43].to_owned(), "_".repeat(43), ".".repeat(43), "A".repeat(42) + "B"] {
            let text = format!("{PREFIX}{digits}{}", checksum(&digits));
            assert_eq!(text.len(), TOKEN_CHARS);
            assert!(is_refused(&text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_refused_wherever_it_is(at in 0..TOKEN_CHARS, wrong in "[!-~]") {
            let token = new_token().unwrap().expose().to_owned();
            prop_assume!(token[at..=at] != wrong);
            let text = [&token[..at], &wrong, &token[at + 1..]].concat();
            prop_assert!(is_refused(&text), "{}", text);
        }

        #[test]
        fn a_token_of_another_length_is_refused(cut in 0..TOKEN_CHARS, more in "[!-~]{1,9}") {
            let token = new_token().unwrap().expose().to_owned();
            for text in [&token[..cut], &token[TOKEN_CHARS - cut..], &(token.clone() + &more), &(more + &token)] {
                prop_assert!(is_refused(text), "{}", text);
            }
        }

        #[test]
        fn any_other_text_is_refused(text in "(lk_)?[!-~]{1,60}") {
            prop_assert!(is_refused(&text));
        }
    }
}
