//! Argon2id hashes: what ours cost, and how one that is read from a row or a dump is bounded before it is computed.

use argon2::{Argon2, Params, PasswordVerifier, password_hash::phc::PasswordHash};

/// Argon2id with 19 MiB, two passes, one lane: OWASP's recommended minimum.
pub(super) const MEMORY_KIB: u32 = 19_456;
pub(super) const PASSES: u32 = 2;
pub(super) const LANES: u32 = 1;
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

/// An argon2id hash, as a PHC string writes it.
pub(super) struct Argon2idHash {
    phc: Box<PasswordHash>,
    /// Cheaper than ours.
    pub is_cheap: bool,
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
