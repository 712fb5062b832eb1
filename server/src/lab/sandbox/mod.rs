//! A sandbox: accounts, database, keys, clock and settings of one browser's experiments. It shares nothing with the
//! server that users log in to, except for the code.

mod account_end;
mod each;
mod measure;
mod renewals;
#[cfg(test)]
mod tests;
mod visitor;

use std::fs;

use app::lab::{Action, Choices, Column, Policy, SandboxReport, Text, Wait};
use auth::{
    Auth, AuthError, Base, Clock, Db, Hasher, Key, Keys, ModeInfo, NewKey, Role, Seconds, Settings, SigningAlgorithm,
    Table, Timestamp, UserId, random_bytes,
};
use axum::Router;
use tempfile::TempDir;
use tokio::{
    runtime::Handle,
    sync::{Mutex, MutexGuard},
    task,
};

pub use self::visitor::Visitor;
use super::{
    client::{Client, ORIGIN},
    column::{ModeColumn, USERNAME},
    har::Requests,
};
use crate::{Origin, ServerParts, router};

/// Two passwords, so that one can follow the other. Public: the accounts of a sandbox protect nothing.
const PASSWORDS: [&str; 2] = ["walnut copper meadow tram", "linen harbour acorn drift"];
/// The clock stands still, so a window of the throttle never ends. Its statements run as ever.
const THROTTLE: [(&str, &str); 5] = [
    ("THROTTLE_ANON", "1000000/min"),
    ("THROTTLE_REGISTER", "1000000/min"),
    ("THROTTLE_ACCOUNT", "1000000/min"),
    ("THROTTLE_ACCOUNT_TOTAL", "1000000/min"),
    ("THROTTLE_USER", "1000000/min"),
];
/// The settings of [`Policy::Strict`].
const STRICT: [(&str, &str); 2] = [("REFRESH_GRACE", "0"), ("REPLACED_CREDENTIAL", "end")];
/// Requests that write, over the life of a sandbox. Each leaves some rows, and nothing prunes a sandbox.
const WRITES_MAX: usize = 10_000;
/// The database, and the changes that SQLite has not moved into it yet.
const FILES: [&str; 2] = ["sandbox.db", "sandbox.db-wal"];
/// Tables without a row of a sign-in. They grow with each request.
const HIDDEN_TABLES: [&str; 3] = ["audit_events", "throttle", "known_addresses"];

/// The experiments of one browser.
pub struct Sandbox {
    foundation: Foundation,
    auth: Auth,
    clock: Clock,
    opened_at: Timestamp,
    router: Router,
    user: UserId,
    state: Mutex<State>,
    /// The requests of the columns.
    pub requests: Requests,
    files: TempDir,
}

/// What a sandbox is built from, and a copy of it again.
#[derive(Clone)]
struct Foundation {
    hasher: Hasher,
    site_root: String,
    choices: Choices,
    /// The root of its keys. It protects nothing but the sandbox.
    secret: [u8; 32],
}

struct State {
    columns: Vec<ModeColumn>,
    /// The current password's position in [`PASSWORDS`].
    password: usize,
    said: Text,
    writes: usize,
}

/// The right to act in a sandbox. One browser has one at a time.
pub struct Turn<'s> {
    sandbox: &'s Sandbox,
    state: MutexGuard<'s, State>,
}

impl Sandbox {
    /// Opens a sandbox whose clock starts at `now` and stands still.
    pub async fn open(hasher: Hasher, site_root: &str, choices: Choices, now: Timestamp) -> Result<Self, AuthError> {
        let secret = *random_bytes::<32>()?;
        Self::build(Foundation { hasher, site_root: site_root.to_owned(), choices, secret }, new_files()?, now).await
    }

    /// A server with the same secret and a copy of the database: what an attacker can run who has stolen both. No
    /// request to this sandbox may be under way.
    pub async fn copy(&self) -> Result<Self, AuthError> {
        let files = new_files()?;
        let pairs = FILES.map(|name| (self.files.path().join(name), files.path().join(name)));
        let copied = task::spawn_blocking(|| pairs.into_iter().try_for_each(|(from, to)| fs::copy(from, to).map(drop)));
        let copied = copied.await.is_ok_and(|copied| copied.is_ok());
        if !copied {
            return Err(AuthError::Internal("a database of a sandbox could not be copied"));
        }
        Self::build(self.foundation.clone(), files, self.auth.now()).await
    }

    async fn build(foundation: Foundation, files: TempDir, now: Timestamp) -> Result<Self, AuthError> {
        let db = connect(format!("sqlite://{}/{}", files.path().display(), FILES[0])).await?;
        let clock = Clock::manual(now);
        let Foundation { hasher, site_root, choices, secret } = foundation.clone();
        let keys = Keys::new(&secret, db.clone())?;
        let policy: &[_] = if choices.policy == Policy::Strict { &STRICT } else { &[] };
        let check = [("ACCESS_CHECK", choices.access_check.as_str())];
        let settings = check.iter().chain(policy).chain(&THROTTLE);
        let settings = Settings::new(settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let auth = Auth::new(Base::new(db, keys, settings)?, clock.clone(), hasher)?;
        let requests = Requests::default();
        let columns = auth.modes().map(|mode| ModeColumn::new(mode, requests.clone())).collect();
        let router = router(ServerParts::new(auth.clone(), &site_root, Origin::parse(ORIGIN)));
        let said = Text::fixed(
            "The sandbox is open. Log in to all modes.",
            "샌드박스가 열렸습니다. 모든 방식으로 로그인하십시오.",
        );
        let state = Mutex::new(State { columns, password: 0, said, writes: 0 });
        let user = if let Some(user) = auth.find_user(USERNAME).await? {
            user.id
        } else {
            let (user, _) = auth.register_as(USERNAME, PASSWORDS[0], Role::User).await?;
            user.ok_or(AuthError::Internal("a new database has an account"))?
        };
        Ok(Self { foundation, auth, clock, opened_at: now, router, user, state, requests, files })
    }

    /// The right to act. `None` while another action runs.
    pub fn turn(&self) -> Option<Turn<'_>> {
        Some(Turn { sandbox: self, state: self.state.try_lock().ok()? })
    }

    /// Waits for the right to act, and acts.
    ///
    /// # Errors
    /// As [`Turn::act`].
    pub async fn act(&self, action: Action, mode: Option<&str>) -> Result<(), AuthError> {
        Turn { sandbox: self, state: self.state.lock().await }.act(action, mode).await
    }

    /// What the page shows.
    pub async fn report(&self) -> Result<SandboxReport, AuthError> {
        let state = self.state.lock().await;
        let tables = self.tables().await?;
        let now = self.auth.now();
        let columns: Vec<Column> = state.columns.iter().map(|column| column.report(&tables, now)).collect();
        Ok(SandboxReport {
            now: now.0,
            moved: now.since(self.opened_at).0,
            choices: self.foundation.choices,
            said: state.said.clone(),
            columns,
        })
    }

    async fn tables(&self) -> Result<Vec<Table>, AuthError> {
        self.auth.db().tables(|name| !HIDDEN_TABLES.contains(&name)).await
    }

    /// The whole database, as a thief reads it.
    pub async fn dump(&self) -> Result<Vec<Table>, AuthError> {
        self.auth.db().tables(|_| true).await
    }

    /// The time of its clock.
    pub fn now(&self) -> Timestamp {
        self.auth.now()
    }

    /// Retires the key that signs and seals. A new key takes over first: without one, no login would succeed. `None` if
    /// there is no key yet.
    pub async fn retire_key(&self) -> Result<Option<Key>, AuthError> {
        let now = self.auth.now();
        let keys = self.auth.keys().await?;
        let Some(old) = Key::that_signs(&keys, now) else { return Ok(None) };
        self.auth.rotate_keys(NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: now }).await?;
        self.auth.retire_key(old.kid.as_str()).await?;
        Ok(Some(old.clone()))
    }

    /// The modes, in the order of the pages.
    pub fn modes(&self) -> impl Iterator<Item = &'static ModeInfo> + '_ {
        self.auth.modes()
    }

    /// Moves the clock forward to this instant.
    pub fn move_to(&self, at: Timestamp) {
        self.clock.advance(at.since(self.auth.now()));
    }

    /// A browser of the owner's, signed in by this mode. It has no column on the page.
    pub async fn visitor(&self, mode: &'static ModeInfo) -> Result<Visitor<'_>, AuthError> {
        let mut visitor = self.browser(mode);
        visitor.log_in().await?;
        Ok(visitor)
    }

    /// A browser of the owner's that is not signed in.
    pub fn browser(&self, mode: &'static ModeInfo) -> Visitor<'_> {
        self.at(Client::new(mode, Requests::default()))
    }

    /// This client as a visitor of this sandbox.
    pub fn at(&self, client: Client) -> Visitor<'_> {
        Visitor { sandbox: self, client }
    }
}

impl Turn<'_> {
    /// Does what the learner asked for, in one mode or in all.
    ///
    /// # Errors
    /// [`AuthError::UnknownMode`], and any error of the sandbox's server.
    pub async fn act(&mut self, action: Action, mode: Option<&str>) -> Result<(), AuthError> {
        if mode.is_some() && chosen(&mut self.state.columns, mode).is_empty() {
            return Err(AuthError::UnknownMode);
        }
        let (tables, now) = (self.sandbox.tables().await?, self.sandbox.auth.now());
        self.state.columns.iter_mut().for_each(|column| column.remember(&tables, now));
        let writes = self.state.writes + writes(action) * self.state.columns.len();
        self.state.said = if writes > WRITES_MAX {
            Text::fixed(
                "This sandbox has done all that it can do. Begin again.",
                "이 샌드박스는 할 수 있는 일을 다 했습니다. 다시 시작하십시오.",
            )
        } else {
            self.state.writes = writes;
            match action {
                Action::Each(each) => self.each(each, mode).await?,
                Action::End(end) => self.end(end, mode).await?,
                Action::Renew(renewals) => self.renew(renewals, mode).await?,
                Action::Measure => self.measure(mode).await?,
                Action::Wait(wait) => self.wait(wait),
            }
        };
        Ok(())
    }

    fn wait(&self, wait: Wait) -> Text {
        let length = match wait {
            Wait::FiveMinutes => Seconds::minutes(5),
            Wait::HalfAnHour => Seconds::minutes(30),
            Wait::TwelveHours => Seconds::hours(12),
        };
        self.sandbox.clock.advance(length);
        let minutes = length.0 / 60;
        Text::new(
            format!("The clock of this sandbox is {minutes} min later."),
            format!("이 샌드박스의 시계로 {minutes}분이 지났습니다."),
        )
    }
}

/// The requests of an action that write, in each mode.
fn writes(action: Action) -> usize {
    match action {
        Action::Renew(renewals) => renewals::count(renewals),
        Action::Each(_) | Action::End(_) | Action::Measure | Action::Wait(_) => 1,
    }
}

fn new_files() -> Result<TempDir, AuthError> {
    let files = tempfile::Builder::new().prefix("latchkey-lab-").tempdir();
    files.map_err(|_| AuthError::Internal("no temporary directory"))
}

/// Opens the database on a blocking thread: sqlx's future of the migrations is not `Send` for every lifetime, and
/// a handler cannot wait for it.
async fn connect(url: String) -> Result<Db, AuthError> {
    let runtime = Handle::current();
    let opened = task::spawn_blocking(move || runtime.block_on(Db::connect_small(&url))).await;
    opened.map_err(|_| AuthError::Internal("the database of a sandbox could not be opened"))?
}

/// The columns of one mode or of all.
fn chosen<'c>(columns: &'c mut [ModeColumn], mode: Option<&str>) -> Vec<&'c mut ModeColumn> {
    columns.iter_mut().filter(|column| mode.is_none_or(|mode| column.info.id.0 == mode)).collect()
}
