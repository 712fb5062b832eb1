//! The mode used last: where `/me` leads. A preference and no secret, so a cookie that scripts may read and that the server
//! sees when it redirects.

use super::SignIns;
use crate::{browser, types::ModeId};

const NAME: &str = "last-mode";

/// Seconds: a year.
const MAX_AGE: i64 = 31_536_000;

impl SignIns {
    /// The mode that logged in last in this browser, if it still exists.
    pub(crate) fn last_mode(self) -> Option<ModeId> {
        let mode = ModeId(find(&browser::cookies(), NAME)?.to_owned());
        self.info(&mode).map(|info| info.id)
    }
}

pub(super) fn remember(mode: &ModeId) {
    browser::set_cookie(&format!("{NAME}={mode}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax; Secure"));
}

fn find<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    cookies
        .split("; ")
        .filter_map(|cookie| cookie.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        assert_eq!(find("theme=dark; last-mode=session", "last-mode"), Some("session"));
        assert_eq!(find("not-last-mode=x; last-mode=y", "last-mode"), Some("y"));
        assert_eq!(find("last-modes=x", "last-mode"), None);
        assert_eq!(find("", "last-mode"), None);
    }
}
