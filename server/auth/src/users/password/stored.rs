//! Stored password hashes, on their way back: whatever is read from a row or a dump is bounded before it is computed.

use argon2::{Argon2, Params, PasswordVerifier, password_hash::phc::PasswordHash};

use super::{
    django::DjangoHash,
    hasher::{MEMORY_KIB, PASSES},
};

/// 128 MiB: room for Django's 100 MiB, in each slot at once. A hash may name any cost; who writes one row must not be able to
/// take the machine's memory.
const MAX_MEMORY_KIB: u32 = 131_072;
const MAX_PASSES: u32 = 4;
const MAX_LANES: u32 = 16;

/// Why a stored hash is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashProblem {
    /// Of another kind, or of none.
    #[error("no password hash of a kind that can be checked here")]
    Unsupported,
    /// Of a kind that is known, but not whole.
    #[error("a damaged password hash")]
    Malformed,
    /// Its iterations, passes or memory are beyond what one login may take.
    #[error("a password hash that costs more to check than a login may")]
    TooExpensive,
}

/// A stored hash that can be compared with, at a bounded cost.
pub(super) enum Stored {
    /// Made here, of a password in its normal form.
    Ours(Argon2idHash),
    /// Made by Django, of a password as it was typed.
    Django(DjangoHash),
}

impl Stored {
    /// `None`: the account has no password, or a hash that is refused. Then nobody signs in by it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let parsed = if text.starts_with('$') {
            Argon2idHash::parse(text).map(|hash| Some(Self::Ours(hash)))
        } else {
            DjangoHash::parse(text).map(|hash| hash.map(Self::Django))
        };
        // Nothing that this crate stored: somebody wrote to the table.
        parsed.unwrap_or_else(|problem| {
            tracing::error!(%problem, "a stored password hash is refused");
            None
        })
    }

    /// Made by another system, or at a lower cost than ours is today.
    pub(super) fn is_outdated(&self) -> bool {
        match self {
            Self::Ours(hash) => hash.is_cheap,
            Self::Django(_) => true,
        }
    }
}

/// An argon2id hash, as a PHC string writes it.
pub(super) struct Argon2idHash {
    phc: Box<PasswordHash>,
    /// Cheaper than ours.
    is_cheap: bool,
}

impl Argon2idHash {
    pub(super) fn parse(text: &str) -> Result<Self, HashProblem> {
        if !text.starts_with("$argon2id$") {
            return Err(HashProblem::Unsupported);
        }
        let phc = PasswordHash::new(text).map_err(|_| HashProblem::Malformed)?;
        let params = Params::try_from(&phc).map_err(|_| HashProblem::Malformed)?;
        if phc.salt.is_none() || phc.hash.is_none() {
            return Err(HashProblem::Malformed);
        }
        if params.m_cost() > MAX_MEMORY_KIB || params.t_cost() > MAX_PASSES || params.p_cost() > MAX_LANES {
            return Err(HashProblem::TooExpensive);
        }
        let is_cheap = params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
        Ok(Self { phc: Box::new(phc), is_cheap })
    }

    /// At the hash's own cost, in constant time of the outcome.
    pub(super) fn is_of(&self, password: &str) -> bool {
        Argon2::default().verify_password(password.as_bytes(), self.phc.as_ref()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
