//! A sandbox: accounts, database, keys, clock and settings of one browser's experiments. It shares with the server that
//! users log in to nothing but the code.

#[cfg(test)]
mod tests;

use app::lab::{Claim, Column, Exchange, Person, SandboxReport};
use auth::{
    Auth, AuthError, Base, Clock, Db, Hasher, Key, Keys, ModeInfo, NewKey, Role, Seconds, Settings, SigningAlgorithm,
    Timestamp, UserId, random_bytes,
};
use axum::Router;
use http::StatusCode;
use serde_json::json;
use tempfile::TempDir;
use tokio::{runtime::Handle, sync::Mutex, task};

use super::{
    action::{Action, Choices},
    client::ORIGIN,
    column::{ModeColumn, USERNAME},
    race::Keys as IdempotencyKeys,
};
use crate::{Origin, ServerParts, router};

/// Two passwords, so that one can follow the other. Public: the accounts of a sandbox protect nothing.
const PASSWORDS: [&str; 2] = ["walnut copper meadow tram", "linen harbour acorn drift"];
/// A measurement ends after this time on the sandbox's clock. No copy of a stateless credential works for longer.
const LONGEST: Seconds = Seconds(12 * 3600 + 60);
/// The time between two requests: in the first half an hour, and after it. Less than any idle limit, so that the copy
/// stays in use.
const STEPS: [Seconds; 2] = [Seconds::minutes(1), Seconds::minutes(5)];
/// The clock stands still, so a window of the throttle never ends. Its statements run as ever.
const THROTTLE: [(&str, &str); 2] = [("THROTTLE_ANON", "100000/min"), ("THROTTLE_ACCOUNT", "100000/min")];
/// Renewals of a race, and of a crowded one.
const RACE: [usize; 2] = [8, 64];
/// Requests of the action that is run many times.
const MANY: usize = 100;

/// The experiments of one browser.
pub struct Sandbox {
    auth: Auth,
    clock: Clock,
    opened_at: Timestamp,
    choices: Choices,
    router: Router,
    user: UserId,
    state: Mutex<State>,
    _files: TempDir,
}

struct State {
    columns: Vec<ModeColumn>,
    /// The current password's position in [`PASSWORDS`].
    password: usize,
    said: String,
    claims: Vec<Claim>,
}

impl Sandbox {
    /// Opens a sandbox whose clock starts at `now` and stands still.
    pub async fn open(hasher: Hasher, site_root: &str, choices: Choices, now: Timestamp) -> Result<Self, AuthError> {
        let files = tempfile::tempdir().map_err(|_| AuthError::Internal("no temporary directory"))?;
        let db = connect(format!("sqlite://{}/sandbox.db", files.path().display())).await?;
        let clock = Clock::manual(now);
        let keys = Keys::new(random_bytes::<32>()?.as_slice(), db.clone())?;
        let check = [("ACCESS_CHECK", choices.check.as_str())];
        let settings = check.iter().chain(choices.policy.settings()).chain(&THROTTLE);
        let settings = Settings::new(settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let auth = Auth::new(Base::new(db, keys, settings)?, clock.clone(), hasher)?;
        let (user, _) = auth.register_as(USERNAME, PASSWORDS[0], Role::User).await?;
        let user = user.ok_or(AuthError::Internal("a new database has an account"))?;
        let columns = auth.modes().map(ModeColumn::new).collect();
        let router = router(ServerParts::new(auth.clone(), site_root, Origin::parse(ORIGIN)));
        let state = State {
            columns,
            password: 0,
            said: "The sandbox is open. Log in to all modes.".to_owned(),
            claims: Vec::new(),
        };
        Ok(Self { auth, clock, opened_at: now, choices, router, user, state: Mutex::new(state), _files: files })
    }

    /// Does what the learner asked for, in one mode or in all. Two requests of one browser wait for each other.
    pub async fn act(&self, action: Action, mode: Option<&str>) -> Result<(), AuthError> {
        let mut state = self.state.lock().await;
        let said = match action {
            Action::Open => "The sandbox is open.".to_owned(),
            Action::FiveMinutes => self.advance(Seconds::minutes(5)),
            Action::HalfAnHour => self.advance(Seconds::minutes(30)),
            Action::TwelveHours => self.advance(Seconds::hours(12)),
            Action::Disable => {
                let revocation = self.auth.disable(&self.user).await?;
                state.columns.iter_mut().for_each(|column| column.announce_end(revocation, self.auth.now()));
                "The account is disabled. No credential of it works, and no login succeeds.".to_owned()
            }
            Action::Enable => {
                self.auth.enable(&self.user).await?;
                "The account is enabled. The old sign-ins stay ended: log in again.".to_owned()
            }
            Action::RetireKey => self.retire_key(&mut state).await?,
            Action::LogOutEverywhere | Action::ChangePassword => self.end_everything(&mut state, action, mode).await?,
            Action::Measure => self.measure(&mut state, mode).await?,
            Action::RaceTabs => self.race(&mut state, mode, RACE[0], IdempotencyKeys::Shared).await?,
            Action::RacePrograms => self.race(&mut state, mode, RACE[0], IdempotencyKeys::Separate).await?,
            Action::RaceCrowd => self.race(&mut state, mode, RACE[1], IdempotencyKeys::Separate).await?,
            Action::ThiefFirst => self.theft(&mut state, mode, Person::Thief).await?,
            Action::OwnerFirst => self.theft(&mut state, mode, Person::Owner).await?,
            _ => self.in_each(&mut state, action, mode).await?,
        };
        state.said = said;
        Ok(())
    }

    /// What the page shows.
    pub async fn report(&self) -> Result<SandboxReport, AuthError> {
        let tables = self.auth.db().tables().await?;
        let mut state = self.state.lock().await;
        let columns: Vec<Column> = state.columns.iter_mut().map(|column| column.report(&tables)).collect();
        let now = self.auth.now();
        Ok(SandboxReport {
            now: now.0,
            moved: now.since(self.opened_at).0,
            access_check: self.choices.check.as_str(),
            policy: self.choices.policy.shown(),
            said: state.said.clone(),
            columns,
        })
    }

    /// The modes, in the order of the pages.
    pub fn modes(&self) -> impl Iterator<Item = &'static ModeInfo> + '_ {
        self.auth.modes()
    }

    /// A page of another site makes the owner's browser submit a form to this mode.
    pub async fn forge(&self, mode: &str) -> Result<Exchange, AuthError> {
        let mut state = self.state.lock().await;
        let column = chosen(&mut state.columns, Some(mode)).pop().ok_or(AuthError::UnknownMode)?;
        column.forge(&self.router, self.auth.now()).await
    }

    /// The owner deletes the cookies of this mode in the browser.
    pub async fn delete_cookies(&self, mode: &str) -> Result<(), AuthError> {
        let mut state = self.state.lock().await;
        let column = chosen(&mut state.columns, Some(mode)).pop().ok_or(AuthError::UnknownMode)?;
        column.owner.delete_cookies();
        Ok(())
    }

    /// Moves the clock forward to this instant.
    pub fn move_to(&self, at: Timestamp) {
        self.clock.advance(at.since(self.auth.now()));
    }

    /// The last ledger of claims.
    pub async fn claims(&self) -> Vec<Claim> {
        self.state.lock().await.claims.clone()
    }

    /// Keeps a ledger of claims for the page.
    pub async fn keep_claims(&self, claims: Vec<Claim>) {
        self.state.lock().await.claims = claims;
    }

    fn advance(&self, length: Seconds) -> String {
        self.clock.advance(length);
        format!("The clock of this sandbox is {} min later.", length.0 / 60)
    }

    async fn in_each(&self, state: &mut State, action: Action, mode: Option<&str>) -> Result<String, AuthError> {
        let now = self.auth.now();
        let (router, password) = (&self.router, PASSWORDS[state.password]);
        let mut said = Vec::new();
        for column in chosen(&mut state.columns, mode) {
            let status = match action {
                Action::LogIn => Some(column.log_in(router, password, now).await?),
                Action::Me => Some(column.me(router, now).await?),
                Action::HundredMe => {
                    let mut last = StatusCode::OK;
                    for _ in 0..MANY {
                        last = column.me(router, now).await?;
                    }
                    Some(last)
                }
                Action::Rotate => Some(column.rotate(router, now).await?),
                Action::LogOut => Some(column.log_out(router, now).await?),
                Action::ThiefMe => column.thief_me(router, now).await?,
                Action::ThiefRotate => column.thief_rotate(router, now).await?,
                _ => {
                    column.steal();
                    column.thief.as_ref().map(|_| StatusCode::OK)
                }
            };
            said.push(match (action, status) {
                (Action::Steal, None) => format!("{}: there is nothing to steal", column.info.name),
                (Action::Steal, Some(_)) => format!("{}: copied", column.info.name),
                (_, None) => format!("{}: the thief has nothing", column.info.name),
                (_, Some(status)) => format!("{}: {}", column.info.name, status.as_u16()),
            });
        }
        Ok(said.join(" · "))
    }

    /// A logout everywhere, or a change of the password, by the credential of the first mode that is signed in.
    async fn end_everything(&self, state: &mut State, action: Action, mode: Option<&str>) -> Result<String, AuthError> {
        let now = self.auth.now();
        let old = PASSWORDS[state.password];
        let new = (state.password + 1) % PASSWORDS.len();
        let Some(column) = chosen(&mut state.columns, mode).into_iter().find(|column| !column.owner.is_empty()) else {
            return Ok("The owner is not signed in.".to_owned());
        };
        let name = column.info.name;
        let (status, refused_at) = match action {
            Action::ChangePassword => {
                let fields = json!({ "current": old, "new": PASSWORDS[new] });
                column.account(&self.router, "password", fields, now).await?
            }
            _ => column.account(&self.router, "logout-everywhere", json!({}), now).await?,
        };
        if !status.is_success() {
            return Ok(format!("{name}: {}", status.as_u16()));
        }
        if action == Action::ChangePassword {
            state.password = new;
        }
        state.columns.iter_mut().for_each(|column| column.announce(refused_at));
        Ok(match action {
            Action::ChangePassword => {
                format!(
                    "The password is changed, by {name}. Every other sign-in has ended; this one has a new credential."
                )
            }
            _ => format!("The account is logged out everywhere, by {name}."),
        })
    }

    /// Retires the key that signs and seals. A new key takes over first: without one, no login would succeed.
    async fn retire_key(&self, state: &mut State) -> Result<String, AuthError> {
        let now = self.auth.now();
        let keys = self.auth.keys().await?;
        let Some(old) = Key::that_signs(&keys, now) else {
            return Ok("There is no key yet: it is created by the first login that needs one.".to_owned());
        };
        let new = NewKey { kid: None, algorithm: SigningAlgorithm::Hs256, active_from: now };
        self.auth.rotate_keys(new).await?;
        self.auth.retire_key(old.kid.as_str()).await?;
        for column in state.columns.iter_mut().filter(|column| column.info.needs_key) {
            column.announce(Some(now));
        }
        Ok(format!("The key {} is retired. What it sealed or signed is refused.", old.kid.as_str()))
    }

    async fn race(
        &self,
        state: &mut State,
        mode: Option<&str>,
        count: usize,
        keys: IdempotencyKeys,
    ) -> Result<String, AuthError> {
        let (now, password) = (self.auth.now(), PASSWORDS[state.password]);
        for column in chosen(&mut state.columns, mode) {
            if column.log_in(&self.router, password, now).await? == StatusCode::OK {
                column.race(&self.router, count, keys, now).await?;
            }
        }
        Ok(format!("{count} renewals of one credential were sent at once."))
    }

    async fn theft(&self, state: &mut State, mode: Option<&str>, first: Person) -> Result<String, AuthError> {
        let (now, password) = (self.auth.now(), PASSWORDS[state.password]);
        for column in chosen(&mut state.columns, mode) {
            if column.log_in(&self.router, password, now).await? == StatusCode::OK {
                column.theft(&self.router, first, now).await?;
            }
        }
        Ok("The owner and the thief have renewed the same credential.".to_owned())
    }

    /// The thief of each mode asks until it is refused. The clock moves between the requests.
    async fn measure(&self, state: &mut State, mode: Option<&str>) -> Result<String, AuthError> {
        chosen(&mut state.columns, mode).into_iter().for_each(ModeColumn::begin_measurement);
        let from = self.auth.now();
        loop {
            let now = self.auth.now();
            let step = if now.since(from) < Seconds::minutes(30) { STEPS[0] } else { STEPS[1] };
            let (mut waits, mut next) = (false, now.plus(step));
            for column in chosen(&mut state.columns, mode) {
                let is_refused = column
                    .thief
                    .as_ref()
                    .is_none_or(|thief| thief.found.as_ref().is_some_and(|found| found.refused_at.is_some()));
                if !is_refused && column.measure(&self.router, now).await? {
                    waits = true;
                    // Ask one second before the announced instant, and at it.
                    let instants = column.awaited(now).map(|at| [Timestamp(at.0 - 1), at]);
                    let instants = instants.into_iter().flatten().filter(|at| *at > now);
                    next = instants.fold(next, Timestamp::min);
                }
            }
            if !waits || next.since(from) > LONGEST {
                break;
            }
            self.clock.advance(next.since(now));
        }
        Ok("The thief has asked until it was refused, or for 12 hours of the sandbox's clock.".to_owned())
    }
}

/// Opens the database on a blocking thread: sqlx's future of the migrations is not `Send` for every lifetime, and
/// a handler cannot wait for it.
async fn connect(url: String) -> Result<Db, AuthError> {
    let runtime = Handle::current();
    let opened = task::spawn_blocking(move || runtime.block_on(Db::connect(&url))).await;
    opened.map_err(|_| AuthError::Internal("the database of a sandbox could not be opened"))?
}

/// The columns of one mode or of all.
fn chosen<'c>(columns: &'c mut [ModeColumn], mode: Option<&str>) -> Vec<&'c mut ModeColumn> {
    columns.iter_mut().filter(|column| mode.is_none_or(|mode| column.info.id.0 == mode)).collect()
}
