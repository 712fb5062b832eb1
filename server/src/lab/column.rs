//! One mode of a sandbox: the owner's browser, the thief, and what they did.

use app::lab::{Column, Compared, Cost, End, Exchange, Found, Holding, Person, Race, Rows, Story, Thief};
use auth::{AuthError, ModeInfo, Table, Timestamp};
use axum::Router;
use http::StatusCode;
use serde_json::Value;

use super::{
    ask::{Ask, Key},
    client::{Answer, Client, announced, reason},
    har::Requests,
    race::{self, Keys},
    rows,
    work::Costs,
};

/// The account of every sandbox.
pub const USERNAME: &str = "alice";

/// One mode of a sandbox.
pub struct ModeColumn {
    pub info: &'static ModeInfo,
    pub owner: Client,
    pub thief: Option<ThiefClient>,
    exchange: Option<Exchange>,
    race: Option<Race>,
    story: Option<Story>,
    costs: Costs,
    /// The credentials and rows before the last action, to mark what changed.
    before: Before,
}

#[derive(Default)]
struct Before {
    owner: Vec<Holding>,
    thief: Vec<Holding>,
    tables: Vec<Rows>,
}

/// A client with copies of the owner's credentials.
pub struct ThiefClient {
    client: Client,
    /// Whether the copies are of the owner's present sign-in.
    is_of_present: bool,
    end: Option<End>,
    found: Option<Found>,
}

impl ModeColumn {
    pub fn new(info: &'static ModeInfo, requests: Requests) -> Self {
        Self {
            info,
            owner: Client::new(info, requests),
            thief: None,
            exchange: None,
            race: None,
            story: None,
            costs: Costs::default(),
            before: Before::default(),
        }
    }

    pub async fn log_in(&mut self, router: &Router, password: &str, now: Timestamp) -> Result<StatusCode, AuthError> {
        let status = self.ask(router, Compared::LogIn, Ask::log_in(self.info, password), now).await?.status;
        if status.is_success()
            && let Some(thief) = &mut self.thief
        {
            thief.is_of_present = false;
        }
        Ok(status)
    }

    pub async fn me(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        Ok(self.ask(router, Compared::Me, Ask::me(self.info), now).await?.status)
    }

    pub async fn rotate(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        let ask = Ask::rotate(self.info, Key::new()?);
        Ok(self.ask(router, Compared::Rotate, ask, now).await?.status)
    }

    pub async fn log_out(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        let had_credential = !self.owner.is_empty(now);
        let answer = self.ask(router, Compared::LogOut, Ask::log_out(self.info), now).await?;
        self.owner.set_token(None);
        if had_credential && answer.status.is_success() {
            self.end(now, announced(&answer.headers, now));
        }
        Ok(answer.status)
    }

    /// A call for the account, by the credential of this mode: its path under `/api/account`, and its fields. Also
    /// returns the instant that the answer announces.
    pub async fn account(
        &mut self,
        router: &Router,
        call: &str,
        mut fields: Value,
        now: Timestamp,
    ) -> Result<(StatusCode, Option<Timestamp>), AuthError> {
        fields["mode"] = self.info.id.0.into();
        let answer = self.owner.send(router, Ask::post(format!("/api/account/{call}"), fields), now).await?;
        self.exchange = Some(answer.exchange);
        Ok((answer.status, announced(&answer.headers, now)))
    }

    /// Renews the owner's credential several times at once.
    pub async fn race(&mut self, router: &Router, count: usize, keys: Keys, now: Timestamp) -> Result<(), AuthError> {
        self.race = Some(race::race(&mut self.owner, router, self.info, count, keys, now).await?);
        Ok(())
    }

    /// The owner and a thief renew the same credential.
    pub async fn theft(&mut self, router: &Router, first: Person, now: Timestamp) -> Result<(), AuthError> {
        self.steal(now);
        if let Some(thief) = &mut self.thief {
            self.story = Some(race::theft(&mut self.owner, &mut thief.client, first, router, self.info, now).await?);
        }
        Ok(())
    }

    /// Copies the owner's credentials to a client that has nothing else.
    pub fn steal(&mut self, now: Timestamp) {
        let is_empty = self.owner.is_empty(now);
        let client = self.owner.stolen(now);
        self.thief = (!is_empty).then_some(ThiefClient { client, is_of_present: true, end: None, found: None });
    }

    pub async fn thief_me(&mut self, router: &Router, now: Timestamp) -> Result<Option<StatusCode>, AuthError> {
        let ask = Ask::me(self.info);
        Ok(self.thief_asks(router, ask, now).await?.map(|answer| answer.status))
    }

    pub async fn thief_rotate(&mut self, router: &Router, now: Timestamp) -> Result<Option<StatusCode>, AuthError> {
        let ask = Ask::rotate(self.info, Key::new()?);
        Ok(self.thief_asks(router, ask, now).await?.map(|answer| answer.status))
    }

    /// Begins a measurement. Its time counts from the end of the sign-in, if there was one.
    pub fn begin_measurement(&mut self, now: Timestamp) {
        if let Some(thief) = &mut self.thief {
            let from = thief.end.map_or(now.0, |end| end.at);
            thief.found = Some(Found { from, began: now.0, refused_at: None, requests: 0, reason: None });
        }
    }

    /// Whether the thief of the measurement has nothing or was refused.
    pub fn is_refused(&self) -> bool {
        let found = self.thief.as_ref().and_then(|thief| thief.found.as_ref());
        found.is_none_or(|found| found.refused_at.is_some())
    }

    /// The thief asks once more. Returns whether its copy still works.
    pub async fn measure(&mut self, router: &Router, now: Timestamp) -> Result<bool, AuthError> {
        let ask = Ask::me(self.info);
        let Some(answer) = self.thief_asks(router, ask, now).await? else { return Ok(false) };
        let Some(found) = self.thief.as_mut().and_then(|thief| thief.found.as_mut()) else { return Ok(false) };
        found.requests += 1;
        match answer.status {
            StatusCode::OK => Ok(true),
            StatusCode::UNAUTHORIZED => {
                found.refused_at = Some(now.0);
                found.reason = reason(&answer);
                Ok(false)
            }
            // A copy that is throttled neither works nor is it refused.
            _ => Err(AuthError::Internal("a measurement got an answer that says nothing about the copy")),
        }
    }

    /// The instant from which copies are refused, as the server announced it.
    pub fn announced(&self) -> Option<Timestamp> {
        self.thief.as_ref()?.end?.refused_from.map(Timestamp)
    }

    /// The sign-in has ended. Copies of an earlier one are not concerned.
    pub fn end(&mut self, at: Timestamp, refused_from: Option<Timestamp>) {
        if let Some(thief) = self.thief.as_mut().filter(|thief| thief.is_of_present) {
            thief.end = Some(End { at: at.0, refused_from: refused_from.map(|at| at.0) });
        }
    }

    /// The owner asks. A request that succeeds counts for the comparison.
    async fn ask(&mut self, router: &Router, action: Compared, ask: Ask, now: Timestamp) -> Result<Answer, AuthError> {
        let answer = self.owner.send(router, ask, now).await?;
        if answer.status.is_success() {
            self.costs.add(action, &answer.exchange.cost);
        }
        self.exchange = Some(answer.exchange.clone());
        Ok(answer)
    }

    async fn thief_asks(&mut self, router: &Router, ask: Ask, now: Timestamp) -> Result<Option<Answer>, AuthError> {
        let Some(thief) = &mut self.thief else { return Ok(None) };
        let answer = thief.client.send(router, ask, now).await?;
        self.exchange = Some(answer.exchange.clone());
        Ok(Some(answer))
    }

    /// Remembers what both sides hold, before an action. `tables` is the content of the sandbox's database.
    pub fn remember(&mut self, tables: &[Table], now: Timestamp) {
        let thief = self.thief.as_ref().map(|thief| thief.client.holdings(&[], now));
        let owner = self.owner.holdings(&[], now);
        self.before = Before { owner, thief: thief.unwrap_or_default(), tables: rows::of(self.info, tables, &[]) };
    }

    /// The column of the page. `tables` is the content of the sandbox's database.
    pub fn report(&self, tables: &[Table], now: Timestamp) -> Column {
        let costs: Vec<Cost> = self.costs.medians();
        Column {
            mode: self.info,
            exchange: self.exchange.clone(),
            owner: self.owner.holdings(&self.before.owner, now),
            thief: self.thief.as_ref().map(|thief| Thief {
                holds: thief.client.holdings(&self.before.thief, now),
                end: thief.end,
                found: thief.found.clone(),
            }),
            race: self.race.clone(),
            story: self.story.clone(),
            tables: rows::of(self.info, tables, &self.before.tables),
            costs,
        }
    }
}
