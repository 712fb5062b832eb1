//! Fills a database with accounts and sign-ins, to measure what many rows cost: `make growth`.
//!
//! ```sh
//! cargo run --release --package auth --example fill -- URL FIRST LAST live|dead
//! ```
//!
//! Each sign-in has a number from FIRST to LAST. The modes that have rows take turns, and each account has ten
//! sign-ins. A stored hash is the hash of nothing, so no credential belongs to it. `dead` ones ended two days ago.

use std::{env, error::Error, process::ExitCode};

use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};

/// Rows of one transaction.
const BATCH: i64 = 200_000;

/// The numbers of a batch. Parameters of every statement: $1 first, $2 last, $3 the time of the login, $4 that of the
/// end or null, $5 the number of modes, $6 the place of this mode.
const NUMBERS: &str = "with recursive n(i) as (select cast($1 as bigint) union all select i + 1 from n where i < $2)";

const USERS: &str = "insert into users (id, username, password_hash, role, created_at)
    select 'user-' || cast(i as text), 'user-' || cast(i as text), '!', 'user', $3 from n where i % 10 = 0";

/// `{mode}` is the name of the mode.
const SIGN_INS: &str = "insert into sign_ins (id, user_id, mode, epoch, created_at, last_seen_at, idle_expires_at,
        absolute_expires_at, ended_at, end_reason, user_agent, address)
    select 'sign-in-' || cast(i as text), 'user-' || cast(i - i % 10 as text), '{mode}', 0, $3, $3, $3 + 86400,
        $3 + 2592000, $4, case when $4 is null then null else 'logout' end, 'fill', '127.0.0.1' from n where i % $5 = $6";

/// `{hash}`: 64 characters in no order, so that neighbours stand far apart in an index.
const HASH: &str = "substr(cast(1000000000000 + (i * 2654435761) % 4294967296 as text) || '-' || cast(i as text)
    || '-0000000000000000000000000000000000000000000000000000000000000000', 1, 64)";

// mode: session, begin
const SESSIONS: &str =
    "insert into sessions (sign_in_id, data) select 'sign-in-' || cast(i as text), '{}' from n where i % $5 = $6";
const SESSION_IDS: &str = "insert into session_ids (id_hash, sign_in_id, generation, issued_at)
    select {hash}, 'sign-in-' || cast(i as text), 1, $3 from n where i % $5 = $6";
// mode: session, end
// mode: opaque, begin
const OPAQUE_TOKENS: &str = "insert into opaque_tokens (token_hash, sign_in_id, generation, issued_at)
    select {hash}, 'sign-in-' || cast(i as text), 1, $3 from n where i % $5 = $6";
// mode: opaque, end
// mode: jwt, begin
const REFRESH_TOKENS: &str = "insert into refresh_tokens (sign_in_id, jti, generation, issued_at, expires_at)
    select 'sign-in-' || cast(i as text), {hash}, 1, $3, $3 + 1209600 from n where i % $5 = $6";
// mode: jwt, end

/// The modes that have rows, and the statements after [`SIGN_INS`].
const MODES: &[(&str, &[&str])] = &[
    ("session", &[SESSIONS, SESSION_IDS]), // mode: session
    ("opaque", &[OPAQUE_TOKENS]),          // mode: opaque
    ("jwt", &[REFRESH_TOKENS]),            // mode: jwt
];

/// A statement, and its parameters.
type Insert = (String, Vec<Option<i64>>);

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Connection {
    async fn open(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("sqlite:") {
            // Faster. A power cut may damage the file.
            let options: SqliteConnectOptions = url.parse()?;
            let options = options.synchronous(SqliteSynchronous::Off).pragma("cache_size", "-1000000");
            Ok(Self::Sqlite(SqliteConnection::connect_with(&options).await?))
        } else {
            Ok(Self::Postgres(PgConnection::connect(url).await?))
        }
    }

    /// Runs the statements in one transaction.
    async fn run(&mut self, inserts: Vec<Insert>) -> Result<(), sqlx::Error> {
        macro_rules! run {
            ($connection:expr) => {{
                let mut transaction = $connection.begin().await?;
                for (text, numbers) in inserts {
                    let query = sqlx::query(AssertSqlSafe(text));
                    let query = numbers.into_iter().fold(query, |query, number| query.bind(number));
                    query.execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }};
        }
        match self {
            Self::Sqlite(connection) => run!(connection),
            Self::Postgres(connection) => run!(connection),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match fill().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fill: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn fill() -> Result<(), Box<dyn Error>> {
    const USAGE: &str = "usage: fill URL FIRST LAST live|dead, with FIRST a multiple of ten";
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [url, first, last, state] = &arguments[..] else { return Err(USAGE.into()) };
    let (first, last): (i64, i64) = (first.parse()?, last.parse()?);
    let now = auth::Clock::System.now().0;
    let (login, ended) = match state.as_str() {
        "live" if first % 10 == 0 => (now, None),
        "dead" if first % 10 == 0 => (now - 3 * 86_400, Some(now - 2 * 86_400)),
        _ => return Err(USAGE.into()),
    };
    let mut connection = Connection::open(url).await?;
    for from in (first..=last).step_by(usize::try_from(BATCH)?) {
        let to = last.min(from + BATCH - 1);
        connection.run(batch([Some(from), Some(to), Some(login), ended])?).await?;
        eprint!("\rfill: {to} of {last}");
    }
    eprintln!();
    Ok(())
}

fn batch(range: [Option<i64>; 4]) -> Result<Vec<Insert>, Box<dyn Error>> {
    let mut inserts = vec![(format!("{NUMBERS} {USERS}"), range[..3].to_vec())];
    let count = i64::try_from(MODES.len())?;
    for (place, (mode, rows)) in (0..).zip(MODES) {
        for statement in [SIGN_INS].iter().chain(*rows) {
            let text = format!("{NUMBERS} {}", statement.replace("{mode}", mode).replace("{hash}", HASH));
            inserts.push((text, range.into_iter().chain([Some(count), Some(place)]).collect()));
        }
    }
    Ok(inserts)
}
