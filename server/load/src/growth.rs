//! `make growth`: the same requests with few sign-ins in the database and with many, and while dead ones are deleted.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use crate::{
    Plan, Result,
    bench::each,
    client::{self, Client},
    count,
    machine::Machine,
    process::{Database, Place, psql},
    report::{self, grouped},
    sample::{Sample, summary},
    wrk::{self, Load},
};

const FEW: u32 = 1_000;
/// Logins and lists of devices per round, each timed alone.
const EACH: usize = 30;

/// A request, and its measurements.
type Row = (String, Vec<Sample>);

/// Measures each database. `fill` is the example of the crate `auth` that fills it.
pub fn run(program: &Path, fill: &Path, plan: Plan) -> Result<()> {
    let many = count("GROWTH_SIGN_INS", 10_000_000)?;
    let dead = count("GROWTH_DEAD", 1_000_000)?;
    let mut text = String::from("\n| fact | value |\n|---|---|\n");
    for (name, value) in Machine::here() {
        writeln!(text, "| {name} | {value} |")?;
    }
    for database in Database::available() {
        let of = |sign_ins| Measured::new(program, fill, &database, sign_ins);
        let few = of(FEW)?.requests(plan)?;
        let grown = of(many)?;
        let idle = grown.requests(plan)?;
        let title = |what: &str| format!("{}: {what}", database.name());
        let [small, large, dead_rows] = [FEW, many, dead].map(|number| grouped(number.into()));
        table(&mut text, &title(&format!("{small} sign-ins, and {large}")), ["few", "many"], &few, &idle)?;
        let bytes = grown.bytes()?;
        writeln!(text, "\nThe database with {large} sign-ins has {:.2} GB.", bytes / 1e9)?;
        let pruning = grown.while_pruning(dead, plan)?;
        let what = title(&format!("{large} sign-ins, and while {dead_rows} ended ones are deleted"));
        table(&mut text, &what, ["idle", "deleting"], &idle, &pruning)?;
    }
    text.push('\n');
    report::replace("growth", &text)
}

/// A database with sign-ins of other accounts.
struct Measured<'a> {
    program: &'a Path,
    fill: &'a Path,
    place: Place,
    sign_ins: u32,
}

impl<'a> Measured<'a> {
    fn new(program: &'a Path, fill: &'a Path, database: &Database, sign_ins: u32) -> Result<Self> {
        let place = Place::new(database)?;
        let mut server = place.serve(program, &[])?;
        Client::connect(server.port)?.register()?;
        server.stop()?;
        let measured = Self { program, fill, place, sign_ins };
        measured.add(0, sign_ins, "live")?;
        Ok(measured)
    }

    fn add(&self, first: u32, count: u32, state: &str) -> Result<()> {
        let (first, last) = (first.next_multiple_of(10), first.next_multiple_of(10) + count - 1);
        let arguments = [self.place.url(), &first.to_string(), &last.to_string(), state];
        let status = Command::new(self.fill).args(arguments).status()?;
        if status.success() { Ok(()) } else { Err("the database was not filled".into()) }
    }

    fn requests(&self, plan: Plan) -> Result<Vec<Row>> {
        let mut server = self.place.serve(self.program, &[])?;
        let port = server.port;
        let modes = Client::connect(port)?.modes()?;
        let mut rows = Vec::new();
        for mode in &modes {
            let path = format!("/api/{mode}/me");
            let load = Load::Get(Client::connect(port)?.log_in(mode)?.headers());
            let samples = (0..plan.rounds).map(|_| wrk::run(&server, &path, &load, 1, plan)).collect::<Result<_>>()?;
            rows.push((format!("GET {path}"), samples));
        }
        let mode = modes.first().ok_or("the server has no mode")?;
        let (login, devices) = (format!("/api/{mode}/login"), format!("/api/{mode}/credentials"));
        let mut client = Client::connect(port)?;
        let credential = client.log_in(mode)?.headers();
        let list = (0..plan.rounds).map(|_| each(EACH, || client.get(&devices, &credential)?.expect(200)));
        rows.push((format!("GET {devices}"), list.collect::<Result<_>>()?));
        let logins = (0..plan.rounds).map(|_| each(EACH, || client.post(&login, &[], &client::account())?.expect(200)));
        rows.push((format!("POST {login}"), logins.collect::<Result<_>>()?));
        server.stop()?;
        Ok(rows)
    }

    /// The size of the database.
    fn bytes(&self) -> Result<f64> {
        match self.place.server_and_schema() {
            None => {
                let sizes = fs::read_dir(self.place.folder())?.map(|file| Ok(file?.metadata()?.len()));
                let bytes = sizes.sum::<std::io::Result<u64>>()?;
                Ok(bytes.to_string().parse()?)
            }
            Some((server, schema)) => {
                let sizes = "coalesce(sum(pg_total_relation_size(quote_ident(schemaname) || '.' || quote_ident(tablename))), 0)";
                Ok(psql(server, &format!("select {sizes} from pg_tables where schemaname = '{schema}'"))?.parse()?)
            }
        }
    }

    /// The server deletes dead rows from its start on, for longer than the measurement takes.
    fn while_pruning(&self, dead: u32, plan: Plan) -> Result<Vec<Row>> {
        self.add(self.sign_ins, dead, "dead")?;
        self.requests(plan)
    }
}

fn table(text: &mut String, title: &str, [one, other]: [&str; 2], before: &[Row], after: &[Row]) -> Result<()> {
    writeln!(text, "\n### {title}\n")?;
    writeln!(text, "| request | p50 ms, {one} | p50 ms, {other} | ratio | p99 ms, {one} | p99 ms, {other} | ratio |")?;
    text.push_str("|---|--:|--:|--:|--:|--:|--:|\n");
    for ((request, before), (_, after)) in before.iter().zip(after) {
        let (before, after) = (summary(before), summary(after));
        let cells = [(before.p50, after.p50), (before.p99, after.p99)];
        let cells = cells.map(|(one, other)| format!("{one:.2} | {other:.2} | {:.2}", other / one));
        let line = format!("| `{request}` | {} |", cells.join(" | "));
        eprintln!("{title}: {line}");
        writeln!(text, "{line}")?;
    }
    Ok(())
}
