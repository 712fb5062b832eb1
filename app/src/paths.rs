//! Paths of our own, and what may stand in their queries.

use std::fmt::Write as _;

/// `next` as it may be followed: a path on this origin, or nothing.
///
/// A browser reads `//evil.example` and `/\evil.example` as another host, and drops tabs and line ends before it looks, so
/// `/\t/evil.example` is the same. An open redirect on a login page is a phishing kit.
pub(crate) fn safe_path(next: Option<String>) -> Option<String> {
    next.filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .filter(|path| !path.contains(|c: char| c == '\\' || c.is_control()))
}

/// A text as the value of a query parameter. The router's own function escapes differently on the two sides.
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

    fn followed(path: &str) -> bool {
        safe_path(Some(path.to_owned())).is_some()
    }

    #[test]
    fn a_path_on_this_origin_is_followed() {
        assert!(followed("/"));
        assert!(followed("/me/session?from=mail"));
    }

    #[test]
    fn a_way_to_another_host_is_not() {
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
            assert!(!followed(path), "{path:?}");
        }
    }

    #[test]
    fn a_query_value_cannot_add_parameters() {
        assert_eq!(query_value("/a?b=c&d é"), "/a%3Fb%3Dc%26d%20%C3%A9");
    }
}
