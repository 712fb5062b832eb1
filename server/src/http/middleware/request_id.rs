//! `X-Request-Id` links the log lines and the audit events of one request.
//!
//! The id of a client is dropped, because a client could choose one that is already in the log. The id is kept if the
//! peer is one of `TRUSTED_PROXIES`; such a proxy must overwrite the header of its own client.

use std::net::SocketAddr;

use auth::{REQUEST_ID, REQUEST_ID_MAX_BYTES};
use axum::extract::{ConnectInfo, Request};
use http::{HeaderMap, HeaderName};

use crate::http::extract::TrustedProxies;

const X_REQUEST_ID: HeaderName = HeaderName::from_static(REQUEST_ID);

/// Removes an id that no trusted proxy has set. The next layer generates one if none is left.
pub fn accept(trusted: &TrustedProxies, mut request: Request) -> Request {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    if !peer.is_some_and(|peer| trusted.contain(peer)) || !is_one_id(request.headers()) {
        request.headers_mut().remove(X_REQUEST_ID);
    }
    request
}

/// Is there exactly one, of printable characters? Of two, one may be the client's, and the server cannot tell which.
fn is_one_id(headers: &HeaderMap) -> bool {
    let mut ids = headers.get_all(X_REQUEST_ID).iter();
    let (Some(id), None) = (ids.next(), ids.next()) else { return false };
    (1..=REQUEST_ID_MAX_BYTES).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// The ids that a request from `peer` keeps.
    fn left(peer: Option<&str>, ids: &[&str]) -> String {
        let trusted = TrustedProxies::parse("10.0.0.0/8").unwrap();
        let mut request = ids.iter().fold(Request::builder(), |request, id| request.header(X_REQUEST_ID, *id));
        if let Some(peer) = peer {
            request = request.extension(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 5050)));
        }
        let request = accept(&trusted, request.body(Body::empty()).unwrap());
        let ids = request.headers().get_all(X_REQUEST_ID).iter().map(|id| id.to_str().unwrap());
        ids.collect::<Vec<_>>().join(" and ")
    }

    #[test]
    fn the_id_of_a_trusted_proxy_is_kept() {
        assert_eq!(left(Some("10.0.0.1"), &["0af7651916cd43dd"]), "0af7651916cd43dd");
        assert_eq!(left(Some("::ffff:10.0.0.1"), &["a"]), "a");
    }

    #[test]
    fn the_id_that_a_client_chooses_is_not() {
        for peer in [Some("203.0.113.7"), Some("::1"), None] {
            assert_eq!(left(peer, &["0af7651916cd43dd"]), "", "{peer:?}");
        }
    }

    #[test]
    fn two_ids_and_one_that_would_fill_the_log_are_not_kept() {
        let long = "a".repeat(REQUEST_ID_MAX_BYTES + 1);
        for ids in [&["a", "b"][..], &[""], &["a b"], &[&long]] {
            assert_eq!(left(Some("10.0.0.1"), ids), "", "{ids:?}");
        }
    }
}
