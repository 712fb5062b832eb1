//! Configuration, from the environment. A mode reads its own settings.

mod private;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use auth::{Auth, AuthError, Base, Clock, DatabaseTls, Db, Hasher, Keys, SecretString, Settings, random_bytes};

use crate::{
    http::{AllowedOrigins, TrustedProxies},
    origin::Origin,
    serve::MAX_CONNECTIONS,
};

/// The settings of the process.
#[derive(Debug)]
pub struct Config {
    /// `APP_ENV`: `production`, the default, or `development`.
    pub environment: Environment,
    /// `LISTEN_ADDR`: address and port; with port 0, the system chooses a free one. Default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// `DATABASE_URL`: `sqlite://…` or `postgres://…`. Default: a SQLite file in `DATA_DIR`.
    pub database_url: SecretString,
    /// `DATABASE_TLS`: `off` lets production connect to a PostgreSQL server on another machine without verifying it.
    pub database_tls: DatabaseTls,
    /// `APP_SECRET`, or the contents of the file `APP_SECRET_FILE`. At least 32 bytes; every key is derived from it.
    /// Development generates it once and keeps it in `DATA_DIR`.
    pub app_secret: SecretString,
    /// `APP_SECRET_PREVIOUS`, or the contents of the file `APP_SECRET_PREVIOUS_FILE`: the secret before a change. It is
    /// needed until the keys derived from it are retired. Default: none.
    pub app_secret_previous: Option<SecretString>,
    /// `PUBLIC_ORIGIN`: the origin under which browsers reach this server. Production requires it. Without it, the
    /// `Host` of the request decides, and behind a proxy that forwards any `Host`, a client could choose it.
    /// Development may leave it unset.
    pub public_origin: Option<Origin>,
    /// `TRUSTED_PROXIES`: the proxies whose `X-Forwarded-For` counts, as `10.0.0.0/8, 2001:db8::7`. Default: none.
    pub trusted_proxies: TrustedProxies,
    /// `CORS_ALLOWED_ORIGINS`: the origins whose pages may call the token endpoints. Default: none.
    pub allowed_origins: AllowedOrigins,
    /// `MAX_CONNECTIONS`: the maximum of open connections; further ones wait. Default [`MAX_CONNECTIONS`].
    pub max_connections: usize,
    /// `LEPTOS_SITE_ROOT`: the directory of the compiled app. Default `target/site`.
    pub site_root: String,
    /// `DEMO_USERS`: `true` creates `alice` and `root` with public passwords. Only in development, only on loopback.
    pub demo_users: bool,
    // part: comparison, begin
    /// `LAB`: `true` serves `/lab` and adds `Server-Timing` to every answer. Default: `true` in development, `false` in
    /// production, where only `public-demo` turns it on.
    pub lab: bool,
    // part: comparison, end
}

/// The environment decides which unsafe settings are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Refuses them.
    Production,
    /// Accepts them, and logs a warning.
    Development,
}

/// Why the process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The value of a setting is missing or invalid.
    #[error("{name}: {problem}")]
    Setting {
        name: &'static str,
        /// Never contains the value, which may be a secret.
        problem: &'static str,
    },
    /// A setting of the `auth` crate is invalid.
    #[error(transparent)]
    Settings(#[from] auth::SettingsError),
    /// A file cannot be read or created.
    #[error("{}", .path.display())]
    File { path: PathBuf, source: io::Error },
    /// Other accounts may read a file of this server, and its permissions cannot be changed.
    #[error(
        "{}: other accounts may read this file, and its permissions cannot be changed. Change its owner to the account of this \
         server, or set DATA_DIR or DATABASE_URL to a new path, which the server creates for its own account alone",
        .path.display()
    )]
    OthersCanRead { path: PathBuf, source: io::Error },
    /// Other accounts may read the data directory, and it contains files that are not this server's.
    #[error(
        "DATA_DIR: other accounts may read {dir}, and it contains files that are not this server's. Run chmod 700 {dir}, or set \
         DATA_DIR to a directory inside it, which the server creates for its own account alone",
        dir = .0.display()
    )]
    OthersCanReadDir(PathBuf),
    /// The database cannot be opened, or a mode refuses its settings.
    #[error(transparent)]
    Auth(#[from] auth::AuthError),
}

impl ConfigError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

impl Config {
    /// Reads the settings. In development it also generates a missing secret. Creates `DATA_DIR` if the database or
    /// that secret is in it.
    ///
    /// # Errors
    /// [`ConfigError`]
    pub fn load(settings: &Settings) -> Result<Self, ConfigError> {
        let environment = match settings.text("APP_ENV") {
            None | Some("production") => Environment::Production,
            Some("development") => Environment::Development,
            Some(_) => return Err(wrong("APP_ENV", "must be production or development")),
        };
        let listen: SocketAddr = settings
            .text("LISTEN_ADDR")
            .unwrap_or("127.0.0.1:3000")
            .parse()
            .map_err(|_| wrong("LISTEN_ADDR", "must be an address and a port, as 127.0.0.1:3000"))?;
        let demo_users = settings.switch("DEMO_USERS", false)?;
        if demo_users && environment == Environment::Production {
            return Err(wrong("DEMO_USERS", "their passwords are public: set APP_ENV=development to have them"));
        }
        if demo_users && !listen.ip().is_loopback() {
            return Err(wrong("DEMO_USERS", "their passwords are public: LISTEN_ADDR must be a loopback address"));
        }
        let data_dir = Path::new(settings.text("DATA_DIR").unwrap_or("data"));
        let in_data_dir = |name: &str| {
            private::make_dir(data_dir)?;
            Ok(data_dir.join(name))
        };
        Ok(Self {
            environment,
            listen,
            database_url: SecretString::new(match settings.text("DATABASE_URL") {
                Some(url) => url.to_owned(),
                None => format!("sqlite://{}", in_data_dir("latchkey.db")?.display()),
            }),
            database_tls: DatabaseTls::read(
                settings,
                match environment {
                    Environment::Production => DatabaseTls::Required,
                    Environment::Development => DatabaseTls::Optional,
                },
            )?,
            app_secret: app_secret(settings, environment, in_data_dir)?,
            app_secret_previous: previous_secret(settings)?,
            public_origin: public_origin(settings, environment)?,
            trusted_proxies: TrustedProxies::parse(settings.text("TRUSTED_PROXIES").unwrap_or("")).ok_or_else(
                || wrong("TRUSTED_PROXIES", "must be addresses or networks, as 10.0.0.0/8, and not every address"),
            )?,
            allowed_origins: AllowedOrigins::parse(settings.text("CORS_ALLOWED_ORIGINS").unwrap_or("")).ok_or_else(
                || wrong("CORS_ALLOWED_ORIGINS", "must be origins, as http://localhost:5173, and never *"),
            )?,
            max_connections: max_connections(settings)?,
            site_root: settings.text("LEPTOS_SITE_ROOT").unwrap_or("target/site").to_owned(),
            demo_users,
            lab: lab(settings, environment)?, // part: comparison
        })
    }

    /// Opens the database and builds [`Auth`], for the server and for every command of an operator.
    ///
    /// # Errors
    /// If the database cannot be opened or belongs to another application secret, or if a mode refuses its settings.
    pub async fn open(&self, settings: Settings) -> Result<Auth, ConfigError> {
        private::make_database(self.database_url.expose())?;
        let db = Db::connect_with(self.database_url.expose(), self.database_tls).await?;
        let previous = self.app_secret_previous.as_ref().map(|secret| secret.expose().as_bytes());
        let keys = Keys::with_previous(self.app_secret.expose().as_bytes(), previous, db.clone())?;
        let auth = Auth::new(Base::new(db, keys, settings).map_err(AuthError::from)?, Clock::System, Hasher::new()?)?;
        auth.adopt_secret().await?;
        Ok(auth)
    }
}

fn public_origin(settings: &Settings, environment: Environment) -> Result<Option<Origin>, ConfigError> {
    match (settings.text("PUBLIC_ORIGIN"), environment) {
        (None, Environment::Development) => Ok(None),
        (None, Environment::Production) => Err(wrong(
            "PUBLIC_ORIGIN",
            "is missing: set it to the origin in the browser's address bar, as https://example.org",
        )),
        (Some(text), _) => Origin::parse(text).map(Some).ok_or_else(|| {
            wrong("PUBLIC_ORIGIN", "must be a scheme and a host, without a path, as https://example.org")
        }),
    }
}

// part: comparison, begin
/// The lab runs experiments on request, and `Server-Timing` tells every client the time of a request. Both
/// belong to a server for learners.
fn lab(settings: &Settings, environment: Environment) -> Result<bool, ConfigError> {
    match (settings.text("LAB"), environment) {
        (None | Some("true"), Environment::Development) | (Some("public-demo"), _) => Ok(true),
        (None, Environment::Production) | (Some("false"), _) => Ok(false),
        (Some("true"), Environment::Production) => {
            Err(wrong("LAB", "is for learning: set LAB=public-demo to serve it to the public"))
        }
        (Some(_), _) => Err(wrong("LAB", "must be true, false or public-demo")),
    }
}
// part: comparison, end

fn max_connections(settings: &Settings) -> Result<usize, ConfigError> {
    // A larger number than there are ports is a mistake.
    let read = |text: &str| text.parse().ok().filter(|number| (1..=65_536).contains(number));
    match settings.text("MAX_CONNECTIONS") {
        None => Ok(MAX_CONNECTIONS),
        Some(text) => read(text).ok_or_else(|| wrong("MAX_CONNECTIONS", "must be a number from 1 to 65536")),
    }
}

fn app_secret(
    settings: &Settings,
    environment: Environment,
    in_data_dir: impl Fn(&str) -> Result<PathBuf, ConfigError>,
) -> Result<SecretString, ConfigError> {
    let secret = match (settings.text("APP_SECRET"), settings.text("APP_SECRET_FILE"), environment) {
        (Some(secret), _, _) => secret.to_owned(),
        (None, Some(path), _) => read(Path::new(path))?,
        (None, None, Environment::Development) => made_once(&in_data_dir("app_secret")?)?,
        (None, None, Environment::Production) => {
            return Err(wrong("APP_SECRET", "is missing: set it, or APP_SECRET_FILE, to at least 32 random bytes"));
        }
    };
    Keys::check_secret(secret.as_bytes()).map_err(AuthError::from)?;
    Ok(SecretString::new(secret))
}

fn previous_secret(settings: &Settings) -> Result<Option<SecretString>, ConfigError> {
    let secret = match (settings.text("APP_SECRET_PREVIOUS"), settings.text("APP_SECRET_PREVIOUS_FILE")) {
        (Some(secret), _) => secret.to_owned(),
        (None, Some(path)) => read(Path::new(path))?,
        (None, None) => return Ok(None),
    };
    Keys::check_secret(secret.as_bytes())
        .map_err(|_| wrong("APP_SECRET_PREVIOUS", "was never accepted as APP_SECRET"))?;
    Ok(Some(SecretString::new(secret)))
}

/// The secret in this file; creates the file if it does not exist. Two processes that start at once get the same
/// secret.
fn made_once(path: &Path) -> Result<String, ConfigError> {
    let secret = hex::encode(random_bytes::<32>()?.as_slice());
    match private::write_once(path, &secret) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            private::close_to_others(path)?;
            read(path)
        }
        result => result.map(|()| secret).map_err(|source| ConfigError::file(path, source)),
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::file(path, source))?;
    Ok(text.trim().to_owned())
}

fn wrong(name: &'static str, problem: &'static str) -> ConfigError {
    ConfigError::Setting { name, problem }
}
