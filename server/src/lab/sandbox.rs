//! A sandbox: accounts, database, keys, clock and settings of one browser's experiments. It shares with the server that
//! users log in to nothing but the code.

use app::lab::{Column, Person, SandboxReport};
use auth::{
    Auth, AuthError, Base, Clock, Db, Hasher, Key, Keys, NewKey, Role, Seconds, Settings, SigningAlgorithm, Timestamp,
    UserId, random_bytes,
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
        let state = State { columns, password: 0, said: "The sandbox is open. Log in to all modes.".to_owned() };
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

#[cfg(test)]
mod tests {
    use app::lab::{StepKind, Verdict};

    use super::*;
    use crate::lab::action::{Check, Policy};

    const NOW: Timestamp = Timestamp(1_800_000_000);

    async fn open(check: Check) -> Sandbox {
        open_with(Choices { check, ..Choices::default() }).await
    }

    async fn open_with(choices: Choices) -> Sandbox {
        Sandbox::open(Hasher::new().unwrap(), "target/site", choices, NOW).await.unwrap()
    }

    async fn strict(action: Action) -> SandboxReport {
        let sandbox = open_with(Choices { policy: Policy::Strict, ..Choices::default() }).await;
        sandbox.act(action, None).await.unwrap();
        sandbox.report().await.unwrap()
    }

    async fn after(check: Check, actions: &[Action]) -> SandboxReport {
        let sandbox = open(check).await;
        for action in actions {
            sandbox.act(*action, None).await.unwrap();
        }
        sandbox.report().await.unwrap()
    }

    /// The seconds for which the copy of each mode worked.
    fn delays(report: &SandboxReport) -> Vec<(String, Option<i64>)> {
        let delay = |column: &Column| {
            let found = column.thief.as_ref().and_then(|thief| thief.found.as_ref()).unwrap();
            (column.mode.name.clone(), found.refused_at.map(|at| at - found.from))
        };
        report.columns.iter().map(delay).collect()
    }

    #[tokio::test]
    async fn every_mode_logs_in_and_is_recognised() {
        for action in [Action::LogIn, Action::Me, Action::Rotate] {
            let report = after(Check::Account, &[Action::LogIn, action]).await;
            for column in &report.columns {
                let exchange = column.exchange.as_ref().unwrap();
                assert_eq!(exchange.status, 200, "{action:?} {}: {:?}", column.mode.name, exchange.response_body);
                assert!(!column.owner.is_empty(), "{}", column.mode.name);
            }
        }
    }

    #[tokio::test]
    async fn me_reads_the_database_as_often_as_the_access_check_says() {
        for (check, stateless) in [(Check::Signature, 0), (Check::Account, 1), (Check::SignIn, 1)] {
            let report = after(check, &[Action::LogIn, Action::Me]).await;
            for column in &report.columns {
                let expected = if column.mode.remembers && !column.mode.renews_silently { 1 } else { stateless };
                let cost = &column.exchange.as_ref().unwrap().cost;
                let steps: Vec<_> = cost.steps.iter().map(|step| &step.name).collect();
                assert_eq!(cost.count(StepKind::Statement), expected, "{check:?} {}: {steps:?}", column.mode.name);
            }
        }
    }

    #[tokio::test]
    async fn no_copy_outlives_a_logout_everywhere() {
        let report = after(Check::Account, &[Action::LogIn, Action::Steal, Action::LogOutEverywhere, Action::Measure]);
        for (mode, delay) in delays(&report.await) {
            assert_eq!(delay, Some(0), "{mode}");
        }
    }

    #[tokio::test]
    async fn a_copy_is_refused_at_the_instant_that_the_logout_announces() {
        for check in [Check::Signature, Check::Account, Check::SignIn] {
            let report = after(check, &[Action::LogIn, Action::Steal, Action::LogOut, Action::Measure]).await;
            for column in &report.columns {
                let thief = column.thief.as_ref().unwrap();
                let refused_at = thief.found.as_ref().unwrap().refused_at;
                assert!(
                    refused_at.is_some() && refused_at <= thief.announced,
                    "{check:?} {}: {thief:?}",
                    column.mode.name
                );
            }
        }
    }

    #[tokio::test]
    async fn a_disabled_account_cannot_log_in_until_it_is_enabled() {
        let report = after(Check::Account, &[Action::Disable, Action::LogIn]).await;
        assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 401));
        let report = after(Check::Account, &[Action::Disable, Action::Enable, Action::LogIn]).await;
        assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
    }

    #[tokio::test]
    async fn a_change_of_the_password_keeps_the_sign_in_that_made_it_and_no_other() {
        let report = after(Check::Account, &[Action::LogIn, Action::ChangePassword, Action::Me]).await;
        let statuses: Vec<_> = report.columns.iter().map(|column| column.exchange.as_ref().unwrap().status).collect();
        assert_eq!(statuses, [&[200][..], &vec![401; statuses.len() - 1]].concat());
    }

    #[tokio::test]
    async fn a_retired_key_ends_exactly_what_it_sealed_or_signed() {
        let sandbox = open(Check::Account).await;
        for action in [Action::LogIn, Action::RetireKey, Action::Me] {
            sandbox.act(action, None).await.unwrap();
        }
        for column in sandbox.report().await.unwrap().columns {
            let info = sandbox.auth.mode(&column.mode.id.0).unwrap();
            let expected = if info.needs_key { 401 } else { 200 };
            assert_eq!(column.exchange.unwrap().status, expected, "{}", column.mode.name);
        }
    }

    #[tokio::test]
    async fn the_page_shows_no_credential() {
        let sandbox = open(Check::Account).await;
        for action in [Action::LogIn, Action::Steal, Action::Rotate, Action::ThiefMe] {
            sandbox.act(action, None).await.unwrap();
            let report = format!("{:?}", sandbox.report().await.unwrap());
            let state = sandbox.state.lock().await;
            for secret in state.columns.iter().flat_map(|column| column.owner.secrets()) {
                assert!(!report.contains(&secret), "{action:?}");
            }
        }
    }

    #[tokio::test]
    async fn two_sandboxes_share_neither_clock_nor_sign_in() {
        let (one, other) = (open(Check::Account).await, open(Check::Account).await);
        one.act(Action::LogIn, None).await.unwrap();
        one.act(Action::TwelveHours, None).await.unwrap();
        let report = other.report().await.unwrap();
        assert_eq!(report.moved, 0);
        assert!(report.columns.iter().all(|column| column.owner.is_empty()));
    }

    #[tokio::test]
    async fn what_an_action_changes_is_marked_until_the_next_one() {
        let sandbox = open(Check::Account).await;
        sandbox.act(Action::LogIn, None).await.unwrap();
        let changed = |report: &SandboxReport| {
            report.columns.iter().flat_map(|column| &column.owner).filter(|holding| holding.changed).count()
        };
        let report = sandbox.report().await.unwrap();
        assert!(changed(&report) >= report.columns.len());
        sandbox.act(Action::Me, Some("no mode")).await.unwrap();
        assert_eq!(changed(&sandbox.report().await.unwrap()), 0);
    }

    fn count(column: &Column, verdict: Verdict) -> usize {
        column.race.as_ref().unwrap().attempts.iter().filter(|attempt| attempt.verdict == verdict).count()
    }

    #[tokio::test]
    async fn eight_tabs_that_renew_at_once_stay_signed_in() {
        for column in after(Check::Account, &[Action::RaceTabs]).await.columns {
            let race = column.race.as_ref().unwrap();
            assert!(race.alive, "{}", column.mode.name);
            if column.mode.renews_silently {
                assert_eq!((count(&column, Verdict::Rotated), count(&column, Verdict::Retry), race.issued), (1, 7, 1));
            }
        }
    }

    #[tokio::test]
    async fn of_eight_programs_that_renew_one_stored_credential_one_wins() {
        for column in after(Check::Account, &[Action::RacePrograms]).await.columns {
            let race = column.race.as_ref().unwrap();
            let (rotated, expected) = (count(&column, Verdict::Rotated), if column.mode.remembers { 1 } else { 8 });
            assert_eq!((rotated, race.issued), (expected, expected), "{}: {race:?}", column.mode.name);
            // A second use of a refresh token by another caller is a theft.
            assert_eq!(race.alive, !column.mode.renews_silently, "{}: {race:?}", column.mode.name);
        }
    }

    #[tokio::test]
    async fn a_strict_policy_ends_the_sign_in_of_tabs_that_renew_at_once() {
        for column in strict(Action::RaceTabs).await.columns {
            assert_eq!(column.race.as_ref().unwrap().alive, !column.mode.remembers, "{}", column.mode.name);
        }
    }

    #[tokio::test]
    async fn a_theft_is_detected_where_a_second_use_ends_the_sign_in_by_either_order() {
        for first in [Action::ThiefFirst, Action::OwnerFirst] {
            for column in strict(first).await.columns {
                let story = column.story.as_ref().unwrap();
                let stays = !column.mode.remembers;
                assert_eq!((story.owner_works, story.thief_works), (stays, stays), "{first:?} {}", column.mode.name);
            }
        }
    }

    #[tokio::test]
    async fn by_default_who_renews_first_keeps_a_stored_credential_that_has_no_refresh_token() {
        for (first, owner, thief) in [(Action::ThiefFirst, false, true), (Action::OwnerFirst, true, false)] {
            for column in after(Check::Account, &[first]).await.columns {
                let story = column.story.as_ref().unwrap();
                let expected = match (column.mode.remembers, column.mode.renews_silently) {
                    (false, _) => (true, true),
                    (true, true) => (false, false),
                    (true, false) => (owner, thief),
                };
                assert_eq!((story.owner_works, story.thief_works), expected, "{first:?} {}", column.mode.name);
            }
        }
    }

    #[tokio::test]
    async fn the_standing_clock_throttles_no_login() {
        let report = after(Check::Account, &[Action::LogIn; 30]).await;
        assert!(report.columns.iter().all(|column| column.exchange.as_ref().unwrap().status == 200));
    }
}
