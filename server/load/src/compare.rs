//! `make bench-compare`: two servers in turn, on SQLite, with the default settings.

use std::path::Path;

use crate::{
    Plan, Result,
    client::Client,
    process::{Database, Server},
    sample::{Sample, ratio, summary},
    wrk::{self, Load},
};

const CONNECTIONS: u32 = 32;

pub fn run(programs: [(&str, &Path); 2], plan: Plan) -> Result<()> {
    let mut servers = Vec::new();
    for (_, program) in programs {
        let server = Server::start(program, &Database::Sqlite, &[])?;
        Client::connect(server.port())?.register()?;
        servers.push(server);
    }
    let mut modes = Vec::new();
    for server in &servers {
        modes.push(Client::connect(server.port())?.modes()?);
    }
    let common = modes[0].iter().filter(|mode| modes[1].contains(mode));
    let requests = common.map(|mode| (format!("/api/{mode}/me"), Some(mode)));
    let requests = requests.chain(["/healthz", "/", "/login"].map(|path| (path.to_owned(), None)));

    println!(
        "{:<24} {:>10} {:>10} {:>7} {:>9} {:>9} {:>7}",
        "GET", "old/s", "new/s", "ratio", "old p99", "new p99", "failed"
    );
    for (path, mode) in requests {
        let mut rounds: [Vec<Sample>; 2] = Default::default();
        for _ in 0..plan.rounds {
            for (server, samples) in servers.iter().zip(&mut rounds) {
                let port = server.port();
                let headers = match mode {
                    Some(mode) => Client::connect(port)?.log_in(mode)?.headers(),
                    None => Vec::new(),
                };
                samples.push(wrk::run(server.process(), &path, &Load::Get(headers), CONNECTIONS, plan)?);
            }
        }
        let [old, new] = [summary(&rounds[0]), summary(&rounds[1])];
        println!(
            "{path:<24} {:>10.0} {:>10.0} {:>7.2} {:>6.2} ms {:>6.2} ms {:>7.0}",
            old.rate,
            new.rate,
            ratio(&rounds[1], &rounds[0]),
            old.p99,
            new.p99,
            old.failed + new.failed
        );
    }
    Ok(())
}
