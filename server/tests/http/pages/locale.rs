//! The language of a page, and the switch.

use axum::body::Body;
use http::{Request, StatusCode, header};

use crate::client::{Answer, Client, Kind, Site};

async fn site() -> Site {
    Site::new(auth::testing::Driver::Sqlite).await
}

async fn page(client: &mut Client, path: &str, accepted: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT_LANGUAGE, accepted);
    client.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_prefers_and_says_so() {
    let site = site().await;
    for (accepted, tag, text) in [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko", "비밀번호"),
        ("en-US,en;q=0.9,ko;q=0.8", "en", "Password"),
        ("de", "en", "Password"),
    ] {
        let page = page(&mut site.client(Kind::OwnPage), "/login", accepted).await;
        assert!(page.body.contains(&format!("<html lang=\"{tag}\">")), "{accepted}: {}", page.body);
        assert!(page.body.contains(text), "{accepted}: {}", page.body);
        assert_eq!(page.header("content-language"), tag);
        assert!(page.header("vary").contains("accept-language, cookie"), "{}", page.header("vary"));
    }
}

#[tokio::test]
async fn a_refusal_of_an_administrators_page_is_in_the_language_of_the_browser() {
    let site = site().await;
    for mode in site.cookie_modes() {
        let mut browser = site.signed_in(Kind::OwnPage, mode).await;
        for (accepted, tag, text) in [("ko", "ko", "권한 없음"), ("en", "en", "Not allowed")] {
            let refused = page(&mut browser, &format!("/admin/{}", mode.id), accepted).await;
            assert_eq!((refused.status, refused.header("content-language")), (StatusCode::FORBIDDEN, tag));
            assert!(refused.body.contains(&format!("<title>{text}")), "{}", refused.body);
        }
    }
}

#[tokio::test]
async fn the_kept_copy_of_a_page_is_for_one_language() {
    let site = site().await;
    let mut browser = site.client(Kind::OwnPage);
    for (accepted, tag) in [("ko", "ko"), ("en", "en"), ("ko", "ko")] {
        assert_eq!(page(&mut browser, "/", accepted).await.header("content-language"), tag);
    }
}

#[tokio::test]
async fn every_text_of_a_mode_is_translated_on_a_page_and_english_in_the_api() {
    let site = site().await;
    let home = page(&mut site.client(Kind::OwnPage), "/", "ko").await.body;
    let api = page(&mut site.client(Kind::Program), "/api/modes", "ko").await.body;
    for mode in site.modes() {
        assert!(home.contains(mode.korean.choose_when), "{}", mode.id);
        assert!(!home.contains(mode.choose_when), "{}", mode.id);
        assert!(api.contains(mode.choose_when) && !api.contains(mode.korean.choose_when), "{}", mode.id);
    }
}

#[tokio::test]
async fn the_switch_returns_to_its_page_and_is_stronger_than_the_header() {
    let site = site().await;
    for kind in [Kind::OwnPage, Kind::OldBrowser] {
        let mut browser = site.client(kind);
        let answer = browser.submit("/locale", &[("locale", "ko"), ("next", "/login?next=/logout")]).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/login?next=/logout"));
        let cookie = answer.header("set-cookie");
        for attribute in ["__Host-locale=ko", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
            assert!(cookie.split("; ").any(|part| part == attribute), "{attribute}: {cookie}");
        }
        assert_eq!(page(&mut browser, "/login", "en").await.header("content-language"), "ko");
    }
}

#[tokio::test]
async fn the_switch_leads_nowhere_else() {
    let mut browser = site().await.client(Kind::OwnPage);
    for next in ["//evil.test/", "https://evil.test/", "/\\evil.test", ""] {
        let answer = browser.submit("/locale", &[("locale", "ko"), ("next", next)]).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"), "{next}");
    }
}

#[tokio::test]
async fn a_language_without_texts_is_not_stored() {
    let mut browser = site().await.client(Kind::OwnPage);
    let answer = browser.submit("/locale", &[("locale", "tlh"), ("next", "/login")]).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::SEE_OTHER, ""));
}

#[tokio::test]
async fn another_site_cannot_choose_the_language() {
    let site = site().await;
    for kind in [Kind::OtherSite, Kind::OldBrowserOtherSite] {
        let answer = site.client(kind).submit("/locale", &[("locale", "ko"), ("next", "/login")]).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::SEE_OTHER, ""), "{kind:?}");
    }
}
