//! Pages for visitors without cookies, rendered at most once a second each.
//!
//! Rendering is the most expensive work that a request without a credential can cause, except for the hash of a
//! password. Such a page is the same for every visitor, except for the nonce of its Content-Security-Policy. Each copy
//! gets a new one: with a nonce that two answers share, an attacker could mark a script of their own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use auth::{Auth, Timestamp, random_bytes};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// Maximum number of pages that are kept: the query of a page is the visitor's choice.
const PAGES_MAX: usize = 64;
/// Bytes. A longer address is rendered each time.
const KEY_MAX_BYTES: usize = 512;
/// Bytes of a page. The largest one, the documentation of the API, has 190 kB.
const PAGE_MAX_BYTES: usize = 1024 * 1024;
const NONCE_BYTES: usize = 16;

/// The pages of the current second.
#[derive(Clone)]
pub struct AnonymousPages {
    auth: Auth,
    rendered: Arc<Mutex<Second>>,
}

#[derive(Default)]
struct Second {
    at: Option<Timestamp>,
    pages: HashMap<Key, Arc<Page>>,
}

/// What the content of a page depends on: its address, and these headers.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    headers: [Option<HeaderValue>; 2],
}

/// A page in pieces. A nonce stands between each two.
struct Page {
    headers: HeaderMap,
    policy: Vec<String>,
    body: Vec<String>,
}

impl AnonymousPages {
    pub fn new(auth: Auth) -> Self {
        Self { auth, rendered: Arc::default() }
    }

    fn find(&self, key: &Key) -> Option<Arc<Page>> {
        let rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if rendered.at == Some(self.auth.now()) { rendered.pages.get(key).cloned() } else { None }
    }

    fn keep(&self, key: Key, page: Arc<Page>, at: Timestamp) {
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if rendered.at != Some(at) {
            *rendered = Second { at: Some(at), pages: HashMap::new() };
        }
        if rendered.pages.len() < PAGES_MAX {
            rendered.pages.insert(key, page);
        }
    }
}

/// Answers with a copy of the page, or renders it.
pub async fn answer(
    State(pages): State<AnonymousPages>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let Some(key) = route.and_then(|_| key(&request)) else { return next.run(request).await };
    if let Some(copy) = pages.find(&key).and_then(|page| page.copy()) {
        return copy;
    }
    // Before the page is rendered: it must not show a time that is older than the second in which it is sent.
    let at = pages.auth.now();
    let (parts, body) = next.run(request).await.into_parts();
    let Some(nonce) = nonce(parts.status, &parts.headers) else { return Response::from_parts(parts, body) };
    // A page is complete before its first byte is sent (`SsrMode::Async`), so collecting it delays nothing.
    let Ok(body) = to_bytes(body, PAGE_MAX_BYTES).await else {
        tracing::error!("a page is longer than the maximum, or was not rendered to its end");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(page) = Page::new(&parts.headers, &body, &nonce) {
        pages.keep(key, Arc::new(page), at);
    }
    Response::from_parts(parts, Body::from(body))
}

/// `None` for a request whose answer may be for its sender alone, and for one with a header twice: the pages read all
/// values, and the key has one.
fn key(request: &Request) -> Option<Key> {
    let headers = request.headers();
    let is_anonymous = !headers.contains_key(header::COOKIE) && !headers.contains_key(header::AUTHORIZATION);
    let address = request.uri().path_and_query()?.as_str();
    let names = [header::HOST, header::ACCEPT_LANGUAGE];
    let is_repeated = names.iter().any(|name| headers.get_all(name).iter().nth(1).is_some());
    let varies = names.map(|name| headers.get(name).cloned());
    let bytes = address.len() + varies.iter().flatten().map(HeaderValue::len).sum::<usize>();
    let is_kept = request.method() == Method::GET && is_anonymous && !is_repeated && bytes <= KEY_MAX_BYTES;
    is_kept.then(|| Key { address: address.to_owned(), headers: varies })
}

/// The nonce of a page that is the same for every visitor. `None` for every other answer.
fn nonce(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    let (nonce, _) = policy.split_once("'nonce-")?.1.split_once('\'')?;
    (status == StatusCode::OK && !headers.contains_key(header::SET_COOKIE)).then(|| nonce.to_owned())
}

impl Page {
    fn new(headers: &HeaderMap, body: &Bytes, nonce: &str) -> Option<Self> {
        let pieces = |text: &str| text.split(nonce).map(str::to_owned).collect::<Vec<_>>();
        let policy = pieces(headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().ok()?);
        let body = pieces(std::str::from_utf8(body).ok()?);
        let mut headers = headers.clone();
        headers.remove(header::CONTENT_LENGTH);
        Some(Self { headers, policy, body })
    }

    /// The page with a nonce of its own. `None` if the system has no randomness.
    fn copy(&self) -> Option<Response> {
        let nonce = URL_SAFE_NO_PAD.encode(random_bytes::<NONCE_BYTES>().ok()?.as_slice());
        let policy = HeaderValue::from_str(&self.policy.join(&nonce)).ok()?;
        let mut response = Response::new(Body::from(self.body.join(&nonce)));
        response.headers_mut().clone_from(&self.headers);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        Some(response)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        sync::atomic::{AtomicU32, Ordering},
    };

    use auth::{
        Seconds,
        testing::{Driver, World},
    };
    use axum::{Router, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    struct Site {
        world: World,
        routes: Router,
    }

    impl Site {
        /// A page that says how often it was rendered.
        async fn new() -> Self {
            let world = World::new(Driver::Sqlite).await.unwrap();
            let renderings = Arc::new(AtomicU32::new(0));
            let render = move || {
                let rendering = renderings.fetch_add(1, Ordering::Relaxed);
                let nonce = format!("nonce-of-{rendering}");
                let policy = format!("script-src 'nonce-{nonce}'");
                async move {
                    ([(header::CONTENT_SECURITY_POLICY, policy)], format!("<script nonce=\"{nonce}\">{rendering}"))
                }
            };
            let pages = AnonymousPages::new(world.auth.clone());
            #[expect(clippy::disallowed_methods, reason = "a page is no call of the API")]
            let routes = Router::new().route("/", get(render));
            Self { world, routes: routes.layer(from_fn_with_state(pages, answer)) }
        }

        /// The number of the rendering, and the nonce of the answer.
        async fn get(&self, headers: &[(header::HeaderName, &str)]) -> (String, String) {
            let request = headers.iter().fold(Request::get("/"), |request, (name, value)| request.header(name, *value));
            let response = self.routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            let nonce = nonce(response.status(), response.headers()).unwrap();
            let body = to_bytes(response.into_body(), PAGE_MAX_BYTES).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            let rendering = text.strip_prefix(&format!("<script nonce=\"{nonce}\">")).unwrap();
            (rendering.to_owned(), nonce)
        }

        async fn rendering(&self, headers: &[(header::HeaderName, &str)]) -> String {
            self.get(headers).await.0
        }
    }

    #[tokio::test]
    async fn a_page_is_rendered_once_a_second() {
        let site = Site::new().await;
        assert_eq!((site.rendering(&[]).await, site.rendering(&[]).await), ("0".to_owned(), "0".to_owned()));
        site.world.clock.advance(Seconds(1));
        assert_eq!(site.rendering(&[]).await, "1");
    }

    #[tokio::test]
    async fn every_answer_has_a_nonce_of_its_own() {
        let site = Site::new().await;
        let mut nonces = BTreeSet::new();
        for _ in 0..10 {
            nonces.insert(site.get(&[]).await.1);
        }
        assert_eq!(nonces.len(), 10);
    }

    #[tokio::test]
    async fn a_request_with_a_credential_neither_leaves_a_copy_nor_gets_one() {
        let site = Site::new().await;
        for (number, name) in [(0, header::COOKIE), (1, header::AUTHORIZATION)] {
            assert_eq!(site.rendering(&[(name, "anything")]).await, number.to_string());
        }
        assert_eq!(site.rendering(&[]).await, "2");
    }

    #[tokio::test]
    async fn a_visitor_gets_no_copy_in_the_language_of_another() {
        let site = Site::new().await;
        for (number, language) in [(0, "en"), (1, "ko"), (0, "en")] {
            assert_eq!(site.rendering(&[(header::ACCEPT_LANGUAGE, language)]).await, number.to_string());
        }
    }

    #[tokio::test]
    async fn a_request_with_a_header_twice_neither_leaves_a_copy_nor_gets_one() {
        let site = Site::new().await;
        let (english, korean) = ((header::ACCEPT_LANGUAGE, "en"), (header::ACCEPT_LANGUAGE, "ko"));
        assert_eq!(site.rendering(&[english.clone(), korean]).await, "0");
        assert_eq!(site.rendering(&[english]).await, "1");
    }

    #[test]
    fn an_answer_that_sets_a_cookie_or_failed_is_not_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("script-src 'nonce-a' 'self'"));
        assert_eq!(nonce(StatusCode::OK, &headers).as_deref(), Some("a"));
        assert_eq!(nonce(StatusCode::NOT_FOUND, &headers), None);
        headers.insert(header::SET_COOKIE, HeaderValue::from_static("a=b"));
        assert_eq!(nonce(StatusCode::OK, &headers), None);
    }
}
