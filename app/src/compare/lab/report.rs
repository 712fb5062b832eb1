//! The data that the page of the lab shows. The server fills it in. No value contains a credential: each is masked.

use auth::ModeInfo;

use super::{action::Choices, text::Text};

/// The sandbox of one browser.
#[derive(Clone, Debug)]
pub struct SandboxReport {
    /// The sandbox's clock, in unix seconds. It stands still until it is moved.
    pub now: i64,
    /// How far the clock was moved since the sandbox was opened, in seconds.
    pub moved: i64,
    pub choices: Choices,
    /// The result of the last action, in words.
    pub said: Text,
    /// One column per mode, in the order of the pages.
    pub columns: Vec<Column>,
}

/// What is known about one mode.
#[derive(Clone, Debug)]
pub struct Column {
    pub mode: &'static ModeInfo,
    /// The last request of the owner or of the thief.
    pub exchange: Option<Exchange>,
    /// The credentials in the owner's browser.
    pub owner: Vec<Holding>,
    /// The thief, once it has copied the credentials.
    pub thief: Option<Thief>,
    /// The last race of renewals.
    pub race: Option<Race>,
    /// The last theft in which both renewed.
    pub story: Option<Story>,
    /// The rows in which the server remembers this sign-in.
    pub tables: Vec<Rows>,
    /// The cost of each action that was run, in the order in which they were run first.
    pub costs: Vec<Cost>,
}

/// A credential, as one side holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// `cookie __Host-session`, `token in the memory of the page`.
    pub place: Text,
    /// The first characters and a hash.
    pub masked: String,
    pub bytes: usize,
    /// The attributes of a cookie.
    pub attributes: Option<String>,
    /// The payload of a signed token. Any holder of the token can read it.
    pub claims: Option<String>,
    /// Whether the last action changed it.
    pub changed: bool,
}

/// A second client with copies of the owner's credentials and with nothing else.
#[derive(Clone, Debug)]
pub struct Thief {
    pub holds: Vec<Holding>,
    /// The end of the sign-in, once the owner or an operator has caused it.
    pub end: Option<End>,
    /// What the thief found.
    pub found: Option<Found>,
}

/// The end of a sign-in, as the server announced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The instant of the act.
    pub at: i64,
    /// The instant from which copies are refused. `None` if the server announced none.
    pub refused_from: Option<i64>,
}

/// How long a stolen copy worked, measured by asking.
#[derive(Clone, Debug)]
pub struct Found {
    /// The instant from which the time counts: the end, or else the first request.
    pub from: i64,
    /// The instant of the first request.
    pub began: i64,
    /// The instant of the first refusal. `None` if the copy still worked when the measurement ended.
    pub refused_at: Option<i64>,
    /// The number of requests.
    pub requests: u32,
    /// The reason that the server gave.
    pub reason: Option<String>,
}

/// Renewals of one credential at the same time.
#[derive(Clone, Debug)]
pub struct Race {
    /// In the order in which they were sent.
    pub attempts: Vec<Attempt>,
    /// The number of different credentials that were issued.
    pub issued: usize,
    /// Whether one of the clients is still signed in.
    pub alive: bool,
}

/// One renewal of a race.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub verdict: Verdict,
    /// The reason of a refusal.
    pub reason: Option<String>,
}

/// What the server did with a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Issued a new credential.
    Rotated,
    /// Issued the same new credential again.
    Retry,
    /// Refused it.
    Refused,
}

/// A theft: who renewed, in which order, and who is signed in at the end.
#[derive(Clone, Debug)]
pub struct Story {
    /// Who, and what the server did with the renewal.
    pub renewals: Vec<(Person, Attempt)>,
    pub owner_works: bool,
    pub thief_works: bool,
}

/// One side of a theft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    Owner,
    Thief,
}

/// A statement of a tutorial, tested by an experiment.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The tutorial.
    pub source: Text,
    /// The words of the tutorial.
    pub words: &'static str,
    /// What they say.
    pub meaning: Text,
    /// The test, in words.
    pub experiment: Text,
    pub verdict: ClaimVerdict,
    /// What the experiment found.
    pub evidence: Text,
}

/// What an experiment says about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimVerdict {
    Holds,
    /// Under a condition, or for one of two reasons.
    Partly,
    Fails,
}

/// The rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    pub table: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

/// The value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// `None` is null.
    pub text: Option<String>,
    /// Whether the last action changed it.
    pub changed: bool,
}

/// One request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// Whether the thief sent it.
    pub by_thief: bool,
    /// `POST /api/session/login`
    pub request_line: String,
    /// The headers that matter, with masked credentials.
    pub request_headers: Vec<(String, String)>,
    pub request_body: Option<String>,
    pub status: u16,
    pub response_headers: Vec<(String, String)>,
    pub response_body: Option<String>,
    pub cost: Work,
}

/// The work of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes of the credential in the request: the cookies and the header `Authorization`.
    pub bytes_up: usize,
    /// Bytes of the credential in the response: `Set-Cookie` and the tokens of the body.
    pub bytes_down: usize,
    pub steps: Vec<Step>,
    /// The whole request, in microseconds.
    pub micros: u64,
}

/// One statement or cryptographic operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    /// `users::FIND_BY_NAME`, `password hash`
    pub name: Text,
    /// The text of a statement.
    pub sql: Option<&'static str>,
    /// The rows that a statement returned or changed.
    pub rows: Option<u64>,
    pub micros: u64,
}

/// Who does the work of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A statement of the database.
    Statement,
    /// A cryptographic operation of the server.
    Crypto,
}

/// An action whose cost is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    LogIn,
    Me,
    Rotate,
    LogOut,
}

/// The cost of an action: medians over its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    pub action: Compared,
    pub requests: usize,
    pub bytes_up: usize,
    pub bytes_down: usize,
    /// With `begin` and `commit`.
    pub statements: usize,
    pub crypto: usize,
    pub median_micros: u64,
    pub p99_micros: u64,
}

impl Work {
    /// The number of steps of this kind.
    #[must_use]
    pub fn count(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind).count()
    }
}
