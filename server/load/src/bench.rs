//! `make bench`: one server, both databases, every mode and every strength of the access check, beside the limit.

use std::{path::Path, thread, time::Instant};

use crate::{
    Plan, Result, argon2id, bare,
    client::{self, Answer, Client, Credential},
    machine::Machine,
    process::{Database, Process, Server},
    report,
    sample::{Sample, percentile, ratio, summary},
    wrk::{self, Load},
};

/// Values of `ACCESS_CHECK`: the default, the weakest and the strictest.
const CHECKS: [&str; 3] = [DEFAULT_CHECK, WEAKEST_CHECK, "sign-in"];
const DEFAULT_CHECK: &str = "account";
const WEAKEST_CHECK: &str = "signature";
/// Numbers of connections for what only reads.
const READ_CONNECTIONS: [u32; 3] = [1, 32, 256];
/// … for rotations: each of them is a transaction.
const ROTATE_CONNECTIONS: [u32; 2] = [1, 32];
/// … for logins: the hash of the password occupies a core.
const LOGIN_CONNECTIONS: u32 = 8;
/// Logins and logouts per round on one connection, each timed alone.
const PAIRS: usize = 50;

/// A page for a browser with a cookie, whichever it is, is rendered for each request.
const ANY_COOKIE: &str = "theme=dark";

/// One line of a table.
pub struct Row {
    pub database: &'static str,
    pub request: String,
    /// The strength of the access check, where it matters.
    pub check: Option<&'static str>,
    pub connections: u32,
    pub ours: Vec<Sample>,
    /// The bare handler in the same rounds, for requests that only read.
    pub limit: Vec<Sample>,
}

pub fn run(program: &Path, plan: Plan) -> Result<()> {
    let dependent = modes_with_access_check(program)?;
    let mut rows = Vec::new();
    for database in Database::available() {
        for check in CHECKS {
            measure(program, &database, check, &dependent, plan, &mut rows)?;
        }
    }
    report::write(&rows, &Machine::describe(program, plan)?)
}

/// The modes for which `ACCESS_CHECK` makes a difference: with the weakest check, their credential still works after
/// the end of all sign-ins.
fn modes_with_access_check(program: &Path) -> Result<Vec<String>> {
    let server = Server::start(program, &Database::Sqlite, &[("ACCESS_CHECK", WEAKEST_CHECK)])?;
    let mut client = Client::connect(server.port())?;
    client.register()?;
    let mut dependent = Vec::new();
    for mode in client.modes()? {
        let credential = client.log_in(&mode)?;
        let headers = credential.headers();
        client.post(&format!("/api/{mode}/logout-all"), &headers, &credential.body())?.expect(204)?;
        if client.get(&me(&mode), &headers)?.status == 200 {
            dependent.push(mode);
        }
    }
    Ok(dependent)
}

fn measure(
    program: &Path,
    database: &Database,
    check: &'static str,
    dependent: &[String],
    plan: Plan,
    rows: &mut Vec<Row>,
) -> Result<()> {
    let server = Server::start(program, database, &[("ACCESS_CHECK", check)])?;
    let mut client = Client::connect(server.port())?;
    client.register()?;
    let modes = client.modes()?;
    let first = modes.first().ok_or("the server has no mode")?;
    let credential = client.log_in(first)?;
    let limit = Process::bare(&client.get(&me(first), &credential.headers())?.expect(200)?.body)?;

    let mut bench = Bench { database: database.name(), server: &server, limit: &limit, plan, rows };
    for mode in &modes {
        if dependent.contains(mode) {
            bench.me(mode, Some(check))?;
        } else if check == DEFAULT_CHECK {
            bench.me(mode, None)?;
        }
    }
    if check == DEFAULT_CHECK {
        bench.path("/healthz", None)?;
        for page in ["/", "/login"] {
            bench.path(page, None)?;
            bench.path(page, Some(ANY_COOKIE))?;
        }
        for mode in &modes {
            bench.sign_ins(mode)?;
        }
        bench.flood(first)?;
    }
    Ok(())
}

fn me(mode: &str) -> String {
    format!("/api/{mode}/me")
}

struct Bench<'a> {
    database: &'static str,
    server: &'a Server,
    limit: &'a Process,
    plan: Plan,
    rows: &'a mut Vec<Row>,
}

impl Bench<'_> {
    fn me(&mut self, mode: &str, check: Option<&'static str>) -> Result<()> {
        let port = self.server.port();
        for connections in READ_CONNECTIONS {
            self.beside_the_limit(&me(mode), check, connections, |bench| {
                // A new credential each time: an access token lives for minutes.
                let load = Load::Get(Client::connect(port)?.log_in(mode)?.headers());
                wrk::run(bench.server.process(), &me(mode), &load, connections, bench.plan)
            })?;
        }
        Ok(())
    }

    fn path(&mut self, path: &str, cookie: Option<&str>) -> Result<()> {
        let headers: Vec<_> = cookie.map(|cookie| ("Cookie", cookie.to_owned())).into_iter().collect();
        let load = Load::Get(headers);
        let name = if cookie.is_some() { format!("{path}, with a cookie") } else { path.to_owned() };
        for connections in READ_CONNECTIONS {
            self.beside_the_limit(&name, None, connections, |bench| {
                wrk::run(bench.server.process(), path, &load, connections, bench.plan)
            })?;
        }
        Ok(())
    }

    /// Measures the server and the limit in turn. `name` is what the table calls the path.
    fn beside_the_limit(
        &mut self,
        name: &str,
        check: Option<&'static str>,
        connections: u32,
        ours: impl Fn(&Self) -> Result<Sample>,
    ) -> Result<()> {
        let mut row = self.row(&format!("GET {name}"), check, connections);
        for _ in 0..self.plan.rounds {
            row.ours.push(ours(self)?);
            row.limit.push(wrk::run(self.limit, bare::PATH, &Load::Get(Vec::new()), connections, self.plan)?);
        }
        self.push(row);
        Ok(())
    }

    /// Login, rotation and logout.
    fn sign_ins(&mut self, mode: &str) -> Result<()> {
        let port = self.server.port();
        let path = |call: &str| format!("/api/{mode}/{call}");
        let name = |call: &str| format!("POST {}", path(call));

        let [mut login, mut logout] = ["login", "logout"].map(|call| self.row(&name(call), None, 1));
        for _ in 0..self.plan.rounds {
            let mut client = Client::connect(port)?;
            let mut credentials = Vec::new();
            login.ours.push(each(PAIRS, || {
                let answer = client.post(&path("login"), &[], &client::account())?;
                credentials.push(Credential::of(&answer)?);
                Ok(answer)
            })?);
            logout.ours.push(each(PAIRS, || {
                let credential = credentials.pop().ok_or("no credential left")?;
                client.post(&path("logout"), &credential.headers(), &credential.body())
            })?);
        }
        self.push(login);

        let mut login = self.row(&name("login"), None, LOGIN_CONNECTIONS);
        for _ in 0..self.plan.rounds {
            let load = Load::Post(client::account());
            login.ours.push(wrk::run(self.server.process(), &path("login"), &load, LOGIN_CONNECTIONS, self.plan)?);
        }
        self.push(login);

        for connections in ROTATE_CONNECTIONS {
            let mut rotate = self.row(&name("rotate"), None, connections);
            for _ in 0..self.plan.rounds {
                let mut client = Client::connect(port)?;
                let credentials: Vec<_> =
                    (0..wrk::credentials(connections)).map(|_| client.log_in(mode)).collect::<Result<_>>()?;
                let load = Load::Rotate(&credentials);
                rotate.ours.push(wrk::run(self.server.process(), &path("rotate"), &load, connections, self.plan)?);
            }
            self.push(rotate);
        }
        self.push(logout);
        Ok(())
    }

    /// Password hashes without a server, and a request for `/me` on one connection: alone, beside such hashes of the
    /// lowest priority, which is the limit, and beside a flood of logins.
    fn flood(&mut self, mode: &str) -> Result<()> {
        let (server, plan, path) = (self.server.process(), self.plan, me(mode));
        let mut raw = self.row("argon2id, without a server", None, argon2id::threads());
        let mut alone = self.row(&format!("GET {path}"), None, 1);
        let limit = format!("GET {path}, while argon2id of niceness 19 uses every core");
        let mut limit = self.row(&limit, None, 1);
        let beside = format!("GET {path}, while {LOGIN_CONNECTIONS} connections log in");
        let mut beside = self.row(&beside, None, 1);
        for _ in 0..plan.rounds {
            raw.ours.push(argon2id::run(plan)?);
            let load = Load::Get(Client::connect(server.port)?.log_in(mode)?.headers());
            alone.ours.push(wrk::run(server, &path, &load, 1, plan)?);
            limit.ours.push(argon2id::run_beside(plan, || wrk::run(server, &path, &load, 1, plan))?);
            let logins = Load::Post(client::account());
            let login = format!("/api/{mode}/login");
            beside.ours.push(thread::scope(|scope| -> Result<Sample> {
                let flood = scope.spawn(|| {
                    wrk::run(server, &login, &logins, LOGIN_CONNECTIONS, plan).map_err(|error| error.to_string())
                });
                let sample = wrk::run(server, &path, &load, 1, plan)?;
                let flood = flood.join().map_err(|_| "the flood of logins panicked")??;
                // A login that failed is a failure of the row. The processor time contains that of the logins.
                Ok(Sample { failed: sample.failed + flood.failed, processor: None, ..sample })
            })?);
        }
        for row in [raw, alone, limit, beside] {
            self.push(row);
        }
        Ok(())
    }

    fn row(&self, request: &str, check: Option<&'static str>, connections: u32) -> Row {
        let request = request.to_owned();
        Row { database: self.database, request, check, connections, ours: Vec::new(), limit: Vec::new() }
    }

    fn push(&mut self, row: Row) {
        let ours = summary(&row.ours);
        let of_the_limit = if row.limit.is_empty() {
            String::new()
        } else {
            format!(", {:.2} of the limit", ratio(&row.ours, &row.limit))
        };
        let check = row.check.map(|check| format!(" ({check})")).unwrap_or_default();
        eprintln!(
            "{}, {:>3} connections, {}{check}: {:.0}/s{of_the_limit}, {:.0} failed",
            row.database, row.connections, row.request, ours.rate, ours.failed
        );
        self.rows.push(row);
    }
}

/// Times so many requests, one after the other.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock of the machine")]
pub fn each(count: usize, mut request: impl FnMut() -> Result<Answer>) -> Result<Sample> {
    let (mut times, mut bytes, mut failed) = (Vec::new(), 0, 0);
    for _ in 0..count {
        let begin = Instant::now();
        let answer = request()?;
        times.push(begin.elapsed().as_secs_f64() * 1e3);
        bytes += answer.bytes;
        failed += u32::from(answer.status >= 400);
    }
    let count = f64::from(u32::try_from(count)?);
    Ok(Sample {
        rate: count / times.iter().sum::<f64>() * 1e3,
        p50: percentile(times.iter().copied(), 50),
        p99: percentile(times.iter().copied(), 99),
        bytes: f64::from(u32::try_from(bytes)?) / count,
        failed: f64::from(failed),
        processor: None,
    })
}
