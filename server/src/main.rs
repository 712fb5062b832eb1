//! config → database → serve.

use std::{error::Error, io::Write as _, process::ExitCode};

use auth::{Auth, Base, Clock, Db, Hasher, Keys, Settings, random_bytes};
use server::{AppState, Config, Environment, prune_in_background, router, seed_demo_users};
use tokio::{net::TcpListener, signal};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

const HELP: &str = "\
Usage: server [--print-modes]

Serves Latchkey. Settings come from the environment: see the README.

  --print-modes  print what GET /api/modes answers, and exit";

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        None => serve().await,
        Some("--print-modes") => print_modes().await,
        Some("--help" | "-h") => print(HELP),
        Some(_) => Err(HELP.into()),
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
            // The last word of a process that cannot start. There is nobody left to tell if this fails.
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(std::env::vars());
    let config = Config::load(&settings)?;
    log(config.environment);
    let db = Db::connect(config.database_url.expose()).await?;
    let keys = Keys::new(config.app_secret.expose().as_bytes(), db.clone())?;
    let auth = Auth::new(Base::new(db.clone(), keys, settings)?, Clock::System, Hasher::new()?)?;
    if config.environment == Environment::Development {
        tracing::warn!("APP_ENV=development: not for the public");
    }
    if config.demo_users {
        tracing::warn!("DEMO_USERS=true: two accounts with public passwords");
        for line in seed_demo_users(&auth).await? {
            print(&line)?;
        }
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}. LISTEN_ADDR names another address", config.listen))?;
    print(&format!("Latchkey listens on http://localhost:{}", listener.local_addr()?.port()))?;
    tokio::spawn(prune_in_background(auth.clone()));
    let state = AppState::new(auth, &config.site_root, config.public_origin);
    axum::serve(listener, router(state)).with_graceful_shutdown(shutdown()).await?;
    db.close().await;
    Ok(())
}

/// Needs no configuration: the list is the same everywhere.
async fn print_modes() -> Result<(), Box<dyn Error>> {
    let db = Db::connect("sqlite::memory:").await?;
    let keys = Keys::new(random_bytes::<32>()?.as_slice(), db.clone())?;
    let auth = Auth::new(Base::new(db, keys, Settings::default())?, Clock::System, Hasher::new()?)?;
    print(&serde_json::to_string_pretty(&auth.modes().collect::<Vec<_>>())?)
}

fn print(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// For people in development, for machines in production. `RUST_LOG` chooses what; no level prints a credential.
fn log(environment: Environment) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match environment {
        Environment::Development => registry.with(lines.compact()).init(),
        Environment::Production => registry.with(lines.json()).init(),
    }
}

/// Until somebody asks the process to end. Requests under way are answered first.
async fn shutdown() {
    let interrupt = signal::ctrl_c();
    #[cfg(unix)]
    {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
