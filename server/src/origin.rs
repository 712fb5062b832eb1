//! Origins, as browsers write them (RFC 6454, 6.2): `HTTPS://Example.org:443/` in a setting is the `https://example.org` of a header.

use url::Url;

/// Scheme, host and port in their one spelling: lower case, the host in ASCII, no default port, no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// `None` for what is no origin of a web page: another scheme, a path, a user name; and for `*`, `null` and a bare host.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let nobody = url.username().is_empty() && url.password().is_none();
        let web = ["http", "https"].contains(&url.scheme());
        // A host for the parser, and one that no browser ever names.
        let wildcard = text.contains('*');
        (web && bare && nobody && !wildcard).then(|| Self(url.origin().ascii_serialization()))
    }

    /// As a browser writes it in `Origin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_origin_is_the_one_that_browsers_write() {
        for (text, expected) in [
            ("https://example.org", "https://example.org"),
            ("https://example.org/", "https://example.org"),
            ("HTTPS://Example.ORG", "https://example.org"),
            ("https://example.org:443", "https://example.org"),
            ("http://example.org:80/", "http://example.org"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
            ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "*",
            "null",
            "example.org",
            "//example.org",
            "https://",
            "https://*.example.org",
            "https://example.org/app",
            "https://example.org?a",
            "https://example.org#a",
            "https://alice@example.org",
            "https://alice:secret@example.org",
            "https://a.example https://b.example",
            "ftp://example.org",
            "file:///srv",
            "data:text/html,",
        ] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }
}
