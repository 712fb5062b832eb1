//! The program: what was typed → settings → database → serve, or look after accounts.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use app::DemoUsers;
use auth::{Auth, Base, Clock, Db, Hasher, Keys, Settings, random_bytes};
use clap::Parser as _;
use server::{
    AppState, Cli, Command, Config, Environment, Limits, ask_password, prune_in_background, refuse_demo_users, router,
    seed_demo_users,
};
#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// With the deadline of the shutdown, less than the 10 s after which Docker kills a container.
const CLOSE_DATABASE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        None | Some(Command::Serve) => serve().await,
        Some(Command::User(command)) => {
            look_after(async |auth| command.run(&auth, ask_password, &mut io::stdout()).await).await
        }
        Some(Command::Keys(command)) => {
            look_after(async |auth| command.run(&auth).await?.iter().try_for_each(|line| print(line))).await
        }
        Some(Command::PrintModes) => print_modes().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With its causes: "database" alone helps nobody.
            let mut message = error.to_string();
            let mut cause = error.source();
            while let Some(error) = cause {
                message = format!("{message}: {error}");
                cause = error.source();
            }
            // The last word of a process that has failed. There is nobody left to tell if this fails.
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
        tracing::warn!("APP_ENV=development: not for the public");
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
    // Before the line that says that it listens: whoever reads that may end the process at once.
    let mut signals = signals()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}. LISTEN_ADDR names another address", config.listen))?;
    print(&format!("Latchkey listens on http://localhost:{}", listener.local_addr()?.port()))?;
    tokio::spawn(prune_in_background(auth.clone()));
    let state = AppState {
        trusted_proxies: config.trusted_proxies,
        allowed_origins: config.allowed_origins,
        demo_users: DemoUsers(config.demo_users),
        ..AppState::new(auth, &config.site_root, config.public_origin)
    };
    let limits = Limits { connections: config.max_connections, ..Limits::default() };
    let ended = server::serve(listener, router(state), limits, &mut signals).await;
    tracing::info!(?ended, "no longer serving");
    // A transaction may still run whose client has gone. A statement that does not end holds its connection, and the process ends
    // all the same.
    tokio::select! {
        () = close(&tasks, &db) => {}
        () = sleep(CLOSE_DATABASE) => tracing::warn!("the database was still in use"),
        _ = signals.recv() => {}
    }
    Ok(())
}

async fn look_after(what: impl AsyncFnOnce(Auth) -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(std::env::vars());
    let config = Config::load(&settings)?;
    // Whoever typed the command gets its answer, and no log between the lines; RUST_LOG=audit=info shows it.
    log(config.environment, "off");
    let auth = config.open(settings).await?;
    let db = auth.db().clone();
    let outcome = what(auth).await;
    db.close().await;
    outcome
}

/// Lets transactions end, then closes the connections.
async fn close(auth: &Auth, db: &Db) {
    auth.finish().await;
    db.close().await;
}

/// Needs no configuration: the list is the same everywhere.
async fn print_modes() -> Result<(), Box<dyn Error>> {
    let db = Db::connect("sqlite::memory:").await?;
    let keys = Keys::new(random_bytes::<32>()?.as_slice(), db.clone())?;
    let auth = Auth::new(Base::new(db, keys, Settings::default())?, Clock::System, Hasher::new()?)?;
    print(&serde_json::to_string_pretty(&auth.modes().collect::<Vec<_>>())?)
}

fn print(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// For people in development, for machines in production. `RUST_LOG` chooses what; no level prints a credential.
fn log(environment: Environment, default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match environment {
        Environment::Development => registry.with(lines.compact()).init(),
        Environment::Production => registry.with(lines.json()).init(),
    }
}

/// One message for each signal that asks the process to end: the first ends it gracefully, the second at once.
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
