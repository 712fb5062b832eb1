//! When a client renews its access token: each strategy works for one hour of a sandbox's clock.

use app::lab::{Check, Event, EventKind, Hour, Hours, Text};
use auth::{AuthError, ModeInfo, Seconds, Timestamp};

use super::{
    sandbox::{Sandbox, Visitor},
    study::Study,
};

/// The requests of the user, as (first second, last second, seconds between two) of each tab: one works for twenty
/// minutes, one for two times five, and one asks for news all the time.
const REQUESTS: [&[(i64, i64, i64)]; 3] = [&[(0, 1200, 20)], &[(600, 900, 30), (2400, 2700, 30)], &[(0, 3600, 120)]];
const HOUR: i64 = 3600;
/// A client that renews in time does so this long before the expiry.
const AHEAD: i64 = 30;
/// The clock of a client that is slow.
const SLOW: i64 = 120;

/// When a client renews.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// After a refusal.
    Refused,
    /// Before a request, if the token expires soon by this clock, which is so many seconds slow.
    Ahead { slow: i64 },
    /// By a timer, whether the user needs the token or not.
    Timer,
}

struct Strategy {
    name: Text,
    about: Text,
    when: When,
    /// Whether a token that one tab got is used by all.
    is_shared: bool,
}

const STRATEGIES: [Strategy; 5] = [
    Strategy {
        name: Text::fixed("After a refusal", "거부된 뒤"),
        about: Text::fixed(
            "sends the request, and renews when it is refused. Then it repeats the request.",
            "요청을 보내고, 거부되면 갱신합니다. 그다음 요청을 다시 보냅니다.",
        ),
        when: When::Refused,
        is_shared: false,
    },
    Strategy {
        name: Text::fixed("Ahead", "미리"),
        about: Text::fixed(
            "reads exp, and renews before the request if 30 s or less are left.",
            "exp를 읽고, 30초 이하로 남았으면 요청하기 전에 갱신합니다.",
        ),
        when: When::Ahead { slow: 0 },
        is_shared: false,
    },
    Strategy {
        name: Text::fixed("Ahead, slow clock", "미리, 느린 시계"),
        about: Text::fixed(
            "does the same, but its clock is 2 min slow. It must also renew after a refusal.",
            "같은 동작을 하지만 시계가 2분 느립니다. 거부된 뒤에도 갱신해야 합니다.",
        ),
        when: When::Ahead { slow: SLOW },
        is_shared: false,
    },
    Strategy {
        name: Text::fixed("Timer", "타이머"),
        about: Text::fixed(
            "renews 30 to 60 s before the expiry, also while the user does nothing. The random part keeps many clients apart.",
            "사용자가 아무것도 하지 않아도 만료 30~60초 전에 갱신합니다. 시각에 무작위로 차이를 두므로 여러 클라이언트의 갱신이 한꺼번에 몰리지 않습니다.",
        ),
        when: When::Timer,
        is_shared: false,
    },
    Strategy {
        name: Text::fixed("Ahead, shared by the tabs", "미리, 탭끼리 공유"),
        about: Text::fixed(
            "renews ahead, and gives the new token to the other tabs.",
            "미리 갱신하고, 새 토큰을 다른 탭에 줍니다.",
        ),
        when: When::Ahead { slow: 0 },
        is_shared: true,
    },
];

impl Study {
    /// Runs the hour of each strategy, each in a new sandbox.
    ///
    /// # Errors
    /// Any error of a sandbox.
    pub async fn hours(&self) -> Result<Hours, AuthError> {
        let (mut hours, mut name, mut lifetime) = (Vec::new(), None, 0);
        for strategy in &STRATEGIES {
            let sandbox = self.sandbox(Check::Account).await?;
            let Some(mode) = sandbox.modes().find(|mode| mode.renews_silently) else { break };
            let mut browser = Browser::open(&sandbox, mode, strategy).await?;
            (name, lifetime) = (Some(mode), browser.lifetime());
            hours.push(browser.work(self.now).await?);
        }
        Ok(Hours { run_at: self.now.0, mode: name, lifetime, hours })
    }
}

/// The tabs of one browser. They share the refresh cookie.
struct Browser<'s> {
    sandbox: &'s Sandbox,
    strategy: &'s Strategy,
    visitor: Visitor<'s>,
    /// The access token of each tab. A shared one is that of the first tab.
    tokens: [Option<String>; REQUESTS.len()],
    /// When the timer of each tab renews next.
    timers: [Option<Timestamp>; REQUESTS.len()],
    began: Timestamp,
    events: Vec<Event>,
}

impl<'s> Browser<'s> {
    async fn open(sandbox: &'s Sandbox, mode: &'static ModeInfo, strategy: &'s Strategy) -> Result<Self, AuthError> {
        let visitor = sandbox.visitor(mode).await?;
        let token = visitor.client.token().map(str::to_owned);
        let mut browser = Self {
            sandbox,
            strategy,
            visitor,
            tokens: [token, None, None],
            timers: [None; REQUESTS.len()],
            began: sandbox.now(),
            events: Vec::new(),
        };
        browser.set_timer(0);
        Ok(browser)
    }

    /// Works for an hour.
    async fn work(&mut self, from: Timestamp) -> Result<Hour, AuthError> {
        let end = from.plus(Seconds(HOUR));
        let mut requests: Vec<_> = requests(from).collect();
        requests.sort_by_key(|(at, _)| *at);
        let mut requests = requests.into_iter().peekable();
        loop {
            let timer = (0..self.timers.len()).filter_map(|tab| Some((self.timers[tab]?, tab))).min();
            match (requests.peek().copied(), timer.filter(|(at, _)| *at < end)) {
                (Some((at, _)), Some((timer, tab))) if timer <= at => self.renew_at(timer, tab).await?,
                (None, Some((timer, tab))) => self.renew_at(timer, tab).await?,
                (Some((at, tab)), _) => {
                    requests.next();
                    self.sandbox.move_to(at);
                    self.request(tab).await?;
                }
                (None, None) => break,
            }
        }
        let Strategy { name, about, .. } = self.strategy;
        Ok(Hour { strategy: name.clone(), about: about.clone(), events: std::mem::take(&mut self.events) })
    }

    async fn renew_at(&mut self, at: Timestamp, tab: usize) -> Result<(), AuthError> {
        self.sandbox.move_to(at);
        self.renew(tab).await
    }

    /// A request of the user.
    async fn request(&mut self, tab: usize) -> Result<(), AuthError> {
        let clock = |slow: i64| Timestamp(self.sandbox.now().0 - slow);
        let renews_first = match (self.token(tab), self.strategy.when) {
            (None, _) => true,
            (Some(token), When::Ahead { slow }) => {
                expiry(token).is_some_and(|at| at.since(clock(slow)) <= Seconds(AHEAD))
            }
            (Some(_), When::Refused | When::Timer) => false,
        };
        if renews_first {
            self.renew(tab).await?;
        }
        if !self.me(tab).await? {
            self.renew(tab).await?;
            if !self.me(tab).await? {
                return Err(AuthError::Internal("a renewed token was refused"));
            }
        }
        Ok(())
    }

    async fn me(&mut self, tab: usize) -> Result<bool, AuthError> {
        let token = self.token(tab).map(str::to_owned);
        self.visitor.client.set_token(token);
        let is_answered = self.visitor.me().await?.status.is_success();
        self.record(tab, if is_answered { EventKind::Answered } else { EventKind::Refused });
        Ok(is_answered)
    }

    async fn renew(&mut self, tab: usize) -> Result<(), AuthError> {
        if !self.visitor.rotate().await?.status.is_success() {
            return Err(AuthError::Internal("a renewal of a living sign-in was refused"));
        }
        let place = self.place(tab);
        self.tokens[place] = self.visitor.client.token().map(str::to_owned);
        self.record(tab, EventKind::Renewed);
        self.set_timer(tab);
        Ok(())
    }

    fn set_timer(&mut self, tab: usize) {
        if self.strategy.when == When::Timer {
            // Instead of a random number, so that two runs are equal.
            let jitter = i64::try_from((tab * 11 + self.events.len() * 7) % 30).unwrap_or_default();
            let expiry = self.token(tab).and_then(expiry);
            self.timers[tab] = expiry.map(|at| Timestamp(at.0 - AHEAD - jitter));
        }
    }

    fn place(&self, tab: usize) -> usize {
        if self.strategy.is_shared { 0 } else { tab }
    }

    fn token(&self, tab: usize) -> Option<&str> {
        self.tokens[self.place(tab)].as_deref()
    }

    /// Of an access token, in seconds.
    fn lifetime(&self) -> i64 {
        self.token(0).and_then(expiry).map_or(0, |at| at.since(self.began).0)
    }

    fn record(&mut self, tab: usize, kind: EventKind) {
        self.events.push(Event { at: self.sandbox.now().since(self.began).0, tab, kind });
    }
}

/// The requests of all tabs, with their instants.
fn requests(from: Timestamp) -> impl Iterator<Item = (Timestamp, usize)> {
    let spans = REQUESTS.into_iter().enumerate().flat_map(|(tab, spans)| spans.iter().map(move |span| (tab, *span)));
    spans.flat_map(move |(tab, (first, last, every))| {
        let times = (first..=last).step_by(usize::try_from(every).unwrap_or(1));
        times.map(move |at| (from.plus(Seconds(at)), tab))
    })
}

/// The claim `exp` (RFC 7519, 4.1.4), which a client reads without a key.
fn expiry(token: &str) -> Option<Timestamp> {
    let claims = super::client::claims(token)?;
    let claims: serde_json::Value = serde_json::from_str(&claims).ok()?;
    claims["exp"].as_i64().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run() -> Hours {
        Study::for_tests().hours().await.unwrap()
    }

    fn hour<'h>(all: &'h Hours, strategy: &str) -> &'h Hour {
        all.hours.iter().find(|hour| hour.strategy.english() == strategy).unwrap()
    }

    #[tokio::test]
    async fn a_client_that_knows_the_expiry_saves_every_refusal_and_a_slow_clock_costs_them_again() {
        let all = run().await;
        if all.mode.is_none() {
            return;
        }
        let refused = |strategy| hour(&all, strategy).count(EventKind::Refused);
        assert!(refused("After a refusal") > 0 && refused("Ahead, slow clock") > 0);
        assert_eq!([refused("Ahead"), refused("Timer"), refused("Ahead, shared by the tabs")], [0; 3]);
    }

    #[tokio::test]
    async fn shared_tokens_need_the_fewest_renewals_and_a_timer_the_most() {
        let all = run().await;
        if all.mode.is_none() {
            return;
        }
        let renewed = |strategy| hour(&all, strategy).count(EventKind::Renewed);
        assert!(renewed("Ahead, shared by the tabs") < renewed("Ahead"));
        assert!(renewed("Timer") > renewed("Ahead"));
    }

    #[tokio::test]
    async fn every_request_of_the_user_is_answered_once_with_each_strategy() {
        let expected = requests(Timestamp(0)).count();
        for hour in run().await.hours {
            assert_eq!(hour.count(EventKind::Answered), expected, "{:?}", hour.strategy);
        }
    }
}
