//! Configuration, from the environment. What a setting of one mode is called, that mode knows.

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

/// What the process needs to start.
#[derive(Debug)]
pub struct Config {
    /// `APP_ENV`: `production`, the default, or `development`.
    pub environment: Environment,
    /// `LISTEN_ADDR`: host and port; port 0 takes a free one. Default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// `DATABASE_URL`: `sqlite://…` or `postgres://…`. Default: a SQLite file in `DATA_DIR`.
    pub database_url: SecretString,
    /// `DATABASE_TLS`: `off` lets production connect to a PostgreSQL server on another machine without verifying it.
    pub database_tls: DatabaseTls,
    /// `APP_SECRET`, or the contents of the file that `APP_SECRET_FILE` names. At least 32 bytes; every key is derived from
    /// it. In development it is made once and kept in `DATA_DIR`.
    pub app_secret: SecretString,
    /// `APP_SECRET_PREVIOUS`, or `APP_SECRET_PREVIOUS_FILE`: after a change of the secret, the one of before, until the keys that
    /// derive from it are retired. Default: none.
    pub app_secret_previous: Option<SecretString>,
    /// `PUBLIC_ORIGIN`: under which origin browsers reach this server. Production demands it: without it, the host that a request
    /// names decides, and a proxy that passes on any `Host` lets a client choose that. Development may leave it out.
    pub public_origin: Option<Origin>,
    /// `TRUSTED_PROXIES`: whose word about the client's address counts, as `10.0.0.0/8, 2001:db8::7`. Default: nobody's.
    pub trusted_proxies: TrustedProxies,
    /// `CORS_ALLOWED_ORIGINS`: the origins whose pages may call the token endpoints. Default: none.
    pub allowed_origins: AllowedOrigins,
    /// `MAX_CONNECTIONS`: how many clients are connected at once; further ones wait. Default [`MAX_CONNECTIONS`].
    pub max_connections: usize,
    /// `LEPTOS_SITE_ROOT`: where the compiled app lies. Default `target/site`.
    pub site_root: String,
    /// `DEMO_USERS`: `true` makes `alice` and `root` with public passwords. Only in development, only on loopback.
    pub demo_users: bool,
}

/// What the process may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Refuses every convenience that is unsafe in public.
    Production,
    /// Allows them, and says so in the log.
    Development,
}

/// The process cannot start like this.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting cannot be used.
    #[error("{name}: {problem}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// What is wrong with it. Never its value.
        problem: &'static str,
    },
    /// As the `auth` crate found it.
    #[error(transparent)]
    Settings(#[from] auth::SettingsError),
    /// A file could not be read or made.
    #[error("{}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Other accounts may read a file of this server, and it cannot be closed to them.
    #[error(
        "{}: other accounts may read it, and the mode cannot be changed. Give it to the account of this server, or name another \
         (DATA_DIR, DATABASE_URL): what does not exist is made for that account alone",
        .path.display()
    )]
    Open {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder for the data is open to other accounts and holds files of theirs.
    #[error(
        "DATA_DIR: other accounts may read {dir}, and it holds files that are not of this server. Run chmod 700 {dir}, or name a \
         folder inside it, which is made for this account alone",
        dir = .0.display()
    )]
    OpenDir(PathBuf),
    /// The database cannot be opened, or a mode cannot use its settings.
    #[error(transparent)]
    Auth(#[from] auth::AuthError),
}

impl ConfigError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

impl Config {
    /// Reads the settings, and makes `DATA_DIR` and a secret where development may.
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
        private::make_dir(data_dir)?;
        Ok(Self {
            environment,
            listen,
            database_url: SecretString::new(match settings.text("DATABASE_URL") {
                Some(url) => url.to_owned(),
                None => format!("sqlite://{}", data_dir.join("latchkey.db").display()),
            }),
            database_tls: DatabaseTls::read(
                settings,
                match environment {
                    Environment::Production => DatabaseTls::Required,
                    Environment::Development => DatabaseTls::Optional,
                },
            )?,
            app_secret: app_secret(settings, environment, data_dir)?,
            app_secret_previous: previous_secret(settings)?,
            public_origin: public_origin(settings, environment)?,
            trusted_proxies: TrustedProxies::parse(settings.text("TRUSTED_PROXIES").unwrap_or("")).ok_or_else(
                || wrong("TRUSTED_PROXIES", "must be addresses or networks, as 10.0.0.0/8, and not everybody's"),
            )?,
            allowed_origins: AllowedOrigins::parse(settings.text("CORS_ALLOWED_ORIGINS").unwrap_or("")).ok_or_else(
                || wrong("CORS_ALLOWED_ORIGINS", "must be origins, as http://localhost:5173, and never *"),
            )?,
            max_connections: max_connections(settings)?,
            site_root: settings.text("LEPTOS_SITE_ROOT").unwrap_or("target/site").to_owned(),
            demo_users,
        })
    }

    /// Opens the database, and builds what every command asks: the server's own, and an operator's.
    ///
    /// # Errors
    /// Where the database cannot be opened, belongs to another application secret, or a mode cannot use its settings.
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
        (None, Environment::Production) => {
            Err(wrong("PUBLIC_ORIGIN", "is missing: set it to the origin that browsers show, as https://example.org"))
        }
        (Some(text), _) => Origin::parse(text).map(Some).ok_or_else(|| {
            wrong("PUBLIC_ORIGIN", "must be a scheme and a host, without a path, as https://example.org")
        }),
    }
}

fn max_connections(settings: &Settings) -> Result<usize, ConfigError> {
    // As many as there are ports: more is a slip.
    let read = |text: &str| text.parse().ok().filter(|number| (1..=65_536).contains(number));
    match settings.text("MAX_CONNECTIONS") {
        None => Ok(MAX_CONNECTIONS),
        Some(text) => read(text).ok_or_else(|| wrong("MAX_CONNECTIONS", "must be a number from 1 to 65536")),
    }
}

fn app_secret(settings: &Settings, environment: Environment, data_dir: &Path) -> Result<SecretString, ConfigError> {
    let secret = match (settings.text("APP_SECRET"), settings.text("APP_SECRET_FILE"), environment) {
        (Some(secret), _, _) => secret.to_owned(),
        (None, Some(path), _) => read(Path::new(path))?,
        (None, None, Environment::Development) => made_once(&data_dir.join("app_secret"))?,
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

/// The secret in this file, which is made if it is not there. Two processes that start at once end up with the same one.
fn made_once(path: &Path) -> Result<String, ConfigError> {
    let secret = hex::encode(random_bytes::<32>()?.as_slice());
    match private::write_once(path, &secret) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            private::close_to_others(path)?;
            read(path)
        }
        outcome => outcome.map(|()| secret).map_err(|source| ConfigError::file(path, source)),
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::file(path, source))?;
    Ok(text.trim().to_owned())
}

fn wrong(name: &'static str, problem: &'static str) -> ConfigError {
    ConfigError::Setting { name, problem }
}
