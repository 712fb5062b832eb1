//! Django's password hashes. The first login of an account replaces its hash by an argon2id one.
//!
//! A known limit: until then, a login to such an account takes the time of its own hash, ten times ours or more. By
//! measuring, an attacker can distinguish the account from an unused name. For accounts that never log in again, only a
//! password reset removes this difference.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::argon2id::{Argon2idHash, HashProblem};

/// Django 5.2 uses 1 000 000 iterations, Django 6.0 uses 1 200 000. This maximum occupies a slot for half a second on a
/// processor with SHA instructions, and for one and a half without them.
const MAX_ITERATIONS: u32 = 2_000_000;
/// Bytes. Django's own salts have 22.
const MAX_SALT: usize = 128;

/// A Django hash that this crate can check at a bounded cost: PBKDF2 with SHA-256 or SHA-1, or argon2id.
pub struct DjangoHash {
    text: String,
    kind: Kind,
}

enum Kind {
    Argon2id(Argon2idHash),
    Pbkdf2 { algorithm: pbkdf2::Algorithm, iterations: NonZeroU32, salt: String, derived: Vec<u8> },
}

impl DjangoHash {
    /// Parses the `password` column of a Django user. `None`: the account has no usable password
    /// (`set_unusable_password`).
    ///
    /// # Errors
    /// [`HashProblem`]
    pub fn parse(text: &str) -> Result<Option<Self>, HashProblem> {
        let (scheme, rest) = text.split_once('$').unwrap_or((text, ""));
        let kind = match scheme {
            _ if text.starts_with('!') => return Ok(None),
            // The rest is a PHC string, including its leading `$`.
            "argon2" => Kind::Argon2id(Argon2idHash::parse(&text[scheme.len()..])?),
            "pbkdf2_sha256" => parse_pbkdf2(pbkdf2::PBKDF2_HMAC_SHA256, 32, rest)?,
            "pbkdf2_sha1" => parse_pbkdf2(pbkdf2::PBKDF2_HMAC_SHA1, 20, rest)?,
            _ => return Err(HashProblem::Unsupported),
        };
        Ok(Some(Self { text: text.to_owned(), kind }))
    }

    /// The hash as text, as Django stores it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Compares a password as typed: Django does not normalise passwords. The time does not depend on the outcome.
    pub(super) fn is_of(&self, typed: &str) -> bool {
        match &self.kind {
            Kind::Argon2id(hash) => hash.is_of(typed),
            Kind::Pbkdf2 { algorithm, iterations, salt, derived } => {
                pbkdf2::verify(*algorithm, *iterations, salt.as_bytes(), typed.as_bytes(), derived).is_ok()
            }
        }
    }
}

/// `ITERATIONS$SALT$BASE64`
fn parse_pbkdf2(algorithm: pbkdf2::Algorithm, length: usize, text: &str) -> Result<Kind, HashProblem> {
    let mut parts = text.split('$');
    let (Some(iterations), Some(salt), Some(derived), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(HashProblem::Malformed);
    };
    let derived = STANDARD.decode(derived).map_err(|_| HashProblem::Malformed)?;
    let iterations: NonZeroU32 = iterations.parse().map_err(|_| HashProblem::Malformed)?;
    // A truncated digest would accept further passwords.
    if derived.len() != length || salt.len() > MAX_SALT {
        return Err(HashProblem::Malformed);
    }
    if iterations.get() > MAX_ITERATIONS {
        return Err(HashProblem::TooExpensive);
    }
    Ok(Kind::Pbkdf2 { algorithm, iterations, salt: salt.to_owned(), derived })
}

/// Made by Django 5.2 with argon2-cffi 25.1:
///
/// ```sh
/// python3 -m venv venv && venv/bin/pip install django==5.2.* argon2-cffi==25.1.* && venv/bin/python - <<END
/// from django.conf import settings; settings.configure()
/// from django.contrib.auth.hashers import *
/// password, salt = 'gravel otter lampshade', 'abcdefghijklmnopqrstuv'
/// print(make_password(password))
/// print(PBKDF2PasswordHasher().encode(password, salt, iterations=1000))
/// print(PBKDF2SHA1PasswordHasher().encode(password, salt, iterations=1000))
/// print(Argon2PasswordHasher().encode(password, salt))
/// print(PBKDF2PasswordHasher().encode('gravel o\u0308tter lampshade', salt, iterations=1000))
/// print(PBKDF2PasswordHasher().encode('', salt, iterations=1000))
/// print(make_password(None))
/// END
/// ```
#[cfg(test)]
pub(super) mod vectors {
    pub const PASSWORD: &str = "gravel otter lampshade";
    pub const DEFAULT: &str =
        "pbkdf2_sha256$1000000$chkMP4PMYpfIM31dOKItNk$Croe28eF0hwZrPIgMwOqBC45ZWhHEwM9W+sufJWJP2I=";
    pub const SHA256: &str = "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=";
    pub const SHA1: &str = "pbkdf2_sha1$1000$abcdefghijklmnopqrstuv$nIETUlZBUTe5Pf9hnv5J2iSDr5c=";
    pub const ARGON2: &str = "argon2$argon2id$v=19$m=102400,t=2,p=8$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg\
                              $nBYtd0CFdSDcjdBIXLIYQnKlN+v2g03ZfhaETV8Lg3I";
    pub const DECOMPOSED: &str =
        "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$5pCU2oV0KeVl9JSg0y/3K4k/yasP7RL1fMn0Xkzdo9k=";
    pub const OF_NOTHING: &str =
        "pbkdf2_sha256$1000$abcdefghijklmnopqrstuv$vqafFtFOwJN9wrhga0SNKKw1GODAJgholvjeoMoWcZs=";
    pub const UNUSABLE: &str = "!0KVl2ouAM2CX7ryRqoq6z7yIgcaIjf64sls4EUt0";
}

#[cfg(test)]
mod tests {
    use super::{vectors::*, *};

    fn problem(text: &str) -> Option<HashProblem> {
        DjangoHash::parse(text).err()
    }

    #[test]
    fn each_algorithm_accepts_its_password_and_no_other() {
        for text in [DEFAULT, SHA256, SHA1, ARGON2] {
            let hash = DjangoHash::parse(text).unwrap().unwrap();
            assert!(hash.is_of(PASSWORD), "{text}");
            assert!(!hash.is_of("gravel otter lampshadf"), "{text}");
        }
    }

    #[test]
    fn a_password_is_compared_as_it_was_typed() {
        let hash = DjangoHash::parse(DECOMPOSED).unwrap().unwrap();
        assert!(hash.is_of("gravel o\u{308}tter lampshade"));
        assert!(!hash.is_of("gravel ötter lampshade"));
    }

    #[test]
    fn an_unusable_password_is_parsed_as_none() {
        assert!(DjangoHash::parse(UNUSABLE).unwrap().is_none());
    }

    #[test]
    fn a_hash_beyond_the_bounds_of_a_login_is_refused() {
        assert_eq!(problem(&SHA256.replace("$1000$", "$2000001$")), Some(HashProblem::TooExpensive));
        assert_eq!(problem(&ARGON2.replace("m=102400", "m=1048576")), Some(HashProblem::TooExpensive));
    }

    #[test]
    fn a_damaged_hash_is_refused() {
        for text in [
            "pbkdf2_sha256",
            "pbkdf2_sha256$1000$salt",
            "pbkdf2_sha256$0$salt$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=",
            "pbkdf2_sha256$-1$salt$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=",
            "pbkdf2_sha256$1000$salt$",
            "pbkdf2_sha256$1000$salt$coP0Ugm0M0c=",
            "pbkdf2_sha256$1000$salt$no base64",
            "pbkdf2_sha256$1000$salt$coP0Ugm0M0eYlXrpfAdqiAGE7rmagwjfQqfF2rU6Mqo=$more",
            "argon2$argon2id$v=19",
        ] {
            assert_eq!(problem(text), Some(HashProblem::Malformed), "{text}");
        }
    }

    #[test]
    fn other_kinds_are_refused() {
        for text in
            ["", "plain text", "md5$salt$hash", "bcrypt_sha256$$2b$12$x", "argon2$argon2i$v=19$m=512,t=2,p=2$a$b"]
        {
            assert_eq!(problem(text), Some(HashProblem::Unsupported), "{text}");
        }
    }
}
