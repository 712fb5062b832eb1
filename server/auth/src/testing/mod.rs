//! Test support: a separate database per test, on both drivers, and a clock that only tests move.

mod dump;

use std::str::FromStr;

use http::{Request, request::Parts};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use tempfile::TempDir;

use crate::db::db_execute; // mode: jwt
use crate::{
    Auth, AuthError, Base, BodyCredential, Clock, Db, Delivery, Hasher, Issued, Keys, ModeId, Resealed, SetCookie,
    Settings, Timestamp, User, UserId, random,
};

// Parsers for the fuzz targets.
pub use crate::mode::{
    carrier::{bearer_token, cookie_values},
    client::Client,
};

/// The time at the beginning of every test.
pub const START: Timestamp = Timestamp(1_800_000_000);

/// The password of every account that [`World::sign_up`] creates.
pub const PASSWORD: &str = "gravel otter lampshade";

/// The application secret of every test.
pub const APP_SECRET: &[u8] = b"5c3f0e9a7d1b48268f6e2a94c07b3d51";

/// A complete, isolated system.
pub struct World {
    /// The system under test.
    pub auth: Auth,
    /// The clock of the system.
    pub clock: Clock,
    files: TempDir,
}

/// The database driver of a test.
#[derive(Clone, Copy, Debug)]
pub enum Driver {
    /// SQLite: a file in a temporary directory.
    Sqlite,
    /// PostgreSQL: a schema of the server in `TEST_POSTGRES_URL`.
    Postgres,
}

impl World {
    /// Creates a system with default settings.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn new(driver: Driver) -> Result<Self, AuthError> {
        Self::with_settings(driver, &[]).await
    }

    /// Creates a system with these settings.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn with_settings(driver: Driver, settings: &[(&str, &str)]) -> Result<Self, AuthError> {
        let files = tempfile::tempdir().map_err(|_| AuthError::Internal("no temporary directory"))?;
        let db = match driver {
            Driver::Sqlite => Db::connect(&format!("sqlite://{}/test.db", files.path().display())).await?,
            Driver::Postgres => postgres_schema().await?,
        };
        let settings = Settings::new(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let clock = Clock::manual(START);
        let base = Base::new(db.clone(), Keys::new(APP_SECRET, db)?, settings)?;
        let auth = Auth::new(base, clock.clone(), Hasher::new()?)?;
        Ok(Self { auth, clock, files })
    }

    /// A second instance on the same database, with the same clock, like another process of the same service.
    ///
    /// # Errors
    /// [`AuthError::Settings`], [`AuthError::Randomness`]
    pub fn another_instance(&self) -> Result<Auth, AuthError> {
        let Base { db, settings, .. } = self.auth.base.clone();
        let keys = Keys::new(APP_SECRET, db.clone())?;
        Auth::new(Base::new(db, keys, settings)?, self.clock.clone(), Hasher::new()?)
    }

    /// The ids of all modes.
    #[must_use]
    pub fn modes(&self) -> Vec<ModeId> {
        self.auth.modes().map(|info| info.id).collect()
    }

    /// Creates an account with [`PASSWORD`].
    ///
    /// # Errors
    /// Any error of the registration.
    pub async fn sign_up(&self, username: &str) -> Result<UserId, AuthError> {
        Ok(self.auth.register(username, PASSWORD, &request(&[])).await?.0)
    }

    /// Signs in from a client without a credential, and returns the next request of that client.
    ///
    /// # Errors
    /// Any error of the login.
    pub async fn log_in(&self, mode: ModeId, username: &str) -> Result<Parts, AuthError> {
        let issued = self.auth.login(mode.0, username, PASSWORD, &request(&[])).await?;
        Ok(present(&issued))
    }

    /// Begins a sign-in without a check of the password, for tests that need many sign-ins: hashing would be slow.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn begin(&self, mode: ModeId, user: User) -> Result<Parts, AuthError> {
        Ok(present(&self.begin_as(mode, user).await?))
    }

    /// Same as [`World::begin`], with the complete result of the login.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn begin_as(&self, mode: ModeId, user: User) -> Result<Issued, AuthError> {
        self.auth.begin(self.auth.find_mode(mode.0)?, user, None, &request(&[])).await
    }

    /// Uses the credential, and returns the next request of that client: with the renewed copy, if there is one.
    pub async fn used(&self, req: &Parts) -> Parts {
        let mut next = req.clone();
        for (_, Resealed { set_cookie: SetCookie(cookie), .. }) in self.auth.reseal(req).await.0 {
            if let Ok(value) = cookie.stripped().to_string().parse() {
                next.headers.insert("cookie", value);
            }
        }
        next
    }

    // mode: jwt, begin
    /// Deletes an account, like an operator does by SQL. The program never deletes one.
    ///
    /// # Errors
    /// Any error of the database.
    pub async fn delete_user(&self, user: &UserId) -> Result<(), AuthError> {
        const EXPIRE_SIGN_INS: &str = "update sign_ins set absolute_expires_at = 0 where user_id = $1";
        const DELETE_USER: &str = "delete from users where id = $1";
        db_execute!(self.auth.db(), EXPIRE_SIGN_INS, user);
        while self.auth.prune(1000).await? > 0 {}
        db_execute!(self.auth.db(), DELETE_USER, user);
        Ok(())
    }
    // mode: jwt, end
}

/// An empty schema. PostgreSQL creates it faster than a database, whose template it would copy.
async fn postgres_schema() -> Result<Db, AuthError> {
    let db = Db::open_postgres(PgConnectOptions::from_str(&postgres_schema_url().await?)?).await?;
    db.migrate().await?;
    Ok(db)
}

/// The URL of an empty schema, for a process that opens its own connection.
///
/// # Errors
/// Any error of the database.
pub async fn postgres_schema_url() -> Result<String, AuthError> {
    let url = std::env::var("TEST_POSTGRES_URL").map_err(|_| {
        AuthError::Internal("TEST_POSTGRES_URL is not set: run the tests by `make unit`, which starts a server")
    })?;
    let schema = format!("test_{}", random::new_id(START)?.replace('-', "_"));
    let mut connection = PgConnectOptions::from_str(&url)?.connect().await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create schema {schema}"))).execute(&mut connection).await?;
    connection.close().await?;
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{separator}options[search_path]={schema}"))
}

/// The head of a request with these headers.
///
/// # Panics
/// If one of them is not a valid header.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot build its request has failed")]
pub fn request(headers: &[(&str, &str)]) -> Parts {
    let builder = headers.iter().fold(Request::builder(), |builder, (name, value)| builder.header(*name, *value));
    builder.body(()).expect("a valid request").into_parts().0
}

/// The same request with this `Idempotency-Key`.
///
/// # Panics
/// If the key is not a valid header.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot build its request has failed")]
pub fn with_key(req: &Parts, key: &str) -> Parts {
    let mut req = req.clone();
    req.headers.insert("idempotency-key", key.parse().expect("a valid header"));
    req
}

/// The next request of a client that received this credential.
#[must_use]
pub fn present(issued: &Issued) -> Parts {
    let mut parts = request(&secrets(issued).iter().map(|(header, text)| (*header, text.as_str())).collect::<Vec<_>>());
    if let Delivery::Pair { refresh: Some(refresh), .. } = &issued.delivery {
        parts.extensions.insert(BodyCredential(refresh.clone()));
    }
    parts
}

fn secrets(issued: &Issued) -> Vec<(&'static str, String)> {
    let cookies: Vec<_> = issued.set_cookies.iter().map(|SetCookie(cookie)| cookie.stripped().to_string()).collect();
    let mut headers = Vec::new();
    if !cookies.is_empty() {
        headers.push(("cookie", cookies.join("; ")));
    }
    match &issued.delivery {
        Delivery::Token { token: access, .. } | Delivery::Pair { access, .. } => {
            headers.push(("authorization", format!("Bearer {}", access.expose())));
        }
        Delivery::Cookie => {}
    }
    headers
}

/// Runs each test on both drivers: `on_both_databases! { async fn a_sentence(driver: Driver) { … } }`
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($driver:ident: Driver) $body:block)*) => { $(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn run($driver: $crate::testing::Driver) $body

            #[tokio::test]
            async fn on_sqlite() {
                run($crate::testing::Driver::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                run($crate::testing::Driver::Postgres).await;
            }
        }
    )* };
}
