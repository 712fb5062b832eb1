//! A test client that keeps cookies and tokens, as a browser or a program does.

use std::collections::BTreeMap;

use auth::{
    ModeInfo, Transport,
    testing::{Driver, PASSWORD, World},
};
use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header, request::Parts};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use server::{ServerParts, router};
use tower::ServiceExt as _;

pub const HOST: &str = "latchkey.test";

/// A router and the test world behind it, with the user alice.
pub struct Site {
    pub world: World,
    pub router: Router,
}

impl Site {
    pub async fn new(driver: Driver) -> Self {
        Self::with_settings(driver, &[]).await
    }

    pub async fn with_settings(driver: Driver, settings: &[(&str, &str)]) -> Self {
        let world = World::with_settings(driver, settings).await.unwrap();
        world.sign_up("alice").await.unwrap();
        let router = router(ServerParts::new(world.auth.clone(), "target/site", None));
        Self { world, router }
    }

    pub fn modes(&self) -> Vec<&'static ModeInfo> {
        self.world.auth.modes().collect()
    }

    pub fn cookie_modes(&self) -> impl Iterator<Item = &'static ModeInfo> + use<> {
        self.modes().into_iter().filter(|mode| mode.transport == Transport::Cookie)
    }

    pub fn bearer_modes(&self) -> impl Iterator<Item = &'static ModeInfo> + use<> {
        self.modes().into_iter().filter(|mode| mode.transport == Transport::Bearer)
    }

    /// A client without cookies and tokens.
    pub fn client(&self, kind: Kind) -> Client {
        Client {
            router: self.router.clone(),
            kind,
            cookies: BTreeMap::new(),
            access: None,
            refresh: None,
            user_agent: None,
        }
    }

    /// A client that is signed in as alice in one mode.
    pub async fn signed_in(&self, kind: Kind, mode: &ModeInfo) -> Client {
        let mut client = self.client(kind);
        let answer = client.log_in(mode).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", mode.id, answer.body);
        client
    }
}

/// The kind of client: it decides which headers a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Our page in a current browser.
    OwnPage,
    /// A page of another site in a current browser.
    OtherSite,
    /// Our page in a browser without Fetch Metadata.
    OldBrowser,
    /// A page of another site in a browser without Fetch Metadata.
    OldBrowserOtherSite,
    /// A program, which is no browser.
    Program,
}

#[derive(Clone)]
pub struct Client {
    router: Router,
    pub kind: Kind,
    pub cookies: BTreeMap<String, String>,
    pub access: Option<String>,
    pub refresh: Option<String>,
    pub user_agent: Option<&'static str>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    /// Changes its credentials so that none of them can be read.
    pub fn damage(&mut self) {
        for value in self.cookies.values_mut() {
            value.push_str("AAAA");
        }
        self.access = self.access.take().map(|access| access + "AAAA");
    }

    pub async fn log_in(&mut self, mode: &ModeInfo) -> Answer {
        let body = json!({"username": "alice", "password": PASSWORD});
        self.post(&format!("/api/{}/login", mode.id), body).await
    }

    pub async fn me(&mut self, mode: &ModeInfo) -> Answer {
        self.get(&format!("/api/{}/me", mode.id)).await
    }

    /// A request head with the cookies of this client, to call `auth` directly.
    pub fn parts(&self) -> Parts {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        auth::testing::request(&[("cookie", &cookies.join("; "))])
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, mut body: Value) -> Answer {
        if let (Some(refresh), Some(fields)) = (&self.refresh, body.as_object_mut()) {
            fields.entry("refresh").or_insert_with(|| refresh.clone().into());
        }
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Submits a form, as a browser without scripts does.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html,application/xhtml+xml");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let unsafe_method = request.method() != Method::GET;
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert(HOST.parse().unwrap());
        let (site, origin) = match self.kind {
            Kind::OwnPage => (Some("same-origin"), Some("https://latchkey.test")),
            Kind::OtherSite => (Some("cross-site"), Some("https://evil.test")),
            Kind::OldBrowser => (None, Some("https://latchkey.test")),
            Kind::OldBrowserOtherSite => (None, Some("https://evil.test")),
            Kind::Program => (None, None),
        };
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        if let Some(origin) = origin.filter(|_| unsafe_method) {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(user_agent) = self.user_agent {
            headers.insert(header::USER_AGENT, user_agent.parse().unwrap());
        }
        if let Some(access) = &self.access {
            headers.entry(header::AUTHORIZATION).or_insert(format!("Bearer {access}").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = value.to_str().unwrap().split_once('=').unwrap();
            let (value, attributes) = rest.split_once(';').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let Ok(body) = serde_json::from_str::<Value>(&answer.body) else { return };
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        self.access = text("token").or_else(|| text("access")).or_else(|| self.access.take());
        self.refresh = text("refresh").or_else(|| self.refresh.take());
    }
}
