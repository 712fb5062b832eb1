//! The connections to PostgreSQL: their pool, their TLS policy and their limits.

use std::net::IpAddr;

use sqlx::{
    Connection as _, Error, PgConnection, Postgres, Transaction,
    postgres::{PgConnectOptions, PgSslMode},
};

use super::{
    Pools,
    outage::{self, Outage, no_answer},
};
use crate::settings::{Settings, SettingsError};

/// Connections of one process. A probe of [`outage`] opens one more.
const READERS: u32 = 8;
const WRITERS: u32 = 8;

/// Milliseconds. A request ends after 30 s, of which up to 5 s pass in the queue for a connection. A longer statement
/// has no client left that waits for its result.
const STATEMENT_TIMEOUT: (&str, &str) = ("statement_timeout", "10000");
/// Milliseconds, equal to SQLite's busy timeout. A row lock that lasts longer belongs to a transaction that hangs.
const LOCK_TIMEOUT: (&str, &str) = ("lock_timeout", "5000");
/// Milliseconds. No transaction of this crate waits for a client or a hash. One that is idle for longer belongs to a
/// dead process, and its row locks would block every login of that user.
const IDLE_IN_TRANSACTION_TIMEOUT: (&str, &str) = ("idle_in_transaction_session_timeout", "10000");
/// The isolation level that the statements are written for. A server or a role may have another default.
const ISOLATION: (&str, &str) = ("default_transaction_isolation", "read committed");

/// A PostgreSQL server.
#[derive(Clone, Debug)]
pub struct PostgresServer {
    pub(crate) pools: Pools<Postgres>,
    pub(crate) outage: Outage,
}

impl PostgresServer {
    pub(super) async fn open(options: PgConnectOptions) -> Result<Self, Error> {
        let options = with_limits(options);
        let pools = Pools::open(options.clone(), READERS, WRITERS).await?;
        let outage = Outage::new(move || Box::pin(answers(options.clone())));
        Ok(Self { pools, outage })
    }

    pub(super) async fn begin(&self) -> Result<Transaction<'static, Postgres>, Error> {
        if self.outage.is_present() {
            return Err(no_answer());
        }
        let pool = self.pools.writers.clone();
        let mut begin = Box::pin(async move { pool.begin().await });
        if let Some(outcome) = self.outage.or_none(begin.as_mut()).await {
            return outcome;
        }
        // If `begin` were dropped here, its connection would return to the pool inside a transaction. Let it end; the
        // transaction is then dropped, which rolls it back.
        tokio::spawn(begin);
        Err(no_answer())
    }
}

/// Connects outside of the pool. `true`: the server serves statements, even if it refuses this connection.
async fn answers(options: PgConnectOptions) -> bool {
    match PgConnection::connect_with(&options).await {
        Ok(connection) => {
            _ = connection.close().await;
            true
        }
        Err(error) => outage::is_answer(&error),
    }
}

/// Whether the certificate of a PostgreSQL server on another machine must be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseTls {
    /// The URL must contain `sslmode=verify-full`. Every other value accepts any certificate for any host, so an
    /// attacker on the network path can read password hashes and change results.
    Required,
    /// Any `sslmode` is accepted. A connection without verification is logged as a warning.
    Optional,
}

impl DatabaseTls {
    /// Reads the setting `DATABASE_TLS`: absent, or `off`. `default` applies if it is absent.
    ///
    /// # Errors
    /// [`SettingsError`] for any other value.
    pub fn read(settings: &Settings, default: Self) -> Result<Self, SettingsError> {
        match settings.text("DATABASE_TLS") {
            None => Ok(default),
            Some("off") => Ok(Self::Optional),
            Some(_) => Err(SettingsError { name: "DATABASE_TLS", expected: "off, or no value".to_owned() }),
        }
    }
}

/// The protection of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// The data does not leave this machine.
    Local,
    /// TLS, with a certificate that is verified for the host name.
    Verified,
    /// No protection against an active attacker.
    None,
}

/// Decides whether a connection to this server is allowed.
pub(super) fn protection(options: &PgConnectOptions, tls: DatabaseTls) -> Result<Protection, SettingsError> {
    if is_this_machine(options) {
        return Ok(Protection::Local);
    }
    match (options.get_ssl_mode(), tls) {
        (PgSslMode::VerifyFull, _) => Ok(Protection::Verified),
        (_, DatabaseTls::Optional) => Ok(Protection::None),
        (_, DatabaseTls::Required) => Err(SettingsError {
            name: "DATABASE_URL",
            expected: "sslmode=verify-full, because PostgreSQL runs on another machine (sslrootcert=FILE names a \
                private certificate authority). DATABASE_TLS=off disables this check"
                .to_owned(),
        }),
    }
}

/// A Unix socket, a loopback address, or `localhost`, which RFC 6761 (6.3) reserves for them.
fn is_this_machine(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Adds the limits above. A limit in the URL (`options[statement_timeout]=…`) takes precedence.
pub(super) fn with_limits(options: PgConnectOptions) -> PgConnectOptions {
    let own = options.get_options().unwrap_or_default().to_owned();
    let limits = [STATEMENT_TIMEOUT, LOCK_TIMEOUT, IDLE_IN_TRANSACTION_TIMEOUT];
    // Set them in the start-up message, so that no statement runs without them.
    options.options([ISOLATION]).options(limits.into_iter().filter(|(name, _)| !own.contains(name)))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::{
        db::{Db, db_fetch_optional},
        error::AuthError,
        testing::postgres_schema_url,
    };

    async fn parameter(db: &Db, name: &str) -> Result<Option<(String,)>, AuthError> {
        Ok(db_fetch_optional!(db, "select current_setting($1)", name))
    }

    fn protection_of(url: &str, tls: DatabaseTls) -> Option<Protection> {
        protection(&PgConnectOptions::from_str(url).unwrap(), tls).ok()
    }

    #[test]
    fn another_machine_has_to_be_verified() {
        for query in ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require", "?sslmode=verify-ca"] {
            let url = format!("postgres://latchkey@db.example.org/latchkey{query}");
            assert_eq!(protection_of(&url, DatabaseTls::Required), None, "{query}");
            assert_eq!(protection_of(&url, DatabaseTls::Optional), Some(Protection::None), "{query}");
        }
        let url = "postgres://latchkey@db.example.org/latchkey?sslmode=verify-full";
        assert_eq!(protection_of(url, DatabaseTls::Required), Some(Protection::Verified));
    }

    #[test]
    fn this_machine_needs_no_tls() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "[::1]", "%2Fvar%2Frun%2Fpostgresql"] {
            let url = format!("postgres://latchkey@{host}/latchkey");
            assert_eq!(protection_of(&url, DatabaseTls::Required), Some(Protection::Local), "{host}");
        }
    }

    #[test]
    fn a_host_name_that_begins_with_localhost_is_another_machine() {
        for host in ["localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", "[2001:db8::1]", "0.0.0.0"] {
            let url = format!("postgres://latchkey@{host}/latchkey");
            assert_eq!(protection_of(&url, DatabaseTls::Required), None, "{host}");
        }
    }

    #[test]
    fn the_host_parameter_overrides_the_host_of_the_url() {
        let url = "postgres://latchkey@localhost/latchkey?host=db.example.org";
        assert_eq!(protection_of(url, DatabaseTls::Required), None);
    }

    #[test]
    fn database_tls_accepts_only_the_value_off() {
        let read = |text: &str| {
            let settings = Settings::new([("DATABASE_TLS".to_owned(), text.to_owned())]);
            DatabaseTls::read(&settings, DatabaseTls::Required).ok()
        };
        assert_eq!(read("off"), Some(DatabaseTls::Optional));
        assert_eq!(read(""), Some(DatabaseTls::Required));
        assert_eq!(["false", "OFF", "on", "0"].map(read), [None; 4]);
    }

    #[tokio::test]
    async fn a_remote_url_without_verification_is_refused_before_it_connects() {
        let refused = Db::connect("postgres://latchkey@db.invalid/latchkey").await.unwrap_err();
        assert!(matches!(&refused, AuthError::Settings(error) if error.name == "DATABASE_URL"), "{refused}");
        assert!(refused.to_string().contains("sslmode=verify-full"));
    }

    #[tokio::test]
    async fn tls_is_compiled_in() {
        // The test server has no TLS. A build without TLS fails before it connects.
        let url = format!("{}&sslmode=require", postgres_schema_url().await.unwrap());
        let Err(AuthError::Database(sqlx::Error::Tls(error))) = Db::connect(&url).await else { panic!("no TLS error") };
        assert_eq!(error.to_string(), "server does not support TLS");
    }

    #[tokio::test]
    async fn a_connection_starts_with_our_limits() {
        let db = Db::connect(&postgres_schema_url().await.unwrap()).await.unwrap();
        for (name, value) in [
            (ISOLATION.0, "read committed"),
            (STATEMENT_TIMEOUT.0, "10s"),
            (LOCK_TIMEOUT.0, "5s"),
            (IDLE_IN_TRANSACTION_TIMEOUT.0, "10s"),
        ] {
            assert_eq!(parameter(&db, name).await.unwrap().unwrap().0, value, "{name}");
        }
    }

    #[tokio::test]
    async fn a_limit_of_the_url_is_kept() {
        let url = format!("{}&options[statement_timeout]=7s", postgres_schema_url().await.unwrap());
        let db = Db::connect(&url).await.unwrap();
        assert_eq!(parameter(&db, STATEMENT_TIMEOUT.0).await.unwrap().unwrap().0, "7s");
    }
}
