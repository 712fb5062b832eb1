//! The client of a request: what it calls itself, and where it calls from.

use std::net::IpAddr;

use http::{HeaderValue, header, request::Parts};

/// Code points of a `User-Agent` that are kept for "your devices".
const USER_AGENT_MAX_CHARS: usize = 200;

/// What is remembered of a client, for "your devices".
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What it calls itself. Bounded, and without controls: it is printed on a page.
    pub user_agent: String,
    /// Where it calls from. Empty where nobody vouches for an address.
    pub address: String,
}

impl Client {
    /// As the request has it.
    #[must_use]
    pub fn of(req: &Parts) -> Self {
        Self { user_agent: user_agent(req), address: client_address(req) }
    }
}

/// Where the request came from, as far as the transport layer can vouch for it. It goes into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// The network that the request came from, as bytes. An IPv6 customer gets a /64 and may use all of it. `None`: nobody vouches for
/// an address.
pub fn network(req: &Parts) -> Option<Vec<u8>> {
    let ClientAddress(address) = req.extensions.get()?;
    Some(match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    })
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
        fn what_a_client_calls_itself_is_short_and_without_controls(
            value in prop::collection::vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80..=0xff_u8], 0..400)
        ) {
            let text = user_agent(&calling_itself(&value));
            prop_assert!(text.chars().count() <= USER_AGENT_MAX_CHARS && !text.contains(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn a_long_name_of_a_client_is_cut() {
        let name = "\u{1f980}".repeat(10_000);
        assert_eq!(user_agent(&calling_itself(name.as_bytes())), "\u{1f980}".repeat(200));
    }
}
