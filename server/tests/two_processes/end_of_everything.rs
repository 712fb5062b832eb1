//! One process ends all sign-ins of an account while the other one runs a call that issues a credential. No credential
//! from before the end is accepted after it, at either process.
//!
//! `RACE_ROUNDS=200 make unit` for the long run.

use std::time::Duration;

use auth::{
    Auth, Base, Clock, Db, Hasher, Keys, Role, Settings,
    testing::{PASSWORD, postgres_schema_url},
};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::process::{APP_SECRET, Answer, Server, call};

const NEW_PASSWORD: &str = "copper lantern by the weir";
/// The sealed cookie is re-sealed after a twentieth of its idle time, which is one second here.
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
        let listed = call(servers[0].port, "GET /api/modes", &[], &json!({})).await.body;
        let modes = listed.as_array().unwrap().iter().map(|mode| Mode {
            id: mode["id"].as_str().unwrap().to_owned(),
            is_browser: mode["transport"] == "cookie",
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

    async fn expire(&self, root: &Credential, user: &str, delay: Duration) {
        sleep(delay).await;
        let path = format!("/api/admin/users/{user}/expire");
        let expired = root.post(self.ports()[1], &path, json!({"mode": root.mode.id})).await;
        assert_eq!(expired.status, 204, "{}", expired.body);
    }
}

/// The delays of the rounds, from zero to `longest`: in each round the end hits the racing call at another point.
fn delays(longest: Duration) -> impl Iterator<Item = Duration> {
    (0..rounds()).map(move |round| longest * round / rounds())
}

/// Races a call at the first process, delayed by `wait`, with the expiry of the account at the second process.
async fn race(act: &str, wait: Duration, longest: Duration, path: impl Fn(&Mode) -> String, body: Value) {
    let site = Site::start().await;
    let alice = site.register("alice").await;
    let mut password = PASSWORD;
    for mode in &site.modes {
        let root = site.administrator().await;
        for delay in delays(longest) {
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
            let (answer, ()) = tokio::join!(action, site.expire(&root, &alice, delay));
            assert!(matches!(answer.status, 200 | 401 | 409), "{act}, {}: {} {}", mode.id, answer.status, answer.body);
            mine.assert_dead(&site, act).await;
            if let Some(later) = mine.later(&answer) {
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
        for (round, delay) in delays(2 * EXPIRY).enumerate() {
            let name = format!("{}-{round}", mode.id);
            let id = site.register(&name).await;
            callers.push((id, delay, mode.log_in(site.ports()[0], &name, PASSWORD).await.unwrap()));
        }
        // One second after the last login, every cookie is due for re-sealing.
        sleep(Duration::from_secs(1)).await;
        for (id, delay, mine) in callers {
            let me = format!("GET {}", mode.path("me"));
            let renewal = async {
                sleep(EXPIRY).await;
                mine.call(site.ports()[0], &me, json!({})).await
            };
            let (answer, ()) = tokio::join!(renewal, site.expire(&root, &id, delay));
            mine.assert_dead(&site, "renewal").await;
            if let Some(later) = mine.later(&answer) {
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
        for delay in delays(Duration::from_millis(160)) {
            let next = if password == PASSWORD { NEW_PASSWORD } else { PASSWORD };
            let changing = mode.log_in(site.ports()[1], "alice", password).await.unwrap();
            let change = async {
                let body = json!({"mode": mode.id, "current": password, "new": next});
                changing.post(site.ports()[1], "/api/account/password", body).await
            };
            let log_in = async {
                sleep(delay).await;
                mode.log_in(site.ports()[0], "alice", password).await
            };
            let (changed, late) = tokio::join!(change, log_in);
            assert_eq!(changed.status, 200, "{}: {}", mode.id, changed.body);
            if let Some(late) = late {
                late.assert_dead(&site, "login").await;
            }
            password = next;
        }
    }
}
