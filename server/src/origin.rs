//! Origins in the spelling of browsers (RFC 6454, 6.2): `HTTPS://Example.org:443/` in a setting becomes
//! `https://example.org`.

use url::Url;

/// Scheme, host and port, normalised: lower case, the host in ASCII, no default port, no slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// `None` unless the text is the origin of a web page: no other scheme, no path, no user name, and not `*`, `null`
    /// or a bare host.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let no_user = url.username().is_empty() && url.password().is_none();
        let web = ["http", "https"].contains(&url.scheme());
        // The parser accepts `*` in a host, but no browser sends it.
        let wildcard = text.contains('*');
        (web && bare && no_user && !wildcard).then(|| Self(url.origin().ascii_serialization()))
    }

    /// The value of the header `Origin`.
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
