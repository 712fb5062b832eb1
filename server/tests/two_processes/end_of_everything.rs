//! One process ends all sign-ins of an account while the other one runs a call that issues a credential. No credential
//! from before the end is accepted after it, at either process.
//!
//! `RACE_ROUNDS=200 make unit` for the long run.

use std::time::Duration;

use auth::{
    Auth, Base, Clock, Db, Hasher, Keys, Role, Settings, Transport,
    testing::{PASSWORD, postgres_schema_url},
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::process::{APP_SECRET, Answer, Server, call};

const NEW_PASSWORD: &str = "copper lantern by the weir";
/// A cookie without a row is sealed again after a twentieth of its idle time, which is one second here.
const IDLE: (&str, &str) = ("COOKIE_IDLE_LIFETIME", "20");

/// About the duration of an expiry. A shorter call waits this long first, so that the expiry wins some rounds.
const EXPIRY: Duration = Duration::from_millis(4);

fn rounds() -> u32 {
    std::env::var("RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// The credential of one sign-in, as a client keeps it.
#[derive(Clone)]
struct Credential {
    mode: Mode,
    cookies: String,
    authorization: String,
    refresh: Value,
}

#[derive(Clone)]
struct Mode {
    id: String,
    is_browser: bool,
    /// Its cookie carries its own dates, and is renewed.
    is_sealed: bool,
}

impl Mode {
    fn path(&self, rest: &str) -> String {
        format!("/api/{}/{rest}", self.id)
    }

    async fn log_in(&self, port: u16, username: &str, password: &str) -> Option<Credential> {
        let nothing = Credential {
            mode: self.clone(),
            cookies: String::new(),
            authorization: String::new(),
            refresh: Value::Null,
        };
        let body = json!({"username": username, "password": password});
        nothing.later(&nothing.post(port, &self.path("login"), body).await)
    }
}

impl Credential {
    async fn call(&self, port: u16, request: &str, mut body: Value) -> Answer {
        let mut headers = vec![("cookie", self.cookies.as_str()), ("authorization", &self.authorization)];
        headers.retain(|(_, value)| !value.is_empty());
        if self.mode.is_browser {
            headers.push(("sec-fetch-site", "same-origin"));
        }
        if !self.refresh.is_null() {
            body["refresh"] = self.refresh.clone();
        }
        call(port, request, &headers, &body).await
    }

    async fn post(&self, port: u16, path: &str, body: Value) -> Answer {
        self.call(port, &format!("POST {path}"), body).await
    }

    /// The credential in this answer, if it has one.
    fn later(&self, Answer { status, cookies, body }: &Answer) -> Option<Self> {
        let token = body.get("token").or_else(|| body.get("access"));
        (*status == 200 && (token.is_some() || !cookies.is_empty())).then(|| Self {
            mode: self.mode.clone(),
            cookies: cookies.join("; "),
            authorization: token.map(|token| format!("Bearer {}", token.as_str().unwrap())).unwrap_or_default(),
            refresh: body.get("refresh").cloned().unwrap_or_default(),
        })
    }

    async fn assert_dead(&self, site: &Site, act: &str) {
        for port in site.ports() {
            let me = self.call(port, &format!("GET {}", self.mode.path("me")), json!({})).await;
            assert_eq!(me.status, 401, "{act}, {}: a credential lives: {}", self.mode.id, me.body);
            let rotated = self.post(port, &self.mode.path("rotate"), json!({})).await;
            assert_eq!(rotated.status, 401, "{act}, {}: a credential rotates: {}", self.mode.id, rotated.body);
        }
    }
}

struct Site {
    servers: [Server; 2],
    modes: Vec<Mode>,
}

impl Site {
    async fn start() -> Self {
        let database_url = postgres_schema_url().await.unwrap();
        let off = ["THROTTLE_ANON", "THROTTLE_REGISTER", "THROTTLE_ACCOUNT", "THROTTLE_ACCOUNT_TOTAL"]
            .map(|name| (name, "off"));
        let settings = [&off[..], &[IDLE]].concat();
        let servers = [Server::start(&database_url, &settings), Server::start(&database_url, &settings)];
        let db = Db::connect(&database_url).await.unwrap();
        let keys = Keys::new(APP_SECRET.as_bytes(), db.clone()).unwrap();
        let base = Base::new(db, keys, Settings::default()).unwrap();
        let auth = Auth::new(base, Clock::System, Hasher::new().unwrap()).unwrap();
        auth.register_as("root", PASSWORD, Role::Admin).await.unwrap();
        let modes = auth.modes().map(|mode| Mode {
            id: mode.id.to_string(),
            is_browser: mode.transport == Transport::Cookie,
            is_sealed: mode.transport == Transport::Cookie && mode.needs_key,
        });
        Self { modes: modes.collect(), servers }
    }

    fn ports(&self) -> [u16; 2] {
        [self.servers[0].port, self.servers[1].port]
    }

    /// Registers an account and returns its id.
    async fn register(&self, username: &str) -> String {
        let body = json!({"username": username, "password": PASSWORD});
        let registered = call(self.ports()[0], "POST /api/register", &[], &body).await;
        registered.body["id"].as_str().unwrap().to_owned()
    }

    /// Logs an administrator in, who expires accounts at the second process.
    async fn administrator(&self) -> Credential {
        self.modes[0].log_in(self.ports()[1], "root", PASSWORD).await.unwrap()
    }

    async fn expire(&self, root: &Credential, user: &str) {
        let path = format!("/api/admin/users/{user}/expire");
        let expired = root.post(self.ports()[1], &path, json!({"mode": root.mode.id})).await;
        assert_eq!(expired.status, 204, "{}", expired.body);
    }
}

/// The order of a call and of the end that it races with.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    /// The end begins so much later than the call. In each round, it falls at another point of the call.
    Concurrent(Duration),
    /// The end begins after the answer to the call: a round in which the call is sure to hand out a credential.
    CallFirst,
}

impl Order {
    fn rounds(longest: Duration) -> impl Iterator<Item = Self> {
        (0..rounds()).map(move |round| Self::Concurrent(longest * round / rounds())).chain([Self::CallFirst])
    }

    async fn run<A, B>(self, call: impl Future<Output = A>, end: impl Future<Output = B>) -> (A, B) {
        match self {
            Self::Concurrent(delay) => tokio::join!(call, async {
                sleep(delay).await;
                end.await
            }),
            Self::CallFirst => (call.await, end.await),
        }
    }
}

/// Races a call at the first process, delayed by `wait`, with the expiry of the account at the second process.
async fn race(act: &str, wait: Duration, longest: Duration, path: impl Fn(&Mode) -> String, body: Value) {
    let site = Site::start().await;
    let alice = site.register("alice").await;
    let mut password = PASSWORD;
    for mode in &site.modes {
        let root = site.administrator().await;
        for order in Order::rounds(longest) {
            let mine = mode.log_in(site.ports()[0], "alice", password).await.unwrap();
            let next = if password == PASSWORD { NEW_PASSWORD } else { PASSWORD };
            let mut body = body.clone();
            body["mode"] = json!(mode.id);
            body["password"] = json!(password);
            body["current"] = json!(password);
            body["new"] = json!(next);
            let path = path(mode);
            let action = async {
                sleep(wait).await;
                mine.post(site.ports()[0], &path, body).await
            };
            let (answer, ()) = order.run(action, site.expire(&root, &alice)).await;
            assert!(matches!(answer.status, 200 | 401 | 409), "{act}, {}: {} {}", mode.id, answer.status, answer.body);
            mine.assert_dead(&site, act).await;
            let later = mine.later(&answer);
            assert!(order != Order::CallFirst || later.is_some(), "{act}, {}: {}", mode.id, answer.body);
            if let Some(later) = later {
                later.assert_dead(&site, act).await;
                if path.ends_with("/password") {
                    password = next;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_rotation_at_another_process_leaves_no_successor() {
    race("rotation", EXPIRY, 2 * EXPIRY, |mode| mode.path("rotate"), json!({})).await;
}

#[tokio::test]
async fn a_caller_who_ends_all_others_at_another_process_ends_with_everything() {
    let path = |mode: &Mode| mode.path("credentials/end-others");
    race("end-others", Duration::ZERO, Duration::from_millis(80), path, json!({})).await;
}

#[tokio::test]
async fn a_caller_who_changes_the_password_at_another_process_ends_with_everything() {
    race("password", Duration::ZERO, Duration::from_millis(160), |_| "/api/account/password".to_owned(), json!({}))
        .await;
}

#[tokio::test]
async fn a_renewal_at_another_process_leaves_no_later_copy() {
    let site = Site::start().await;
    for mode in &site.modes {
        let root = site.administrator().await;
        let mut callers = Vec::new();
        for (round, order) in Order::rounds(2 * EXPIRY).enumerate() {
            let name = format!("{}-{round}", mode.id);
            let id = site.register(&name).await;
            callers.push((id, order, mode.log_in(site.ports()[0], &name, PASSWORD).await.unwrap()));
        }
        // One second after the last login, every cookie is due for re-sealing.
        sleep(Duration::from_secs(1)).await;
        for (id, order, mine) in callers {
            let me = format!("GET {}", mode.path("me"));
            let renewal = async {
                sleep(EXPIRY).await;
                mine.call(site.ports()[0], &me, json!({})).await
            };
            let (answer, ()) = order.run(renewal, site.expire(&root, &id)).await;
            mine.assert_dead(&site, "renewal").await;
            let later = mine.later(&answer);
            assert!(order != Order::CallFirst || later.is_some() == mode.is_sealed, "{}: renewed?", mode.id);
            if let Some(later) = later {
                later.assert_dead(&site, "renewal").await;
            }
        }
    }
}

#[tokio::test]
async fn a_login_by_the_old_password_at_another_process_is_born_dead() {
    let site = Site::start().await;
    site.register("alice").await;
    let mut password = PASSWORD;
    for mode in &site.modes {
        for order in Order::rounds(Duration::from_millis(160)) {
            let next = if password == PASSWORD { NEW_PASSWORD } else { PASSWORD };
            let changing = mode.log_in(site.ports()[1], "alice", password).await.unwrap();
            let change = async {
                let body = json!({"mode": mode.id, "current": password, "new": next});
                changing.post(site.ports()[1], "/api/account/password", body).await
            };
            let log_in = mode.log_in(site.ports()[0], "alice", password);
            let (late, changed) = order.run(log_in, change).await;
            assert_eq!(changed.status, 200, "{}: {}", mode.id, changed.body);
            assert!(order != Order::CallFirst || late.is_some(), "{}: no login", mode.id);
            if let Some(late) = late {
                late.assert_dead(&site, "login").await;
            }
            password = next;
        }
    }
}
