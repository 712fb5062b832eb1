//! The language of a page: the cookie of the switch, then `Accept-Language`, then English.

use http::{HeaderMap, HeaderValue, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::locale::Locale;

/// The cookie that the switch in the header sets.
pub const LOCALE_COOKIE: &str = "__Host-locale";

/// Chooses the language of the page that is rendered, and says so in its headers.
pub(crate) fn provide_locale() {
    let locale = use_context::<Parts>().map(|request| locale_of(&request.headers)).unwrap_or_default();
    provide_context(locale);
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
        // No cache stores a page today. The header keeps a page right in a fork that lets one store it.
        response.insert_header(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    }
}

/// The language for the sender of a request.
#[must_use]
pub fn locale_of(headers: &HeaderMap) -> Locale {
    chosen(headers).or_else(|| preferred(headers)).unwrap_or_default()
}

/// The choice in the cookie.
fn chosen(headers: &HeaderMap) -> Option<Locale> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == LOCALE_COOKIE).then(|| Locale::of_tag(value)).flatten())
}

/// The language with the highest weight in `Accept-Language` (RFC 9110, 12.5.4); of equal ones, the first.
fn preferred(headers: &HeaderMap) -> Option<Locale> {
    let texts = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let ranges = texts.flat_map(|text| text.split(',')).filter_map(weighted);
    let best = ranges.fold(None, |best, (locale, weight)| match best {
        Some((_, highest)) if weight <= highest => best,
        _ => Some((locale, weight)),
    });
    best.map(|(locale, _)| locale)
}

/// One range and its weight in thousandths. `None` for a language without texts, a malformed weight, and `q=0`, which
/// excludes the language.
fn weighted(range: &str) -> Option<(Locale, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let tag = parts.next()?;
    let locale = if tag == "*" { Some(Locale::default()) } else { Locale::of_tag(tag) };
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => thousandths(parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?)?,
    };
    locale.filter(|_| weight > 0).map(|locale| (locale, weight))
}

/// `0.8` as 800. At most three digits after the point, and at most 1, as the grammar says.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = rest.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() <= 3;
    let rest: u16 = format!("{rest:0<3}").parse().ok().filter(|_| digits)?;
    match whole {
        "0" => Some(rest),
        "1" if rest == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(cookie: &'static str, accepted: &'static str) -> Locale {
        let pairs = [(header::COOKIE, cookie), (header::ACCEPT_LANGUAGE, accepted)];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        locale_of(&pairs.map(|(name, value)| (name, HeaderValue::from_static(value))).collect())
    }

    #[test]
    fn the_language_with_the_highest_weight_is_chosen() {
        for (accepted, expected) in [
            ("", Locale::English),
            ("ko", Locale::Korean),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Locale::Korean),
            ("en-US,en;q=0.9,ko;q=0.8", Locale::English),
            ("en;q=0.5, ko;q=0.501", Locale::Korean),
            ("de, fr;q=0.9, ko;q=0.1", Locale::Korean),
            ("ko;q=0.5, *", Locale::English),
            ("ko;q=0", Locale::English),
            ("ko;q=0, en;q=0.1", Locale::English),
            ("ko, en", Locale::Korean),
            ("en, ko", Locale::English),
            ("KO ; q=1.000", Locale::Korean),
        ] {
            assert_eq!(locale("", accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn a_malformed_weight_counts_for_nothing() {
        for accepted in ["ko;q=2", "ko;q=1.1", "ko;q=0.0001", "ko;q=", "ko;q=-1", "ko;q=x", "ko;level=1", ";;,", "q=1"]
        {
            assert_eq!(locale("", accepted), Locale::English, "{accepted}");
        }
    }

    #[test]
    fn the_cookie_is_stronger_than_the_header() {
        assert_eq!(locale("a=b; __Host-locale=ko", "en"), Locale::Korean);
        assert_eq!(locale("__Host-locale=en", "ko"), Locale::English);
    }

    #[test]
    fn a_cookie_without_a_language_is_ignored() {
        assert_eq!(locale("__Host-locale=tlh; locale=en", "ko"), Locale::Korean);
    }
}
