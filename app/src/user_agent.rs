//! A `User-Agent` header in a few words. It helps people recognise their own devices. Use it for nothing else: a client
//! can send any text.

/// The text before the version. A browser's header names several other browsers as well; the first match in this order
/// counts.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// An iPhone's header also contains `Mac OS X`, and Android's contains `Linux`: the first match counts.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The maximum length of an unknown program's name, in code points.
const LONGEST: usize = 40;

/// `Firefox 128 on Linux`, `curl 8.5.0`.
pub(crate) fn in_words(user_agent: &str) -> String {
    let browser = BROWSERS.iter().find_map(|(token, name)| {
        let (_, version) = user_agent.split_once(token)?;
        let major: String = version.chars().take_while(char::is_ascii_digit).collect();
        Some(format!("{name} {major}"))
    });
    let system = SYSTEMS.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser,
        (None, _) => match user_agent.split_whitespace().next() {
            Some(product) => product.replacen('/', " ", 1).chars().take(LONGEST).collect(),
            None => "Unknown program".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_browser_gets_its_own_name_and_not_the_other_names_in_its_header() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0".to_owned(),
                "Firefox 128 on Linux",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/126.0.0.0 Safari/537.36"),
                "Chrome 126 on Windows",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2"),
                "Edge 126 on Windows",
            ),
            (
                format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} HeadlessChrome/126.0.0.0 Safari/537.36"),
                "Chrome 126 on Linux",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 14) {webkit} Chrome/126.0.0.0 Mobile Safari/537.36"),
                "Chrome 126 on Android",
            ),
            (
                format!("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {webkit} Version/17.5 Safari/604.1"),
                "Safari 17 on iPhone",
            ),
            (
                format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {webkit} Version/17.5 Safari/605.1"),
                "Safari 17 on macOS",
            ),
        ] {
            assert_eq!(in_words(&user_agent), words);
        }
    }

    #[test]
    fn a_program_that_is_no_browser_gets_its_first_word() {
        assert_eq!(in_words("curl/8.5.0"), "curl 8.5.0");
        assert_eq!(in_words("python-requests/2.32 (rumour/1)"), "python-requests 2.32");
    }

    #[test]
    fn a_program_without_a_name_is_unknown_and_a_long_name_is_cut() {
        assert_eq!(in_words(" "), "Unknown program");
        assert_eq!(in_words(&"x".repeat(200)).len(), 40);
    }
}
