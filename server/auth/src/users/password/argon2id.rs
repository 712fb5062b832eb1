//! Argon2id hashes: the cost of new ones, and the bounds on the cost of stored ones.

use argon2::{Argon2, Params, PasswordVerifier, password_hash::phc::PasswordHash};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// Argon2id with 19 MiB, two passes, one lane: OWASP's recommended minimum.
pub(super) const MEMORY_KIB: u32 = 19_456;
pub(super) const PASSES: u32 = 2;
pub(super) const LANES: u32 = 1;
/// 128 MiB: enough for Django's 100 MiB, in each slot at once. A hash can state any cost. An attacker who can write one
/// row must not be able to exhaust the memory of the machine.
const MAX_MEMORY_KIB: u32 = 131_072;
const MAX_PASSES: u32 = 4;
const MAX_LANES: u32 = 16;

/// Why a stored hash is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashProblem {
    /// An unknown algorithm, or not a hash.
    #[error("no password hash of a kind that can be checked here")]
    Unsupported,
    /// A known algorithm, but a malformed or truncated hash.
    #[error("a damaged password hash")]
    Malformed,
    /// Its iterations, passes or memory exceed the bound for one login.
    #[error("a password hash that costs more to check than a login may")]
    TooExpensive,
}

/// An argon2id hash in PHC string format.
pub(super) struct Argon2idHash {
    phc: Box<PasswordHash>,
    /// Whether its cost is below that of new hashes.
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

    /// A hash of the current cost that no password matches: its bytes are random, and no password was hashed.
    pub(super) fn decoy(salt: &[u8], hash: &[u8]) -> Result<Self, HashProblem> {
        let [salt, hash] = [salt, hash].map(|bytes| STANDARD_NO_PAD.encode(bytes));
        Self::parse(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
    }

    /// Compares a password at the hash's own cost. The time does not depend on the outcome.
    pub(super) fn is_of(&self, password: &str) -> bool {
        Argon2::default().verify_password(password.as_bytes(), self.phc.as_ref()).is_ok()
    }
}
