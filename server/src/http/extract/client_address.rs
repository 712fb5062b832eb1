//! The address of the client: for throttling, for the list of devices, for the audit log.
//!
//! It is the peer of the connection, unless the peer is a trusted proxy. A trusted proxy appends the address of its own
//! peer to `X-Forwarded-For`. Any client can send that header, so only the entries on the right, added by trusted
//! proxies, count.
//!
//! `Forwarded` (RFC 7239) is ignored. Few proxies write it, so most forward the value of the client unchanged. A server
//! that reads both headers lets a client choose its address in the one that the proxy does not overwrite.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use auth::ClientAddress;
use axum::extract::{ConnectInfo, Request};
use http::HeaderMap;
use ipnet::IpNet;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Setting `TRUSTED_PROXIES`: the networks of the reverse proxies in front of this server. Default: none.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Parses networks and addresses with commas between them. `None` if one is neither, or if one contains every
    /// address: then every client could choose its own.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let networks: Option<Vec<_>> = entries.map(network).collect();
        networks.map(|networks| Self(networks.into()))
    }

    /// Is this the address of a trusted proxy?
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Option<IpNet> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    (network.prefix_len() > 0).then_some(network)
}

/// Adds the [`ClientAddress`] to the extensions of the request. A request without a socket, as in a test, has none.
pub fn add(trusted: &TrustedProxies, mut request: Request) -> Request {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = client(peer.ip().to_canonical(), request.headers(), trusted);
        request.extensions_mut().insert(ClientAddress(client));
    }
    request
}

/// Walks from the peer to the left through `X-Forwarded-For`, as long as the current address is a trusted proxy. An
/// entry that cannot be parsed was not written by a trusted proxy, so the walk ends at the address that forwarded it.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
    let mut hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut client = peer;
    while trusted.contain(client) {
        let Some(hop) = hops.next().and_then(address) else { break };
        client = hop;
    }
    client
}

/// Parses an address, with or without the port that some proxies add.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = text.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The client of a request from `peer` with these `X-Forwarded-For` headers.
    fn client_of(peer: &str, lines: &[&str]) -> String {
        let trusted = TrustedProxies::parse("10.0.0.0/8, 192.0.2.1, 2001:db8:a::/48").unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, line.parse().unwrap());
        }
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_client_is_the_first_from_the_right_that_is_no_proxy_of_ours() {
        for (peer, lines, expected) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", &["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", &["203.0.113.7,192.0.2.1 ,10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", &["198.51.100.9, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", &["10.9.9.9, 203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["198.51.100.9", "203.0.113.7", "10.0.0.2"], "203.0.113.7"),
            ("2001:db8:a::1", &["2001:db8:b::7"], "2001:db8:b::7"),
            ("10.0.0.1", &["203.0.113.7:5050"], "203.0.113.7"),
            ("10.0.0.1", &["[2001:db8:b::7]:5050"], "2001:db8:b::7"),
            ("10.0.0.1", &["203.0.113.7, ::ffff:10.0.0.2"], "203.0.113.7"),
        ] {
            assert_eq!(client_of(peer, lines), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn what_a_stranger_says_of_itself_counts_for_nothing() {
        for line in ["198.51.100.9", "10.0.0.1", "127.0.0.1, 10.0.0.1", "unknown", ""] {
            assert_eq!(client_of("203.0.113.7", &[line]), "203.0.113.7", "{line:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        for (line, expected) in [
            ("203.0.113.7, unknown", "10.0.0.1"),
            ("203.0.113.7, , 10.0.0.2", "10.0.0.2"),
            ("203.0.113.7, 10.0.0.2,", "10.0.0.1"),
            ("203.0.113.7, _hidden, 10.0.0.2", "10.0.0.2"),
            ("203.0.113.7, 10.0.0.256, 10.0.0.2", "10.0.0.2"),
            ("203.0.113.7; 10.0.0.2", "10.0.0.1"),
            ("\u{e9}, 10.0.0.2", "10.0.0.2"),
        ] {
            assert_eq!(client_of("10.0.0.1", &[line]), expected, "{line:?}");
        }
    }

    #[test]
    fn forwarded_is_not_read() {
        let trusted = TrustedProxies::parse("10.0.0.0/8").unwrap();
        let headers = HeaderMap::from_iter([(http::header::FORWARDED, "for=203.0.113.7".parse().unwrap())]);
        assert_eq!(client([10, 0, 0, 1].into(), &headers, &trusted).to_string(), "10.0.0.1");
    }

    #[test]
    fn proxies_are_networks_or_addresses_and_never_all_addresses() {
        for text in ["", "10.0.0.0/8", "192.0.2.1", "10.0.0.0/8,::1 , 2001:db8::/32,"] {
            assert!(TrustedProxies::parse(text).is_some(), "{text:?}");
        }
        for text in ["0.0.0.0/0", "::/0", "10.0.0.0/33", "localhost", "*", "10.0.0.0/8; ::1"] {
            assert!(TrustedProxies::parse(text).is_none(), "{text:?}");
        }
    }
}
