//! The program: command line → settings → database → serve, or run an operator's command.

use std::{
    error::Error,
    io::{self, Write as _},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use auth::{Auth, Base, Clock, Db, Hasher, Keys, Settings, random_bytes};
use clap::Parser as _;
use server::Lab; // part: comparison
use server::{
    Cli, Command, Config, Environment, Limits, ServerParts, ask_password, prune_in_background, refuse_demo_users,
    router, seed_demo_users,
};
#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Rendering a page is many small allocations, and glibc's allocator also keeps the memory of each password hash.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Together with the deadline of the shutdown, this is less than the 10 s after which Docker kills a container.
const CLOSE_DATABASE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        None | Some(Command::Serve) => serve().await,
        Some(Command::User(command)) => {
            operate(async |auth| command.run(&auth, ask_password, &mut io::stdout()).await).await
        }
        Some(Command::Keys(command)) => {
            operate(async |auth| command.run(&auth).await?.iter().try_for_each(|line| print(line))).await
        }
        Some(Command::PrintModes) => print_modes().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Print the causes too: "database" alone does not explain a failure.
            let mut message = error.to_string();
            let mut cause = error.source();
            while let Some(error) = cause {
                message = format!("{message}: {error}");
                cause = error.source();
            }
            // The process has failed already: nothing can report a failure of this write.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(std::env::vars());
    let config = Config::load(&settings)?;
    log(config.environment, "info");
    let auth = config.open(settings).await?;
    let (db, tasks) = (auth.db().clone(), auth.clone());
    auth::jwt::published::adopt_algorithm(&auth).await?; // mode: jwt
    auth.check_keys().await?;
    if config.environment == Environment::Development {
        tracing::warn!("APP_ENV=development: do not serve the public");
    }
    if config.demo_users {
        tracing::warn!("DEMO_USERS=true: two accounts with public passwords");
        for line in seed_demo_users(&auth).await? {
            print(&line)?;
        }
    }
    if config.environment == Environment::Production || !config.listen.ip().is_loopback() {
        refuse_demo_users(&auth).await?;
    }
    // The handlers are installed before the line "listens" is printed: a parent process may send a signal as soon as it
    // reads it.
    let mut signals = signals()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}. Set LISTEN_ADDR to another address", config.listen))?;
    print(&format!("Latchkey listens on http://{}", address_to_open(listener.local_addr()?)))?;
    tokio::spawn(prune_in_background(auth.clone()));
    let parts = ServerParts {
        trusted_proxies: config.trusted_proxies,
        allowed_origins: config.allowed_origins,
        demo_users: config.demo_users,
        lab: config.lab.then(|| Lab::new(Clock::System)).transpose()?, // part: comparison
        ..ServerParts::new(auth, &config.site_root, config.public_origin)
    };
    // part: comparison, begin
    if let Some(lab) = &parts.lab {
        tokio::spawn(lab.clone().sweep());
    }
    // part: comparison, end
    let limits = Limits { connections: config.max_connections, ..Limits::default() };
    let ended = server::serve(listener, router(parts), limits, &mut signals).await;
    tracing::info!(?ended, "stopped serving");
    // A transaction of a disconnected client may still run. The wait has a limit, so a statement that never ends does
    // not keep the process alive.
    tokio::select! {
        () = close(&tasks, &db) => {}
        () = sleep(CLOSE_DATABASE) => tracing::warn!("stopped while the database was in use"),
        _ = signals.recv() => {}
    }
    Ok(())
}

/// What to type into a browser on this machine.
fn address_to_open(listens: SocketAddr) -> String {
    if listens.ip().is_loopback() || listens.ip().is_unspecified() {
        format!("localhost:{}", listens.port())
    } else {
        listens.to_string()
    }
}

async fn operate(command: impl AsyncFnOnce(Auth) -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(std::env::vars());
    let config = Config::load(&settings)?;
    // No log between the lines of the command's output. RUST_LOG=audit=info shows the audit log.
    log(config.environment, "off");
    let auth = config.open(settings).await?;
    let db = auth.db().clone();
    let result = command(auth).await;
    db.close().await;
    result
}

/// Waits for open transactions, then closes the connections.
async fn close(auth: &Auth, db: &Db) {
    auth.finish().await;
    db.close().await;
}

/// Needs no configuration: the modes are compiled in.
async fn print_modes() -> Result<(), Box<dyn Error>> {
    let db = Db::connect("sqlite::memory:").await?;
    let keys = Keys::new(random_bytes::<32>()?.as_slice(), db.clone())?;
    let auth = Auth::new(Base::new(db, keys, Settings::default())?, Clock::System, Hasher::new()?)?;
    print(&serde_json::to_string_pretty(&auth.modes().collect::<Vec<_>>())?)
}

fn print(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// Starts the log: plain lines in development, JSON in production. `RUST_LOG` sets the levels. No level prints a
/// credential.
fn log(environment: Environment, default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match environment {
        Environment::Development => registry.with(lines.compact()).init(),
        Environment::Production => registry.with(lines.json()).init(),
    }
}

/// A message for each SIGTERM or SIGINT: the first stops the server gracefully, the second at once.
fn signals() -> io::Result<mpsc::Receiver<()>> {
    let (sender, receiver) = mpsc::channel(2);
    #[cfg(unix)]
    let (mut terminate, mut interrupt) =
        (unix::signal(SignalKind::terminate())?, unix::signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        loop {
            #[cfg(unix)]
            tokio::select! { _ = terminate.recv() => {} _ = interrupt.recv() => {} }
            #[cfg(not(unix))]
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            if sender.send(()).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}
