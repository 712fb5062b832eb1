//! Paths on this origin, and the escaping of their query values.

use std::fmt::Write as _;

/// Returns `next` if it is a path on this origin.
///
/// A browser reads `//evil.example` and `/\evil.example` as another host, and removes tabs and line breaks before it
/// parses, so `/\t/evil.example` is the same. An open redirect on a login page helps phishing.
pub(crate) fn safe_path(next: Option<String>) -> Option<String> {
    next.filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .filter(|path| !path.contains(|c: char| c == '\\' || c.is_control()))
}

/// Percent-encodes the value of a query parameter. The router's own function escapes differently on server and browser.
pub(crate) fn query_value(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => escaped.push(byte.into()),
            _ => _ = write!(escaped, "%{byte:02X}"),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_accepted(path: &str) -> bool {
        safe_path(Some(path.to_owned())).is_some()
    }

    #[test]
    fn a_path_on_this_origin_is_accepted() {
        assert!(is_accepted("/"));
        assert!(is_accepted("/me/session?from=mail"));
    }

    #[test]
    fn an_address_on_another_host_is_rejected() {
        let elsewhere = [
            "",
            "me",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
        ];
        for path in elsewhere {
            assert!(!is_accepted(path), "{path:?}");
        }
    }

    #[test]
    fn a_query_value_cannot_add_parameters() {
        assert_eq!(query_value("/a?b=c&d é"), "/a%3Fb%3Dc%26d%20%C3%A9");
    }
}
