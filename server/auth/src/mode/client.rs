//! The client of a request: its user agent and its address.

use std::net::IpAddr;

use http::{HeaderValue, header, request::Parts};

/// Maximum length of a stored `User-Agent`, in code points.
const USER_AGENT_MAX_CHARS: usize = 200;

/// The stored description of a client, for the list of devices and the audit log.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The `User-Agent` header, shortened and without control characters, because pages print it.
    pub user_agent: String,
    /// The client address. Empty if the transport layer does not know it.
    pub address: String,
}

impl Client {
    /// The client of this request.
    #[must_use]
    pub fn of(req: &Parts) -> Self {
        Self { user_agent: user_agent(req), address: client_address(req) }
    }

    /// The network that one client can take addresses from: an IPv4 address, or a /64. Empty if the address is unknown.
    pub(crate) fn network(&self) -> Vec<u8> {
        self.address.parse().map(|address| ClientAddress(address).network(8)).unwrap_or_default()
    }
}

/// The address that the transport layer vouches for. It puts this value into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The network of the address as bytes: an IPv4 address whole, of an IPv6 address the first `prefix` bytes.
    pub(crate) fn network(self, prefix: usize) -> Vec<u8> {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().into_iter().take(prefix).collect(),
        }
    }
}

fn client_address(req: &Parts) -> String {
    req.extensions
        .get::<ClientAddress>()
        .map(|ClientAddress(address)| address.to_canonical().to_string())
        .unwrap_or_default()
}

fn user_agent(req: &Parts) -> String {
    let bytes = req.headers.get(header::USER_AGENT).map_or(&[][..], HeaderValue::as_bytes);
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calling_itself(value: &[u8]) -> Parts {
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.headers.insert(header::USER_AGENT, HeaderValue::from_bytes(value).unwrap());
        parts
    }

    proptest! {
        #[test]
        fn a_stored_user_agent_is_short_and_without_control_characters(
            value in prop::collection::vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..400)
        ) {
            let text = user_agent(&calling_itself(&value));
            prop_assert!(text.chars().count() <= USER_AGENT_MAX_CHARS && !text.contains(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn a_long_user_agent_is_shortened() {
        let name = "\u{1f980}".repeat(10_000);
        assert_eq!(user_agent(&calling_itself(name.as_bytes())), "\u{1f980}".repeat(200));
    }
}
