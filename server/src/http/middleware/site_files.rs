//! The headers for caches on the files of the site. A file whose name contains the hash of its content is kept for a
//! year: another content has another name. Another file is loaded each time.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, header};

/// `immutable` (RFC 8246): a reload does not ask the server either.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const EACH_TIME: HeaderValue = HeaderValue::from_static("public, no-cache");
/// An MD5 hash as Base64 without padding, which cargo-leptos writes into the names.
const HASH_LENGTH: usize = 22;

pub async fn cache(request: Request, next: Next) -> Response {
    let is_hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, if is_hashed { FOR_A_YEAR } else { EACH_TIME });
        // The layer that compresses adds it to what it compresses itself. A file that the build has compressed needs
        // it, too: a shared cache would give it to a client that cannot read it.
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// `/pkg/latchkey.{hash}.css`
fn is_hashed(path: &str) -> bool {
    let Some(file) = path.strip_prefix("/pkg/") else { return false };
    let hash = file.rsplit('.').nth(1);
    hash.is_some_and(|hash| {
        hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        assert!(is_hashed("/pkg/latchkey.uG7_kZ-91TQ0wYb2cHn3Lg.wasm"));
        for path in ["/pkg/latchkey.wasm", "/favicon.svg", "/pkg/", "/uG7_kZ-91TQ0wYb2cHn3Lg.css", "/pkg/a.b/c.css"] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
