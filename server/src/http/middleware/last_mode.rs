//! The mode that this browser used last, in a cookie: `/me` redirects to it. The cookie is a preference and not a
//! credential: a forged one redirects to another page of the same user, or makes a page ask for a needless renewal.

use app::HasLoggedIn;
use auth::{Auth, ModeInfo};
use axum::response::Response;
use cookie::Cookie;
use http::{HeaderMap, header, request::Parts};

use super::csrf;
use crate::{http::respond::set_preference, state::AppState};

const COOKIE: &str = "__Host-last-mode";

/// Sets the cookie if one of our pages logged in. A program does not need it, and another site must not choose it.
pub fn remember(mode: &str, request: &Parts, state: &AppState, mut response: Response) -> Response {
    if !csrf::is_from_our_page(request, &state.origin) {
        return response;
    }
    set_preference(&mut response, COOKIE, mode);
    response
}

/// The mode that the cookie names, if there is such a mode.
pub fn find(auth: &Auth, headers: &HeaderMap) -> Option<&'static ModeInfo> {
    let mut found = found(headers);
    match (found.next(), found.next()) {
        (Some(only), None) => auth.mode(only.value()).ok(),
        _ => None,
    }
}

/// Whether a page of this browser has logged in before: the cookie lasts longer than any sign-in. Its value does not
/// matter, because the mode may have been deleted since.
pub fn has_logged_in(headers: &HeaderMap) -> HasLoggedIn {
    HasLoggedIn(found(headers).next().is_some())
}

fn found(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == COOKIE)
}

#[cfg(test)]
mod tests {
    use auth::testing::{Driver, World};
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_browser_with_the_cookie_has_logged_in_whatever_mode_it_names() {
        for (cookies, expected) in [
            ("", false),
            ("a=b; last-mode=x", false),
            ("a=__Host-last-mode=x", false),
            ("a=b; __Host-last-mode=gone", true),
            ("__Host-last-mode=x; __Host-last-mode=y", true),
        ] {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]);
            assert_eq!(has_logged_in(&headers), HasLoggedIn(expected), "{cookies}");
        }
    }

    #[tokio::test]
    async fn whatever_the_cookie_says_it_leads_to_a_mode_that_exists_or_nowhere() {
        let auth = World::new(Driver::Sqlite).await.unwrap().auth;
        let ids: Vec<_> = auth.modes().map(|info| info.id.0).collect();
        let text = prop_oneof![prop::sample::select(ids.clone()).prop_map(str::to_owned), r"\PC{0,20}"];
        proptest!(|(text in text, twice: bool)| {
            let pair = format!("{COOKIE}={text}");
            let value = if twice { format!("{pair}; {pair}") } else { pair };
            let headers = HeaderMap::from_iter(HeaderValue::from_str(&value).map(|value| (header::COOKIE, value)));
            let found = find(&auth, &headers).map(|info| info.id.0);
            let named = text.split(';').next().unwrap_or_default().trim_end();
            prop_assert_eq!(found, ids.iter().copied().find(|id| *id == named && !twice));
        });
    }
}
