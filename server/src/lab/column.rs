//! One mode of a sandbox: the owner's browser, the thief, and what they did.

use app::lab::{Column, Cost, Exchange, Found, Holding, Person, Race, Rows, Story, Thief, Work};
use auth::{AuthError, ModeInfo, Revocation, Table, Timestamp};
use axum::Router;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    client::{Answer, Ask, Client, Site, announced, reason},
    race::{self, Keys},
    rows, work,
};

/// Requests of one action that its cost is computed from. Older ones are dropped.
const REQUESTS_MAX: usize = 1000;
/// The account of every sandbox.
pub const USERNAME: &str = "alice";

/// One mode of a sandbox.
pub struct ModeColumn {
    pub info: &'static ModeInfo,
    pub owner: Client,
    pub thief: Option<ThiefClient>,
    pub exchange: Option<Exchange>,
    race: Option<Race>,
    story: Option<Story>,
    works: Vec<(&'static str, Vec<Work>)>,
    /// What the page showed before the last action, to mark what changed.
    shown: Shown,
}

#[derive(Default)]
struct Shown {
    owner: Vec<Holding>,
    thief: Vec<Holding>,
    tables: Vec<Rows>,
}

/// A client with copies of the owner's credentials.
pub struct ThiefClient {
    pub client: Client,
    pub announced: Option<Timestamp>,
    pub found: Option<Found>,
}

impl ModeColumn {
    pub fn new(info: &'static ModeInfo) -> Self {
        Self {
            info,
            owner: Client::default(),
            thief: None,
            exchange: None,
            race: None,
            story: None,
            works: Vec::new(),
            shown: Shown::default(),
        }
    }

    pub async fn log_in(&mut self, router: &Router, password: &str, now: Timestamp) -> Result<StatusCode, AuthError> {
        let body = json!({ "username": USERNAME, "password": password });
        let answer = self.ask(router, "log in", "login", Some(body), now).await?;
        Ok(answer.status)
    }

    pub async fn me(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        Ok(self.get(router, now).await?.status)
    }

    pub async fn rotate(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        Ok(self.ask(router, "rotate", "rotate", Some(json!({})), now).await?.status)
    }

    pub async fn log_out(&mut self, router: &Router, now: Timestamp) -> Result<StatusCode, AuthError> {
        let answer = self.ask(router, "log out", "logout", Some(json!({})), now).await?;
        self.owner.forget_token();
        self.announce(announced(&answer.headers, now));
        Ok(answer.status)
    }

    /// A call for the account, by the credential of this mode: its path under `/api/account`, and its fields.
    pub async fn account(
        &mut self,
        router: &Router,
        call: &str,
        mut fields: Value,
        now: Timestamp,
    ) -> Result<(StatusCode, Option<Timestamp>), AuthError> {
        fields["mode"] = self.info.id.0.into();
        let (method, path) = (Method::POST, format!("/api/account/{call}"));
        let ask = Ask { method, path, body: Some(fields), mode: self.info, key: None, from: Site::Own };
        let answer = self.owner.send(router, ask, now).await?;
        self.exchange = Some(answer.exchange);
        Ok((answer.status, announced(&answer.headers, now)))
    }

    /// A page of another site makes the owner's browser submit a form.
    pub async fn forge(&mut self, router: &Router, now: Timestamp) -> Result<Exchange, AuthError> {
        let path = format!("/api/{}/rotate", self.info.id);
        let ask =
            Ask { method: Method::POST, path, body: Some(json!({})), mode: self.info, key: None, from: Site::Other };
        Ok(self.owner.send(router, ask, now).await?.exchange)
    }

    /// Renews the owner's credential several times at once.
    pub async fn race(&mut self, router: &Router, count: usize, keys: Keys, now: Timestamp) -> Result<(), AuthError> {
        self.race = Some(race::race(&mut self.owner, router, self.info, count, keys, now).await?);
        Ok(())
    }

    /// The owner and a thief renew the same credential.
    pub async fn theft(&mut self, router: &Router, first: Person, now: Timestamp) -> Result<(), AuthError> {
        self.steal();
        if let Some(thief) = &mut self.thief {
            let story = race::theft(&mut self.owner, &mut thief.client, first, router, self.info, now).await?;
            self.story = Some(story);
        }
        Ok(())
    }

    /// Copies the owner's credentials to a client that has nothing else.
    pub fn steal(&mut self) {
        let client = self.owner.stolen();
        self.thief = (!client.is_empty()).then_some(ThiefClient { client, announced: None, found: None });
    }

    pub async fn thief_me(&mut self, router: &Router, now: Timestamp) -> Result<Option<StatusCode>, AuthError> {
        Ok(self.thief_asks(router, Method::GET, "me", None, now).await?.map(|answer| answer.status))
    }

    pub async fn thief_rotate(&mut self, router: &Router, now: Timestamp) -> Result<Option<StatusCode>, AuthError> {
        let answer = self.thief_asks(router, Method::POST, "rotate", Some(json!({})), now).await?;
        Ok(answer.map(|answer| answer.status))
    }

    /// The thief asks once more for the measurement. Returns whether it is still waiting to be refused.
    pub async fn measure(&mut self, router: &Router, now: Timestamp) -> Result<bool, AuthError> {
        let Some(answer) = self.thief_asks(router, Method::GET, "me", None, now).await? else { return Ok(false) };
        let Some(thief) = &mut self.thief else { return Ok(false) };
        let start = || Found { from: now.0, refused_at: None, requests: 0, reason: None };
        let found = thief.found.get_or_insert_with(start);
        found.requests += 1;
        if answer.status == StatusCode::UNAUTHORIZED {
            found.refused_at = Some(now.0);
            found.reason = reason(&answer);
        }
        Ok(found.refused_at.is_none())
    }

    /// Forgets the last measurement.
    pub fn begin_measurement(&mut self) {
        if let Some(thief) = &mut self.thief {
            thief.found = None;
        }
    }

    /// The instant at which the server announced that the copies are refused, if it is still to come.
    pub fn awaited(&self, now: Timestamp) -> Option<Timestamp> {
        self.thief.as_ref()?.announced.filter(|at| *at > now)
    }

    pub fn announce(&mut self, refused_at: Option<Timestamp>) {
        if let Some(thief) = &mut self.thief {
            thief.announced = refused_at;
        }
    }

    /// An end of everything is announced as one instant, or as none for modes whose credentials are checked.
    pub fn announce_end(&mut self, revocation: Revocation, now: Timestamp) {
        self.announce(match revocation {
            Revocation::Immediate => Some(now),
            Revocation::AtExpiry(until) => Some(until),
            Revocation::Unreadable => None,
        });
    }

    async fn get(&mut self, router: &Router, now: Timestamp) -> Result<Answer, AuthError> {
        let path = format!("/api/{}/me", self.info.id);
        let ask = Ask { method: Method::GET, path, body: None, mode: self.info, key: None, from: Site::Own };
        let answer = self.owner.send(router, ask, now).await?;
        self.keep("/me", &answer.exchange);
        Ok(answer)
    }

    async fn ask(
        &mut self,
        router: &Router,
        action: &'static str,
        call: &str,
        body: Option<Value>,
        now: Timestamp,
    ) -> Result<Answer, AuthError> {
        let path = format!("/api/{}/{call}", self.info.id);
        let key = (call == "rotate").then(race::key).transpose()?;
        let answer = self
            .owner
            .send(router, Ask { method: Method::POST, path, body, mode: self.info, key, from: Site::Own }, now)
            .await?;
        self.keep(action, &answer.exchange);
        Ok(answer)
    }

    async fn thief_asks(
        &mut self,
        router: &Router,
        method: Method,
        call: &str,
        body: Option<Value>,
        now: Timestamp,
    ) -> Result<Option<Answer>, AuthError> {
        let Some(thief) = &mut self.thief else { return Ok(None) };
        let path = format!("/api/{}/{call}", self.info.id);
        let key = (call == "rotate").then(race::key).transpose()?;
        let answer =
            thief.client.send(router, Ask { method, path, body, mode: self.info, key, from: Site::Own }, now).await?;
        self.exchange = Some(Exchange { by_thief: true, ..answer.exchange.clone() });
        Ok(Some(answer))
    }

    fn keep(&mut self, action: &'static str, exchange: &Exchange) {
        self.exchange = Some(exchange.clone());
        let work = exchange.cost.clone();
        match self.works.iter_mut().find(|(name, _)| *name == action) {
            Some((_, works)) => {
                if works.len() == REQUESTS_MAX {
                    works.remove(0);
                }
                works.push(work);
            }
            None => self.works.push((action, vec![work])),
        }
    }

    /// The column of the page. `tables` is the content of the sandbox's database.
    pub fn report(&mut self, tables: &[Table]) -> Column {
        let owner = self.owner.holdings(&self.shown.owner);
        let thief_holds = self.thief.as_ref().map(|thief| thief.client.holdings(&self.shown.thief));
        let tables = rows::of(self.info, tables, &self.shown.tables);
        let costs: Vec<Cost> = self.works.iter().filter_map(|(action, works)| work::cost(action, works)).collect();
        let thief = self.thief.as_ref().zip(thief_holds.clone()).map(|(thief, holds)| Thief {
            holds,
            announced: thief.announced.map(|at| at.0),
            found: thief.found.clone(),
        });
        self.shown = Shown { owner: owner.clone(), thief: thief_holds.unwrap_or_default(), tables: tables.clone() };
        Column {
            mode: app::ssr::mode_info(self.info),
            exchange: self.exchange.clone(),
            owner,
            thief,
            race: self.race.clone(),
            story: self.story.clone(),
            tables,
            costs,
        }
    }
}
