//! Stored password hashes: this crate's own, and imported ones.

use super::{argon2id::Argon2idHash, django::DjangoHash};

/// A stored hash that can be checked at a bounded cost.
pub(super) enum Stored {
    /// Created by this crate, from a password in normal form.
    Ours(Argon2idHash),
    /// Created by Django, from a password as typed.
    Django(DjangoHash),
}

impl Stored {
    /// Parses a stored hash. `None`: the account has no password, or its hash is refused. No login to it succeeds then.
    pub(super) fn read(text: &str) -> Option<Self> {
        let parsed = if text.starts_with('$') {
            Argon2idHash::parse(text).map(|hash| Some(Self::Ours(hash)))
        } else {
            DjangoHash::parse(text).map(|hash| hash.map(Self::Django))
        };
        // This crate never stores such a text: the row was changed by other means.
        parsed.unwrap_or_else(|problem| {
            tracing::error!(%problem, "a stored password hash is refused");
            None
        })
    }

    /// Was it imported, or is its cost below the current one?
    pub(super) fn is_outdated(&self) -> bool {
        match self {
            Self::Ours(hash) => hash.is_cheap,
            Self::Django(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::password::argon2id::HashProblem;

    fn with(params: &str) -> String {
        format!("$argon2id$v=19${params}$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dg$nBYtd0CFdSDcjdBIXLIYQnKlN+v2g03ZfhaETV8Lg3I")
    }

    #[test]
    fn a_hash_beyond_any_bound_is_refused_before_it_is_computed() {
        for params in ["m=131073,t=2,p=1", "m=4294967295,t=1,p=1", "m=19456,t=5,p=1", "m=19456,t=2,p=17"] {
            assert_eq!(Argon2idHash::parse(&with(params)).err(), Some(HashProblem::TooExpensive), "{params}");
            assert!(Stored::read(&with(params)).is_none(), "{params}");
        }
    }

    #[test]
    fn a_hash_without_its_salt_its_digest_or_its_version_is_refused() {
        for text in ["$argon2id$v=19$m=19456,t=2,p=1", "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamts", "$argon2id$"]
        {
            assert_eq!(Argon2idHash::parse(text).err(), Some(HashProblem::Malformed), "{text}");
        }
    }

    #[test]
    fn a_hash_of_our_cost_or_a_higher_one_is_kept_and_a_cheaper_one_is_outdated() {
        for (params, outdated) in [
            ("m=19456,t=2,p=1", false),
            ("m=65536,t=3,p=1", false),
            ("m=19455,t=2,p=1", true),
            ("m=65536,t=1,p=1", true),
        ] {
            assert_eq!(Stored::read(&with(params)).unwrap().is_outdated(), outdated, "{params}");
        }
    }
}
