//! The networks of a client address. Each of them has a counter.

use http::request::Parts;

use super::counts::Counter;
use crate::{error::AuthError, mode::client::ClientAddress, secret::SecretHash, settings::Rate};

/// Prefix lengths of an IPv6 address in bytes, with the factor of their rate. A customer has at least a /64, a
/// household often a /56, a company a /48 (RFC 6177). A /48 contains 65,536 networks of /64, so counters of a /64 alone
/// would not limit its owner.
const IPV6: [(usize, i64); 3] = [(8, 1), (7, 4), (6, 16)];

/// A network that counts as one caller.
pub(super) struct Network {
    pub bytes: Vec<u8>,
    /// Multiplies the rate of its counter.
    factor: i64,
}

impl Network {
    /// The counter of this network.
    pub(super) fn counter(&self, key: SecretHash, rate: Rate) -> Counter {
        Counter { key, rate: Rate { limit: rate.limit.saturating_mul(self.factor), ..rate } }
    }
}

/// The networks of the client, the narrowest first. Empty if the address is unknown.
pub(super) fn networks(req: &Parts) -> Vec<Network> {
    let Some(address) = req.extensions.get::<ClientAddress>() else { return Vec::new() };
    let all = IPV6.into_iter().map(|(prefix, factor)| Network { bytes: address.network(prefix), factor });
    // An IPv4 address is one network.
    if address.0.to_canonical().is_ipv4() { all.take(1).collect() } else { all.collect() }
}

/// One counter for each network.
pub(super) fn counters(
    networks: &[Network],
    rate: Option<Rate>,
    key: impl Fn(&[u8]) -> Result<SecretHash, AuthError>,
) -> Result<Vec<Counter>, AuthError> {
    let Some(rate) = rate else { return Ok(Vec::new()) };
    networks.iter().map(|network| Ok(network.counter(key(&network.bytes)?, rate))).collect()
}
