//! Paths on this origin, and the escaping of their query values.

use std::fmt::Write as _;

/// Bytes. The path is repeated in the query of a `Location`, beside a user name, and proxies reserve 4 KiB for that
/// header.
pub const LOCAL_PATH_MAX_BYTES: usize = 512;

/// A path on this origin, with its query: `next`, the page after a login. An open redirect would make a link to our
/// login page lead to a phishing page (OWASP ASVS 5.0, 3.7.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// `None` for a text that a browser could parse as another origin, and for one that is not valid in a header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Browsers parse `\` as `/` and ignore tabs and line ends, so `/\evil` and `/<tab>/evil` are `//evil`, another
        // host.
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        // The router of the browser resolves dot segments a second time: `/.//evil` becomes `//evil`.
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let encoded = path.to_ascii_lowercase().replace("%2e", ".");
        let resolved = !path.contains("//") && !encoded.split('/').any(|segment| segment == "." || segment == "..");
        let local = text.starts_with('/') && resolved;
        (plain && local && text.len() <= LOCAL_PATH_MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// As it was parsed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it was parsed.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The page of a form that rotates.
pub const AFTER_ROTATION: &str = "/rotation"; // part: comparison
// one mode: pub const AFTER_ROTATION: &str = "/me";

/// The page after a registration: the home page, from which the user logs in.
#[must_use]
pub fn after_registration(username: &str) -> String {
    format!("/?registered=1&username={}", query_value(username))
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
    use proptest::prelude::*;
    use url::{Position, Url};

    use super::*;

    #[test]
    fn a_path_with_a_query_is_local() {
        assert_eq!(LocalPath::parse("/me/mode?tab=1#top").unwrap().as_str(), "/me/mode?tab=1#top");
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused() {
        for text in [
            "",
            "me",
            "//evil.example",
            "/.//evil.example",
            "/%2E//evil.example",
            "/me/..//evil.example",
            "/me/../admin",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " /me",
            "/me\r\nSet-Cookie: a=b",
            "/caf\u{e9}",
        ] {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_long_path_is_refused() {
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(1024))), None);
    }

    /// Texts that a browser might parse as another origin.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => prop::sample::select(vec![
                "/", "//", "\\", ":", "@", ".", "..", "?", "#", "%2f", "%5c", "%09", "\t", "\n", "\r", " ", "\0", "[", "]",
                "http:", "https://", "javascript:", "data:", "evil.example", "\u{2044}", "\u{ff0f}", "\u{3002}", "me",
            ])
            .prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn an_accepted_path_leads_to_this_origin_wherever_it_is_read(slash in "/?", rest in text()) {
            let text = slash + &rest;
            if let Some(path) = LocalPath::parse(&text) {
                prop_assert!(path.as_str() == text && text.len() <= LOCAL_PATH_MAX_BYTES);
                prop_assert!(http::HeaderValue::from_str(path.as_str()).is_ok());
                for base in ["https://latchkey.test/", "https://latchkey.test/login?next=a#b", "http://127.0.0.1:3000/me/"] {
                    let base = Url::parse(base).unwrap();
                    let once = base.join(path.as_str()).unwrap();
                    prop_assert_eq!(once.origin(), base.origin());
                    // The router of the browser resolves the path, then the browser resolves the result.
                    prop_assert_eq!(base.join(&once[Position::BeforePath..]).unwrap().origin(), base.origin());
                }
            }
        }
    }

    #[test]
    fn a_query_value_cannot_add_parameters() {
        assert_eq!(query_value("/a?b=c&d é"), "/a%3Fb%3Dc%26d%20%C3%A9");
    }
}
