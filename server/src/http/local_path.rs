//! `next`: where to go after logging in. Only ever a path on this origin: an open redirect would lend our name to anybody's
//! page (OWASP ASVS 5.0, 3.7.2).

/// Bytes.
const MAX_BYTES: usize = 1024;

/// A path, with its query, on this origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// `None` for whatever a browser could read as another origin, or could not carry in a header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Browsers read `\` as `/`, and drop tabs and line ends: `/\evil`, `/<tab>/evil` and `//evil` are all of evil.
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = text.starts_with('/') && !text.starts_with("//");
        (plain && local && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::LocalPath;

    #[test]
    fn a_path_with_a_query_is_local() {
        assert_eq!(LocalPath::parse("/me/session?tab=1#top").unwrap().as_str(), "/me/session?tab=1#top");
    }

    #[test]
    fn whatever_could_lead_elsewhere_is_refused() {
        for text in [
            "",
            "me",
            "//evil.example",
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
}
